"""Find the last outage of a service, to write a notice about it."""

from typing import NamedTuple

from constat.availability import find_outages
from constat.errors import UsageError
from constat.interval import DAY_S, Instant, Interval
from constat.model import Outage
from tasks.project import Project

LOOK_BACK_S = 7 * DAY_S


class DetectedOutage(NamedTuple):
    """A detected outage: its start, its end (`None` if it goes on), and the services that it took down."""

    start: Instant
    end: Instant | None
    services: tuple[str, ...]


def find_last_outage(project: Project, service: str) -> DetectedOutage:
    """Find the last outage of a service, with every other service that was down during it.

    Raises:
        UsageError: the service had no outage in the last seven days.

    """
    by_service = _find_outages(project, Interval(project.now - LOOK_BACK_S, project.now + 1))
    if not by_service.get(service):
        raise UsageError(f"{service} had no outage in the last seven days")
    last = by_service[service][-1]
    others = [
        name
        for name, outages in by_service.items()
        if name != service and any(outage.start < last.end and last.start < outage.end for outage in outages)
    ]
    return DetectedOutage(last.start, last.end if last.recovered else None, (service, *others))


def _find_outages(project: Project, window: Interval) -> dict[str, tuple[Outage, ...]]:
    announced = project.parse_notices(project.notice_files, project.now).notices
    effective = project.effective_register(announced)
    return {
        service: find_outages(project.account(service, window, effective), [window])
        for service in project.service_ids
    }


def was_down(project: Project, window: Interval) -> bool:
    """Return whether any service was down within a window."""
    return any(_find_outages(project, window).values())
