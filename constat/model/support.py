"""What support did: its tickets (DESIGN 6)."""

from dataclasses import dataclass

from constat.interval import Instant


@dataclass(frozen=True, slots=True)
class Ticket:
    """One row of `support/tickets.csv`: one question at one level, and its first answer by a person.

    `line` is its line in the file, 0 where it comes from none.
    """

    ticket: str
    level: str
    region: str
    opened_at: Instant
    first_response_at: Instant | None
    line: int = 0
