"""Notifications: what happened, who wants to know, what was sent already, and in which words."""

from constat.notifications.bundling import bundle_events
from constat.notifications.events import Event, collect_events
from constat.notifications.log import (
    HEADER,
    PATH,
    LogEntry,
    NotificationLog,
    Result,
    count_results,
    find_notified_targets,
    format_entry,
    parse_log,
)
from constat.notifications.message import Message, MessageSources, MessageTemplates, compose_message
from constat.notifications.selection import is_interested, select_due

__all__ = [
    "HEADER",
    "PATH",
    "Event",
    "LogEntry",
    "Message",
    "MessageSources",
    "MessageTemplates",
    "NotificationLog",
    "Result",
    "bundle_events",
    "collect_events",
    "compose_message",
    "count_results",
    "find_notified_targets",
    "format_entry",
    "is_interested",
    "parse_log",
    "select_due",
]
