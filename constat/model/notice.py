"""Notices: incidents and maintenance, as maintainers write about them."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from constat.interval import Instant

Impact = Literal["none", "minor", "major", "critical"]
NoticeKind = Literal["incident", "maintenance"]
State = Literal[
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
    "cancelled",
    "rescheduled",
]

IMPACTS: Final[tuple[Impact, ...]] = get_args(Impact)
"""From the least to the gravest."""

STATES: Final[Mapping[NoticeKind, tuple[State, ...]]] = {
    "incident": ("investigating", "identified", "monitoring", "resolved", "postmortem"),
    "maintenance": ("scheduled", "rescheduled", "in_progress", "verifying", "completed", "cancelled"),
}
"""The states of each kind, in the order in which they usually come."""

CLOSING_STATES: Final[frozenset[State]] = frozenset({"resolved", "postmortem", "completed", "cancelled"})
"""The states that close a notice."""

UNDER_WAY_STATES: Final[frozenset[State]] = frozenset({"in_progress", "verifying"})
"""The states of a maintenance that is being carried out."""


class Update(NamedTuple):
    """One dated update of a notice. `html` is sanitised; `text` is its plain text.

    `lang` is the language that it is written in. `impact` and `services` are those from this update on, whether it
    changes them or not; `next` is when the next update is due, if it says so.
    """

    at: Instant
    state: State
    html: str
    text: str
    line: int = 0
    lang: str = ""
    impact: Impact = "none"
    services: tuple[str, ...] = ()
    next: Instant | None = None


class NoticeText(NamedTuple):
    """The text of a notice in one language. `updates` are in the order of `Notice.updates`, oldest first.

    An update without a translation appears in the page's first language, as its own `lang` shows.
    """

    lang: str
    title: str
    html: str
    text: str
    updates: tuple[Update, ...]


class Notice(NamedTuple):
    """An incident or a maintenance. `updates` oldest first, none later than `now`.

    `stem` is its permanent name. `texts` has the page's first language first. `services`, `impact` and `next` are the
    current ones; `first_services` and `first_impact` the original ones. `remind`: how many seconds before a maintenance
    subscribers are reminded of it (`remind: [24h]`).
    """

    stem: str
    kind: NoticeKind
    services: tuple[str, ...]
    impact: Impact
    starts: Instant
    ends: Instant | None
    next: Instant | None
    texts: Mapping[str, NoticeText]
    updates: tuple[Update, ...] = ()
    path: str = ""
    remind: tuple[int, ...] = ()
    first_services: tuple[str, ...] = ()
    first_impact: Impact = "none"

    @property
    def every_service(self) -> tuple[str, ...]:
        """Every service that the notice names or ever named, in the order in which it named them."""
        named = [*self.first_services, *(name for update in self.updates for name in update.services)]
        return tuple(dict.fromkeys([*named, *self.services]))

    @property
    def state(self) -> State | None:
        """The state of the newest update, `None` before the first."""
        return self.updates[-1].state if self.updates else None

    def text_in(self, language: str) -> NoticeText:
        """The text in a language, or else in the first one: its `lang` shows which."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    @property
    def is_closed(self) -> bool:
        """Whether the newest update closes the notice."""
        return self.state in CLOSING_STATES

    def is_open_incident(self, at: Instant) -> bool:
        """Whether this is an incident that has begun and that no update has closed."""
        return self.kind == "incident" and self.starts <= at and not self.is_closed

    def is_over(self, at: Instant) -> bool:
        """Whether an update closed the notice, or its announced window has passed."""
        return self.is_closed or (self.ends is not None and self.ends <= at)
