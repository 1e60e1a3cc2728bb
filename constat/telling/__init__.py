"""Telling people what is new: what happened, who wants to know, what they were told already, and in which words."""

from constat.telling.choosing import due, retry_at
from constat.telling.happening import Happening, happenings
from constat.telling.message import Message, message
from constat.telling.record import HEADER, PATH, Record, Row, counts, format_row, parse, told

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
