"""A check as the page shows it: its public part."""

from types import MappingProxyType
from typing import NamedTuple

from constat.interval import Instant
from constat.model import Affects, LocalText, Outcome


class LatestResult(NamedTuple):
    """The result of the latest sample of a check."""

    at: Instant
    outcome: Outcome
    reason: str


class ShownCheck(NamedTuple):
    """The public part of a check. `subject`: what is watched, without path, port or credentials; `newest`: its latest result.

    `words`: what a check of the project's own kind expects; empty where our words for its kind do.
    """

    name: str
    kind: str
    subject: str
    interval_s: int
    affects: Affects
    newest: LatestResult | None = None
    words: LocalText = MappingProxyType({})
