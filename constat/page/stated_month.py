"""Statements as the page shows them, with their time stamps; the other types are in `constat.page.types`."""

from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import Statement


class StatementStamp(NamedTuple):
    """The time stamp of an external authority (RFC 3161): where the site has it, and what it says if it was verified here."""

    path: str
    at: Instant | None = None
    authority: str = ""


class FrozenStatement(NamedTuple):
    """A statement in `history/statements/`: `name` is `2026-10`, or `2026-10.1` if it is superseded."""

    name: str
    statement: Statement
    sha256: str
    stamp: StatementStamp | None = None


class StatedMonth(NamedTuple):
    """The statement of a month as it is shown: provisional (computed now, without `sha256`), final or superseded.

    `name` is part of its address. `newer`, `older`: the names of the statements that replaced it and that it replaced.
    `stamp`: its time stamp, if it has one.
    """

    name: str
    standing: Literal["provisional", "final", "superseded"]
    statement: Statement
    sha256: str | None = None
    newer: str | None = None
    older: str | None = None
    stamp: StatementStamp | None = None
