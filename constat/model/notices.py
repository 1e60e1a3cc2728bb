"""Notices: what maintainers write about incidents and maintenance (DESIGN 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Update:
    """One dated post of a notice. `html` is sanitised; `text` is its plain text."""

    at: Instant
    state: State
    html: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a notice says in one language. `updates` are in the order of `Notice.updates`, oldest first."""

    lang: str
    title: str
    html: str
    text: str
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """An authored incident or maintenance (DESIGN 7). `updates` oldest first, none later than `now`.

    `stem` is the permanent address. `texts` holds the default language first. `remind`: how many seconds before a
    maintenance subscribers are reminded of it (`remind: [24h]`).
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

    @property
    def state(self) -> State | None:
        """The state of the newest update, `None` before the first."""
        return self.updates[-1].state if self.updates else None
