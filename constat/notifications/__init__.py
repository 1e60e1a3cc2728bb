"""Telling people what is new: what happened, who wants to know, what they were told already, and in which words."""

from constat.notifications.events import Event, collect_events
from constat.notifications.message import Message, compose_message
from constat.notifications.record import (
    HEADER,
    PATH,
    Record,
    Row,
    count_results,
    find_told_targets,
    format_row,
    parse_record,
)
from constat.notifications.selection import compute_retry, select_due

__all__ = [
    "HEADER",
    "PATH",
    "Event",
    "Message",
    "Record",
    "Row",
    "collect_events",
    "compose_message",
    "compute_retry",
    "count_results",
    "find_told_targets",
    "format_row",
    "parse_record",
    "select_due",
]
