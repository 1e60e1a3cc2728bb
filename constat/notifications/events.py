"""The events that people can be notified of: posts, measured outages, frozen statements."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from constat.i18n import Language
from constat.interval import Instant
from constat.model import IMPACTS, Impact, Topic
from constat.page import Page, StatedMonth
from constat.posts import (
    Entry,
    OutageMoment,
    Post,
    build_notice_entry,
    build_outage_entry,
    build_statement_entry,
    list_frozen_months,
    list_outage_moments,
    list_posts,
    permanent,
    statement_id,
)


class Event(NamedTuple):
    """Something that people can be notified of.

    `impact`: the gravest that its incident has had so far, so that a target notified of it is also notified of its end.
    `thread`: the permanent name of what it belongs to; `earlier`: the ids of the earlier events of the thread. `pending`:
    it is the latest event of a maintenance that is still to come, of which new targets are notified too.
    """

    id: str
    at: Instant
    topic: Topic
    services: tuple[str, ...]
    impact: Impact | None
    thread: str
    earlier: tuple[str, ...]
    pending: bool
    source: Post | OutageMoment | StatedMonth

    def entry(self, page: Page, language: Language) -> Entry:
        """The event in the words of a language."""
        if isinstance(self.source, Post):
            return build_notice_entry(page, self.source, language)
        if isinstance(self.source, StatedMonth):
            return build_statement_entry(page, self.source, language)
        return build_outage_entry(page, self.source, language)


def collect_events(page: Page) -> tuple[Event, ...]:
    """Collect every event of a page, oldest first."""
    events = [*_collect_posts(page), *_collect_outages(page), *_collect_statements(page)]
    return tuple(sorted(events, key=lambda event: event.at))


def _collect_posts(page: Page) -> Iterator[Event]:
    threads: dict[str, list[Post]] = {}
    for post in reversed(list_posts(page)):
        if post.kind != "reminder" or _is_still_due(post, page.now):
            threads.setdefault(post.shown_notice.notice.stem, []).append(post)
    for thread in threads.values():
        for number in range(len(thread)):
            yield _build_post_event(page, thread, number)


def _is_still_due(reminder: Post, now: Instant) -> bool:
    """Whether the maintenance of a reminder is still to come: a reminder that could not be sent in time is not sent later."""
    last = reminder.shown_notice.versions[-1:]
    return reminder.shown_notice.state != "cancelled" and last == (reminder.version,) and last[0].starts > now


def _build_post_event(page: Page, thread: Sequence[Post], number: int) -> Event:
    """The event of one post of a notice; `thread` holds all its posts, oldest first."""
    post = thread[number]
    notice = post.shown_notice.notice
    is_incident = notice.kind == "incident"
    news = [index for index, each in enumerate(thread) if each.kind != "reminder"]
    return Event(
        id=post.id,
        at=post.at,
        topic="incidents" if is_incident else "maintenance",
        services=post.shown_notice.every_service,
        impact=choose_gravest(earlier.impact for earlier in thread[: number + 1]) if is_incident else None,
        thread=permanent.of_announcement(page.settings.id, notice.stem),
        earlier=tuple(earlier.id for earlier in thread[:number]),
        pending=post.shown_notice.phase == "upcoming" and news[-1:] == [number],
        source=post,
    )


def choose_gravest(impacts: Iterator[Impact]) -> Impact:
    """The gravest of some impacts."""
    return max(impacts, key=IMPACTS.index, default="none")


def _collect_outages(page: Page) -> Iterator[Event]:
    for moment in list_outage_moments(page):
        start = permanent.of_outage(page.settings.id, moment.service, moment.outage.start, "start")
        yield Event(
            id=moment.id,
            at=moment.at,
            topic="outages",
            services=(moment.service,),
            impact=None,
            thread=start,
            earlier=() if moment.which == "start" else (start,),
            pending=False,
            source=moment,
        )


def _collect_statements(page: Page) -> Iterator[Event]:
    """The frozen statements; one that supersedes another belongs to the thread of its month."""
    for month in list_frozen_months(page):
        yield Event(
            id=statement_id(page, month),
            at=month.statement.frozen_at,
            topic="statements",
            services=(),
            impact=None,
            thread=permanent.tag(page.settings.id, "statements", month.statement.month),
            earlier=(),
            pending=False,
            source=month,
        )
