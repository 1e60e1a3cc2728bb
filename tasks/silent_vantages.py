"""Find the vantages that have fallen silent, as seen by the watch of another one."""

from constat.availability import determine_standing
from constat.interval import DAY_S, Interval
from constat.model import Silence
from tasks.project import Project


def find_silent_vantages(project: Project) -> tuple[Silence, ...]:
    """Find the vantages that no service has heard of lately, by the evidence of the day before `project.now`.

    Only services that several vantages look at are considered: nobody else would notice the silence for the rest.

    Raises:
        OutsideError: the evidence cannot be read.

    """
    shared = [
        service.id
        for service in project.config.services
        if any(len(check.vantages) > 1 for check in service.checks)
    ]
    if not shared:
        return ()
    now, push_every_s = project.now, project.config.monitor.push_every_s
    window, register = Interval(now - DAY_S, now + 1), project.effective_register(())
    accounts = (project.account(service, window, register) for service in shared)
    views = [determine_standing(account, (), now, push_every_s).views for account in accounts]
    looking = {vantage for view in views for vantage in view.looking}
    newest: dict[str, int] = {}
    for silence in (silence for view in views for silence in view.silent if silence.vantage not in looking):
        newest[silence.vantage] = max(silence.since or 0, newest.get(silence.vantage, 0))
    return tuple(Silence(vantage, newest[vantage] or None) for vantage in sorted(newest))


def find_newly_silent(project: Project, span: Interval) -> tuple[Silence, ...]:
    """Find the vantages that fell silent during a span, so that each silence is reported once.

    Raises:
        OutsideError: the evidence cannot be read.

    """
    before = {silence.vantage for silence in find_silent_vantages(project.at(span.start))}
    return tuple(
        silence for silence in find_silent_vantages(project.at(span.end)) if silence.vantage not in before
    )
