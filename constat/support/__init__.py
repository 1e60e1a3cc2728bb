"""The support clock (DESIGN 6): tickets read, opening time counted, the figures of a month."""

from constat.support.level_figures import RecordedPromise, promise_at, support_figures, tickets_due
from constat.support.opening import elapsed, opening
from constat.support.tickets import COLUMNS, TICKETS, parse_tickets, write_tickets

__all__ = [
    "COLUMNS",
    "TICKETS",
    "RecordedPromise",
    "elapsed",
    "opening",
    "parse_tickets",
    "promise_at",
    "support_figures",
    "tickets_due",
    "write_tickets",
]
