"""Notices as the page shows them; the other types are in `constat.page.types`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import LocalText, MaintenanceVersion, Notice, Outage, State
from constat.notices import Forgotten
from constat.page.said_and_measured import UNTOLD, Measured, Telling

Phase = Literal["upcoming", "open", "past"]
"""The phase of a notice: `upcoming` is a maintenance that is announced, `past` a notice that is over."""


class ServiceOutage(NamedTuple):
    """An outage and its service. `ongoing`: it has not ended yet."""

    service: str
    outage: Outage
    ongoing: bool


class NotifiedTarget(NamedTuple):
    """A target of `notify:` that was notified of a notice: its name for customers, when first and when last."""

    name: LocalText
    first: Instant
    last: Instant


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as the page shows it at this instant.

    `state` is what is shown: that of its newest update, or what the clock says where there is none. `as_announced`:
    a maintenance that ended by the clock, without a word of ours. `ends`: of an incident, when it was resolved.
    `overdue`: an update was promised for `notice.next`, and none came. `outages`: those measured during it on the
    services that it names, oldest first. `versions`: how a maintenance was announced, from the register. `edits`: when
    a post was last edited after it was published, by (language, place) as the register names it. `notified`: who was
    notified of it, besides the page and its feeds. `forgotten`: why it seems that nobody closed it.
    `measured`: what was measured around it, where the evidence reaches back to it; `telling`: how soon we posted.
    """

    notice: Notice
    phase: Phase
    state: State
    starts: Instant
    ends: Instant | None
    as_announced: bool
    overdue: bool
    outages: tuple[ServiceOutage, ...]
    versions: tuple[MaintenanceVersion, ...]
    edits: Mapping[tuple[str, str], Instant] = field(default_factory=dict)
    notified: tuple[NotifiedTarget, ...] = ()
    forgotten: Forgotten | None = None
    measured: Measured | None = None
    telling: Telling = UNTOLD

    @property
    def changed(self) -> Instant:
        """The time of its newest update, or else its start."""
        return self.notice.updates[-1].at if self.notice.updates else self.starts

    @property
    def every_service(self) -> tuple[str, ...]:
        """Every service that the notice names or ever named; those of a maintenance are also in the register."""
        announced = (name for version in self.versions for name in version.services)
        return tuple(dict.fromkeys([*self.notice.every_service, *announced]))
