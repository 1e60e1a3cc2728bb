"""What support did: tickets, and the account of a level over a month (DESIGN 6)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

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


SupportVerdict = Literal["met", "missed", "no_data"]


@dataclass(frozen=True, slots=True)
class SupportFigures:
    """One level over one month. `target` as it is written: `4h`, `5wd`.

    `late` of the `tickets` due in the month; `in_time` is a share in [0, 1], `None` without tickets. The median and
    the longest are opening seconds of the answered ones. A month in progress has no verdict but `missed`.
    """

    level: str
    target: str
    tickets: int
    late: int
    in_time: Fraction | None
    median_s: int | None
    longest_s: int | None
    verdict: SupportVerdict | None
