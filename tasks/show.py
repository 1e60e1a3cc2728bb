"""View an instant of the past: the snapshot of each service, and the status that the page showed then."""

from typing import NamedTuple

from constat.availability import determine_standing
from constat.errors import UsageError
from constat.interval import DAY_S, Instant, Interval
from constat.model import Notice, Register, Sample, Standing
from constat.snapshot import RecordedRow, Snapshot, find_recorded_rows, take_snapshot
from outside.evidence import store
from tasks.project import Project

AROUND_S = 2 * DAY_S
"""How far before and after the instant to search for the beginning and the end of its state, in seconds."""


class ServiceView(NamedTuple):
    """A service at an instant: what is known of it now, and the status that the page showed then.

    `recorded`: what other tools recorded about it, which changes no figure.
    """

    snapshot: Snapshot
    shown: Standing
    recorded: tuple[RecordedRow, ...] = ()


class InstantView(NamedTuple):
    """The services at an instant. `searched`: where the beginning and the end of each state were searched for."""

    at: Instant
    searched: Interval
    services: tuple[ServiceView, ...]


def view_instant(project: Project, at: Instant, service: str | None = None) -> InstantView:
    """Collect everything that is known of an instant, for one service or for all.

    The register is the effective one without notices; notices are as of the instant, without later updates.

    Raises:
        UsageError: neither `status.yml` nor the register has the service.
        OutsideError: a file exists but cannot be read.

    """
    notices = project.parse_notices(project.notice_files, at).notices
    effective = project.effective_register(())
    samples = store.read_samples(project.root, Interval(at - _find_reach_s(effective), at + 1), at)
    around = _Around(project, project.at(at), effective, notices, samples)
    views = tuple(_view_service(around, name) for name in _select_services(project, effective, service))
    window = around.window
    return InstantView(at, Interval(window.start, min(window.end, project.now)), views)


class _Around(NamedTuple):
    """The inputs of the views of all services. `then`: the project as of the instant."""

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


def _find_reach_s(effective: Register) -> int:
    """Return for how many seconds a sample may count, plus a day to find the last sample of a silent check."""
    intervals = (
        check.interval_s for line in effective.services if line.rules for check in line.rules.checks.values()
    )
    return DAY_S + 2 * max(intervals, default=0)


def _select_services(project: Project, effective: Register, only: str | None) -> list[str]:
    """List the services of `status.yml`, then those that only the register has; or only the requested one.

    Raises:
        UsageError: neither `status.yml` nor the register has the requested one.

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
    recorded = find_recorded_rows(around.project.imported.tree, service, at)
    return ServiceView(take_snapshot(account, effective, own, around.notices, at), shown, recorded)
