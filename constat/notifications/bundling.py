"""Bounds on the messages of one run: events that exceed them are sent together in one message."""

from collections.abc import Sequence
from html import escape
from itertools import chain

from constat.i18n import Language
from constat.model import MessageLimit
from constat.notifications.events import Event
from constat.page import Page
from constat.posts import Entry

MOST_TITLES = 20
"""The most titles that a message about several events lists."""


def bundle_events(due: Sequence[Event], limit: MessageLimit) -> tuple[tuple[Event, ...], ...]:
    """Group what a target is to be notified of, oldest first, into messages: of one event each, and the rest together."""
    by_thread: dict[str, list[Event]] = {}
    for event in due:
        by_thread.setdefault(event.thread, []).append(event)
    of_threads = chain.from_iterable(_bundle(events, limit.notice) for events in by_thread.values())
    bundles = sorted(of_threads, key=lambda events: events[-1].at)
    if len(bundles) <= limit.run:
        return tuple(bundles)
    alone, rest = bundles[: limit.run - 1], bundles[limit.run - 1 :]
    return (*alone, tuple(sorted(chain.from_iterable(rest), key=lambda event: event.at)))


def _bundle(events: Sequence[Event], most: int) -> list[tuple[Event, ...]]:
    alone = len(events) if len(events) <= most else most - 1
    rest = tuple(events[alone:])
    return [*((event,) for event in events[:alone]), *([rest] if rest else [])]


def build_bundle_entry(page: Page, events: Sequence[Event], language: Language) -> Entry:
    """Build the entry of a message about several events: the newest in full, the others by their titles."""
    entries = [event.entry(page, language) for event in events[-MOST_TITLES:]]
    newest = entries[-1]
    if len(events) == 1:
        return newest
    introduction = str(
        language.say_many(
            "This message stands for %(n)s update, too many to send one by one. The newest:",
            "This message stands for %(n)s updates, too many to send one by one. The newest:",
            len(events),
        )
    )
    others = [
        title for title in dict.fromkeys(entry.title for entry in reversed(entries)) if title != newest.title
    ]
    listed = "".join(f"<li>{escape(title)}</li>" for title in others)
    same = len({event.thread for event in events}) == 1
    return newest._replace(
        link=newest.link if same else page.settings.home(language.code),
        html=f"<p>{escape(introduction)}</p>{newest.html}" + (f"<ul>{listed}</ul>" if listed else ""),
        text="\n\n".join(
            filter(None, (introduction, newest.text, "\n".join(f"- {title}" for title in others)))
        ),
    )
