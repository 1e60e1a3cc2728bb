"""The last outage of a service, for whoever writes a notice about it."""

from typing import NamedTuple

from constat.availability import find_outages
from constat.errors import UsageError
from constat.interval import DAY_S, Instant, Interval
from constat.model import Outage
from tasks.project import Project

LOOK_BACK_S = 7 * DAY_S


class DetectedOutage(NamedTuple):
    """A detected outage: the services that it took down, and when it ended, if it has."""

    start: Instant
    end: Instant | None
    services: tuple[str, ...]


def find_last_outage(project: Project, service: str) -> DetectedOutage:
    """The last outage of a service, with every service that was down during it.

    Raises:
        UsageError: it had none in the last seven days.

    """
    by_service = _find_outages(project, Interval(project.now - LOOK_BACK_S, project.now + 1))
    if not by_service.get(service):
        raise UsageError(f"no outage of {service} was seen in the last seven days")
    last = by_service[service][-1]
    others = [
        name
        for name, outages in by_service.items()
        if name != service and any(each.start < last.end and last.start < each.end for each in outages)
    ]
    return DetectedOutage(last.start, last.end if last.recovered else None, (service, *others))


def _find_outages(project: Project, window: Interval) -> dict[str, tuple[Outage, ...]]:
    announced = project.parse_notices(project.notice_files, project.now).notices
    effective = project.effective_register(announced)
    return {
        service: find_outages(project.account(service, window, effective), window)
        for service in project.service_ids
    }
