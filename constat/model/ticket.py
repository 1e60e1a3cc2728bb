"""Tickets of support."""

from typing import NamedTuple

from constat.interval import Instant


class Ticket(NamedTuple):
    """One row of `support/tickets.csv`: one question at one level, and its first answer by a person.

    `line` is its line in the file, 0 if it does not come from one.
    """

    ticket: str
    level: str
    region: str
    opened_at: Instant
    first_response_at: Instant | None
    line: int = 0
