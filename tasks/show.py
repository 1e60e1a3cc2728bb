"""What is known of an instant of the past: of each service its snapshot, and what the page showed then."""

from typing import NamedTuple

from constat.availability import determine_standing
from constat.errors import UsageError
from constat.interval import DAY_S, Instant, Interval
from constat.model import Notice, Register, Sample, Standing
from constat.snapshot import Snapshot, take_snapshot
from outside.evidence import store
from tasks.project import Project

AROUND_S = 2 * DAY_S
"""So far around the instant we look for where its state began and ended."""


class ServiceView(NamedTuple):
    """A service at an instant: what is known of it now, and what the page showed then."""

    snapshot: Snapshot
    shown: Standing


class InstantView(NamedTuple):
    """An instant. `searched`: how far around it the beginning and the end of a state were looked for."""

    at: Instant
    searched: Interval
    services: tuple[ServiceView, ...]


def view_instant(project: Project, at: Instant, service: str | None = None) -> InstantView:
    """Everything that is known of an instant, of one service or of all.

    The register is the one in effect without notices; notices are as they stood then, without what was written later.

    Raises:
        UsageError: nobody knows the service.
        OutsideError: the disk does not give a file that is there.

    """
    notices = project.parse_notices(project.notice_files, at).notices
    effective = project.effective_register(())
    samples = store.read_samples(project.root, Interval(at - _longest_speech(effective), at + 1), at)
    around = _Around(project, project.at(at), effective, notices, samples)
    views = tuple(_view_service(around, name) for name in _select_services(project, effective, service))
    window = around.window
    return InstantView(at, Interval(window.start, min(window.end, project.now)), views)


class _Around(NamedTuple):
    """What the views of all services are taken from. `then`: the project as of the instant."""

    project: Project
    then: Project
    effective: Register
    notices: tuple[Notice, ...]
    samples: tuple[Sample, ...]

    @property
    def at(self) -> Instant:
        return self.then.now

    @property
    def window(self) -> Interval:
        return Interval(self.at - AROUND_S, min(self.at + AROUND_S, self.project.now + 1))


def _longest_speech(effective: Register) -> int:
    """The longest that any sample may speak, and a day to name the last one that fell silent."""
    intervals = (
        check.interval_s for line in effective.services if line.rules for check in line.rules.checks.values()
    )
    return DAY_S + 2 * max(intervals, default=0)


def _select_services(project: Project, effective: Register, only: str | None) -> list[str]:
    """The services of `status.yml`, then those that only the register knows; or the one that is asked for.

    Raises:
        UsageError: nobody knows the one that is asked for.

    """
    known = list(dict.fromkeys([*project.service_ids, *(line.service for line in effective.services)]))
    if only is None:
        return known
    if only not in known:
        raise UsageError(f"there is no service {only}", tip=f"known: {', '.join(known)}")
    return [only]


def _view_service(around: _Around, service: str) -> ServiceView:
    effective, at = around.effective, around.at
    account = around.project.account(service, around.window, effective)
    own = [sample for sample in around.samples if sample.service == service]
    shown = determine_standing(
        around.then.account(service, Interval(around.window.start, at + 1), effective),
        around.notices,
        at,
        around.project.config.monitor.push_every_s,
    )
    return ServiceView(take_snapshot(account, effective, own, around.notices, at), shown)
