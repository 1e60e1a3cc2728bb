"""The banner: the choice of what is reported as wrong now (rule 16)."""

from collections.abc import Sequence

from constat.model import Status, worst
from constat.page.banner_types import Banner, BannerKind, Fault, FaultKind
from constat.page.noticeboard import find_explaining
from constat.page.shown_notice import ShownNotice
from constat.page.types import ShownService

_MEASURED: frozenset[FaultKind] = frozenset({"outage", "degraded"})


def _find_kind(service: ShownService) -> FaultKind | None:
    """The reason why a service must be named, `None` if there is none."""
    standing = service.standing
    if standing.status is Status.OPERATIONAL:
        return "recovered" if standing.recovered else None
    if standing.status is Status.NO_DATA:
        return None if standing.unwatched else "unchecked"
    if standing.status is Status.MAINTENANCE:
        return "maintenance"
    if standing.reported:
        return "reported"
    if standing.overrun:
        return "overrun"
    return "outage" if standing.status is Status.OUTAGE else "degraded"


def _build_fault(service: ShownService, kind: FaultKind, shown_notices: Sequence[ShownNotice]) -> Fault:
    standing = service.standing
    speaking = find_explaining(shown_notices, service.id)
    stem = speaking.notice.stem if speaking else None
    if kind == "recovered" and standing.recovered:
        return Fault(
            kind, service.id, standing.recovered.end, seconds=standing.recovered.seconds, notice=stem
        )
    since = standing.newest if kind == "unchecked" else standing.since
    return Fault(kind, service.id, since, until=_find_announced_end(shown_notices, service.id), notice=stem)


def _find_announced_end(shown_notices: Sequence[ShownNotice], service: str) -> int | None:
    """The announced end of the maintenance of a service that is under way."""
    ends = [
        notice.notice.ends
        for notice in shown_notices
        if notice.phase == "open" and notice.notice.ends is not None and service in notice.notice.services
    ]
    return max(ends, default=None)


def _choose_headline(status: Status, faults: Sequence[Fault], total: int) -> BannerKind:
    """The case of the headline, from the faults of the gravest status."""
    kinds = {fault.kind for fault in faults}
    if status is Status.OUTAGE and len(faults) == total > 1:
        return "all_down"
    if len(kinds) == 1:
        only = kinds.pop()
        return "partly_checked" if only == "unchecked" else only
    return "outage" if status is Status.OUTAGE else "degraded"


def _build_blind(faults: Sequence[Fault], total: int) -> Banner:
    newest = max((fault.since for fault in faults if fault.since is not None), default=None)
    kind: BannerKind = "first_day" if newest is None else "blind"
    return Banner(kind, Status.NO_DATA, tuple(faults), (), 0, total, since=newest)


def choose_banner(services: Sequence[ShownService], shown_notices: Sequence[ShownNotice]) -> Banner:
    """Choose what the banner is about.

    The headline is about the services of the gravest status; a recovery and a service that cannot be checked come
    after what is wrong now. Absence is never green: a banner that only lacks checks has the status `no_data`. Where no service
    has a check, it says only that no problem is reported.
    """
    affected = [(service, kind) for service in services if (kind := _find_kind(service)) is not None]
    faults = [
        (service.standing.status, _build_fault(service, kind, shown_notices)) for service, kind in affected
    ]
    watched = sum(not service.standing.unwatched for service in services)
    if not faults and not watched:
        return Banner("quiet", Status.NO_DATA, (), (), 0, len(services))
    if len(faults) == watched and all(fault.kind == "unchecked" for _, fault in faults):
        return _build_blind([fault for _, fault in faults], len(services))
    working = sum(service.standing.status is Status.OPERATIONAL for service in services)
    if not faults:
        return Banner("all_well", Status.OPERATIONAL, (), (), working, watched)
    gravest = worst(*(status for status, _ in faults))
    first = tuple(fault for status, fault in faults if status is gravest)
    also = sorted((pair for pair in faults if pair[0] is not gravest), key=lambda pair: _rank(pair[0]))
    return Banner(
        kind=_choose_headline(gravest, first, len(services)),
        status=gravest,
        faults=first,
        also=tuple(fault for _, fault in also),
        working=working,
        total=len(services),
        unexplained=any(fault.kind in _MEASURED and fault.notice is None for fault in first),
    )


def _rank(status: Status) -> int:
    """A rank that sorts graver statuses first: the number of statuses that are at least as grave."""
    return sum(worst(status, other) is other for other in Status)
