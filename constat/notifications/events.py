"""What there is to tell: posts, measured outages, frozen statements."""

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
    """One thing to tell.

    `impact`: the gravest that its incident had so far, so that who was told of it is told its end. `thread`: the
    permanent name of what it belongs to, `earlier`: the ids of what was said there before. `pending`: nothing newer
    was said of a maintenance that is still to come, so that whoever joins now must hear it.
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
        """It, in the words of a language."""
        if isinstance(self.source, Post):
            return build_notice_entry(page, self.source, language)
        if isinstance(self.source, StatedMonth):
            return build_statement_entry(page, self.source, language)
        return build_outage_entry(page, self.source, language)


def collect_events(page: Page) -> tuple[Event, ...]:
    """Everything that may be told, oldest first."""
    found = [*_of_notices(page), *_of_outages(page), *_of_statements(page)]
    return tuple(sorted(found, key=lambda happening: happening.at))


def _of_notices(page: Page) -> Iterator[Event]:
    said: dict[str, list[Post]] = {}
    for post in reversed(list_posts(page)):
        if post.kind != "reminder" or _reminds(post, page.now):
            said.setdefault(post.shown.notice.stem, []).append(post)
    for thread in said.values():
        for number in range(len(thread)):
            yield _of_post(page, thread, number)


def _reminds(post: Post, now: Instant) -> bool:
    """Whether what a reminder says is still to come: whoever could not be told in time is not told afterwards."""
    last = post.shown.versions[-1:]
    return post.shown.state != "cancelled" and last == (post.version,) and last[0].starts > now


def _of_post(page: Page, thread: Sequence[Post], number: int) -> Event:
    """A post among all those of its notice, oldest first."""
    post = thread[number]
    notice = post.shown.notice
    is_incident = notice.kind == "incident"
    news = [number for number, said in enumerate(thread) if said.kind != "reminder"]
    return Event(
        id=post.id,
        at=post.at,
        topic="incidents" if is_incident else "maintenance",
        services=post.shown.every_service,
        impact=choose_gravest(earlier.impact for earlier in thread[: number + 1]) if is_incident else None,
        thread=permanent.of_announcement(page.settings.id, notice.stem),
        earlier=tuple(earlier.id for earlier in thread[:number]),
        pending=post.shown.phase == "upcoming" and news[-1:] == [number],
        source=post,
    )


def choose_gravest(impacts: Iterator[Impact]) -> Impact:
    """The gravest of some impacts."""
    return max(impacts, key=IMPACTS.index, default="none")


def _of_outages(page: Page) -> Iterator[Event]:
    for told in list_outage_moments(page):
        start = permanent.of_outage(page.settings.id, told.service, told.outage.start, "start")
        yield Event(
            id=told.id,
            at=told.at,
            topic="outages",
            services=(told.service,),
            impact=None,
            thread=start,
            earlier=() if told.which == "start" else (start,),
            pending=False,
            source=told,
        )


def _of_statements(page: Page) -> Iterator[Event]:
    """One that replaces another belongs to the thread of its month."""
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
