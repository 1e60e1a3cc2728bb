"""The beginnings and ends of measured outages, as separate events."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import Outage
from constat.page import Page
from constat.posts import permanent

Which = Literal["start", "end"]


class OutageMoment(NamedTuple):
    """The beginning or the end of an outage of a service."""

    id: str
    service: str
    outage: Outage
    which: Which

    @property
    def at(self) -> Instant:
        """The time of the beginning or the end."""
        return self.outage.start if self.which == "start" else self.outage.end


def list_outage_moments(page: Page) -> tuple[OutageMoment, ...]:
    """List the moments of the shown days, newest first, without outages that were announced maintenance throughout.

    An outage has an end only if the service was seen working again: missing checks are not a recovery.
    """
    moments = (
        moment
        for service in page.services
        for outage in service.figures.outages
        if outage.maintenance_s < outage.seconds
        for moment in _list_moments(page, service.id, outage)
    )
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.id), reverse=True))


def _list_moments(page: Page, service: str, outage: Outage) -> Iterator[OutageMoment]:
    name = permanent.of_outage(page.settings.id, service, outage.start, "start")
    yield OutageMoment(name, service, outage, "start")
    if outage.recovered:
        name = permanent.of_outage(page.settings.id, service, outage.start, "end")
        yield OutageMoment(name, service, outage, "end")
