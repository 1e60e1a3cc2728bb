"""Support: tickets, opening time, and the figures of a month (docs/how-uptime-is-computed.md, "Support")."""

from constat.opening import count_opening_seconds, find_opening
from constat.support.level_figures import (
    RecordedPromise,
    compute_support_figures,
    find_promise,
    select_tickets_due,
)
from constat.support.tickets import COLUMNS, TICKETS, parse_tickets, write_tickets

__all__ = [
    "COLUMNS",
    "TICKETS",
    "RecordedPromise",
    "compute_support_figures",
    "count_opening_seconds",
    "find_opening",
    "find_promise",
    "parse_tickets",
    "select_tickets_due",
    "write_tickets",
]
