"""Telling people what is new: what happened, who wants to know, what they were told already, and in which words."""

from constat.notifications.events import Happening, happenings
from constat.notifications.message import Message, message
from constat.notifications.record import HEADER, PATH, Record, Row, counts, format_row, parse, told
from constat.notifications.selection import due, retry_at

__all__ = [
    "HEADER",
    "PATH",
    "Happening",
    "Message",
    "Record",
    "Row",
    "counts",
    "due",
    "format_row",
    "happenings",
    "message",
    "parse",
    "retry_at",
    "told",
]
