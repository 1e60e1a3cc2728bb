"""The summary of a watch, worked out from the evidence and added to what its job shows to people."""

from constat.availability import compute_figures
from constat.interval import DAY_S, Interval
from constat.maintainers.job_summary import ServiceSummary, Watch, format_watch
from outside.github import Job
from tasks.project import Project


def append_watch_summary(job: Job, project: Project, watch: Watch) -> None:
    """Add what a watch that has just ended did, where a job shows it.

    Raises:
        OutsideError: the evidence cannot be read, or the summary not be written.

    """
    if job.summary:
        services = _summarise_services(project.at(watch.span.end), watch.span)
        job.append_summary(format_watch(watch, services))


def _summarise_services(project: Project, span: Interval) -> list[ServiceSummary]:
    """Each service over the watch, and over the 24 hours before its end."""
    now = project.now
    day = Interval(now - DAY_S, now)
    window = Interval(min(span.start, day.start), now + 1)
    register = project.effective_register(())
    accounts = (project.account(service, window, register) for service in project.service_ids)
    return [
        ServiceSummary(compute_figures(account, span, now), compute_figures(account, day, now))
        for account in accounts
    ]
