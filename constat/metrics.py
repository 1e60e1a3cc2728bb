"""`/metrics`: the present state and the month in progress, in the text format that Prometheus scrapes (OpenMetrics 1.0).

Gauges only, since a static file cannot count; without timestamps on samples, so that the scraper's own time applies.
Valid as OpenMetrics and in the older text format of Prometheus, whatever content type a host gives it.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from constat.model import Status
from constat.page import Page, ShownService

PATH = "metrics"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class _Sample(NamedTuple):
    """A value with its labels."""

    labels: Mapping[str, str]
    value: int | float


class _Family(NamedTuple):
    """A metric with what it means, and its values."""

    name: str
    meaning: str
    samples: tuple[_Sample, ...]


def build_files(page: Page) -> dict[str, bytes]:
    """The file by its path in the site."""
    lines = [line for family in _list_families(page) for line in _format(family)]
    return {PATH: "".join(f"{line}\n" for line in (*lines, "# EOF")).encode()}


def _format(family: _Family) -> Iterator[str]:
    """The lines of a metric; none for one without values."""
    if not family.samples:
        return
    yield f"# HELP {family.name} {family.meaning}"
    yield f"# TYPE {family.name} gauge"
    for labels, value in family.samples:
        pairs = ",".join(f'{name}="{text.translate(_ESCAPES)}"' for name, text in labels.items())
        yield f"{family.name}{{{pairs}}} {value}" if pairs else f"{family.name} {value}"


def _list_families(page: Page) -> Iterator[_Family]:
    yield _Family("constat_build_timestamp_seconds", "When this file was built.", (_Sample({}, page.now),))
    if page.data_end is not None:
        yield _Family(
            "constat_newest_sample_timestamp_seconds",
            "The time of the newest sample of any service; its age is the age of the data.",
            (_Sample({}, page.data_end),),
        )
    open_now = [shown for shown in page.notices if shown.notice.is_open_incident(page.now)]
    yield _Family("constat_open_incidents", "Incidents that are open.", (_Sample({}, len(open_now)),))
    yield from _list_service_families(page)


def _list_service_families(page: Page) -> Iterator[_Family]:
    services = page.services
    yield _Family(
        "constat_service_state",
        "1 for the state that the page shows of a service, 0 for every other one.",
        tuple(
            _Sample({"service": service.id, "state": status.value}, int(service.standing.status is status))
            for service in services
            for status in Status
        ),
    )
    yield _Family(
        "constat_service_newest_sample_timestamp_seconds",
        "The time of a service's newest sample.",
        tuple(
            _Sample({"service": service.id}, service.standing.newest)
            for service in services
            if service.standing.newest is not None
        ),
    )
    yield _Family(
        "constat_service_month_availability_ratio",
        "Share of the observed seconds of the month in progress in which a service was available: over all time, and without announced maintenance.",
        tuple(sample for service in services for sample in _list_shares(service, "availability")),
    )
    yield _Family(
        "constat_service_month_coverage_ratio",
        "Share of the seconds of the month in progress that were observed: over all time, and without announced maintenance.",
        tuple(sample for service in services for sample in _list_shares(service, "coverage")),
    )
    yield from _list_promise_families(services)


def _list_promise_families(services: tuple[ShownService, ...]) -> Iterator[_Family]:
    promised = [service for service in services if service.month.target is not None]
    yield _Family(
        "constat_service_promised_ratio",
        "The availability that is promised for the month in progress.",
        tuple(
            _Sample({"service": service.id}, float(service.month.target / 100))
            for service in promised
            if service.month.target is not None
        ),
    )
    yield _Family(
        "constat_service_allowance_left_seconds",
        "The downtime that the promise still allows in the month in progress; negative once it is exceeded.",
        tuple(
            _Sample({"service": service.id}, service.month.budget.left_s)
            for service in promised
            if service.month.budget is not None
        ),
    )
    for name, meaning in (
        ("expected", "The checks that were due in the month so far."),
        ("made", "The checks that were made of those due in the month so far."),
    ):
        yield _Family(
            f"constat_service_month_checks_{name}",
            meaning,
            tuple(
                _Sample({"service": service.id, "vantage": vantage}, getattr(count, name))
                for service in services
                for vantage, count in service.month.vantages.items()
            ),
        )


def _list_shares(service: ShownService, share: str) -> Iterator[_Sample]:
    for over in ("all", "without_maintenance"):
        value: Fraction | None = getattr(getattr(service.month, over), share)
        if value is not None:
            yield _Sample({"service": service.id, "over": over}, float(value))
