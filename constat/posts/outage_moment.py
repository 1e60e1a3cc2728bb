"""The beginning and the end of what we measured, as things to be told."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import Outage
from constat.page import Page
from constat.posts import permanent

Which = Literal["start", "end"]


class OutageMoment(NamedTuple):
    """An outage of a service began, or was over."""

    id: str
    service: str
    outage: Outage
    which: Which

    @property
    def at(self) -> Instant:
        """When."""
        return self.outage.start if self.which == "start" else self.outage.end


def list_outage_moments(page: Page) -> tuple[OutageMoment, ...]:
    """Those of the shown days, newest first, but for outages that were announced from beginning to end.

    An end is told only where the service was seen to work again: silence is no recovery.
    """
    found = (
        moment
        for service in page.services
        for outage in service.figures.outages
        if outage.maintenance_s < outage.seconds
        for moment in _moments(page, service.id, outage)
    )
    return tuple(sorted(found, key=lambda moment: (moment.at, moment.id), reverse=True))


def _moments(page: Page, service: str, outage: Outage) -> Iterator[OutageMoment]:
    name = permanent.of_outage(page.settings.id, service, outage.start, "start")
    yield OutageMoment(name, service, outage, "start")
    if outage.recovered:
        name = permanent.of_outage(page.settings.id, service, outage.start, "end")
        yield OutageMoment(name, service, outage, "end")
