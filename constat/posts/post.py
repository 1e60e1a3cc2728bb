"""Posts: notices split into the single messages that a subscriber receives.

A post is the announcement of a notice, one of its updates, or a reminder of a maintenance. Feeds, mail and chat are
made of the same posts, and know them by the same permanent ids.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from constat.interval import Instant, Interval
from constat.model import Impact, MaintenanceVersion, NoticeText, State, Update
from constat.page import Page, ShownNotice
from constat.posts import permanent
from constat.register import ANNOUNCEMENT, list_places

PostKind = Literal["announcement", "update", "reminder"]

ANNOUNCING: frozenset[State] = frozenset({"scheduled", "rescheduled"})
"""The states of posts that say when a maintenance will be."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post: an announcement, an update or a reminder.

    `at` is never later than the page's `now`. `index` is the place of an update in `notice.updates`, -1 for others;
    `place` is what the register calls it. `before_s`: how many seconds ahead a reminder is. `version`: what a post announces
    that announces, moves or recalls a maintenance, as recorded in the register.
    """

    id: str
    kind: PostKind
    shown_notice: ShownNotice
    at: Instant
    state: State | None
    index: int = -1
    place: str = ANNOUNCEMENT
    before_s: int = 0
    version: MaintenanceVersion | None = None

    @property
    def update(self) -> Update | None:
        """The update that it is, `None` for an announcement or a reminder."""
        return self.shown_notice.notice.updates[self.index] if self.kind == "update" else None

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the post: for an announcement, those that it announced then."""
        notice = self.shown_notice.notice
        if self.version is not None:
            return tuple(sorted(self.version.services, key=_place_among(notice.services)))
        if self.update is not None:
            return self.update.services
        return notice.first_services if self.kind == "announcement" else notice.services

    @property
    def window(self) -> Interval | None:
        """The window that the post announces, `None` if it announces none."""
        notice = self.shown_notice.notice
        if notice.ends is None or self.state not in ANNOUNCING:
            return None
        return self.version.window if self.version else Interval(notice.starts, notice.ends)

    @property
    def impact(self) -> Impact:
        """The impact on these services, according to the post."""
        return self.shown_notice.notice.first_impact if self.update is None else self.update.impact

    @property
    def announced_apart(self) -> bool:
        """Whether the text above the first update is a post of its own."""
        return is_announced_apart(self.shown_notice)


def _place_among(services: tuple[str, ...]) -> Callable[[str], int]:
    """The place of each service in the order of a notice; those that it no longer names come last."""
    places = {service: place for place, service in enumerate(services)}
    return lambda service: places.get(service, len(places))


def list_posts(page: Page) -> tuple[Post, ...]:
    """List everything that was posted up to now, newest first."""
    posts = [
        post
        for shown_notice in page.notices
        for post in _list_of_notice(page, shown_notice)
        if post.at <= page.now
    ]
    return tuple(
        sorted(posts, key=lambda post: (post.at, post.shown_notice.notice.stem, post.index), reverse=True)
    )


def _list_of_notice(page: Page, shown_notice: ShownNotice) -> Iterator[Post]:
    yield from _list_announcement(page, shown_notice)
    yield from _list_updates(page, shown_notice)
    yield from _list_reminders(page, shown_notice)


def _list_announcement(page: Page, shown_notice: ShownNotice) -> Iterator[Post]:
    """The text before the first update, if it is a post of its own."""
    if is_announced_apart(shown_notice):
        at = min(find_publication_time(shown_notice, page.now), page.now)
        state: State | None = "scheduled" if shown_notice.notice.kind == "maintenance" else None
        name = permanent.of_announcement(page.settings.id, shown_notice.notice.stem)
        yield Post(name, "announcement", shown_notice, at, state, version=_find_announced(shown_notice, 0))


def is_announced_apart(shown_notice: ShownNotice) -> bool:
    """Whether the announcement was posted before the first update, and not together with it.

    A maintenance is announced by its file, unless a `scheduled` update announces it instead. The text of an incident
    before its first update belongs to that update, unless the incident began (`starts:`) before it.
    """
    notice = shown_notice.notice
    says = any(text.text.strip() for text in notice.texts.values())
    if notice.kind == "maintenance":
        return says or not any(update.state == "scheduled" for update in notice.updates)
    return not notice.updates or (says and notice.starts < notice.updates[0].at)


def find_publication_time(shown_notice: ShownNotice, now: Instant) -> Instant:
    """The time at which a maintenance was first published, by the register; of an incident, its start."""
    if shown_notice.notice.kind == "maintenance":
        return min((version.at for version in shown_notice.versions), default=now)
    return shown_notice.notice.starts


def _list_updates(page: Page, shown_notice: ShownNotice) -> Iterator[Post]:
    for index, place in enumerate(list_places(shown_notice.notice)):
        update = shown_notice.notice.updates[index]
        name = permanent.of_update(page.settings.id, shown_notice.notice.stem, place)
        version = _find_announced(shown_notice, index + 1) if update.state in ANNOUNCING else None
        yield Post(name, "update", shown_notice, update.at, update.state, index, place, version=version)


def _find_announced(shown_notice: ShownNotice, following: int) -> MaintenanceVersion | None:
    """The version that a post announces: the last one before another update announces one. `following`: the index of the next update."""
    later = (update.at for update in shown_notice.notice.updates[following:] if update.state in ANNOUNCING)
    until = next(later, None)
    known = [version for version in shown_notice.versions if until is None or version.at < until]
    return known[-1] if known else next(iter(shown_notice.versions), None)


def _list_reminders(page: Page, shown_notice: ShownNotice) -> Iterator[Post]:
    """A reminder for each version of the window that was published before the reminder was due, and still in force then."""
    following = [version.at for version in shown_notice.versions[1:]] + [page.now + 1]
    for version, replaced in zip(shown_notice.versions, following, strict=False):
        for before_s in shown_notice.notice.remind:
            at = version.starts - before_s
            if version.at < at < replaced and not version.cancelled:
                name = permanent.of_reminder(
                    page.settings.id, shown_notice.notice.stem, version.starts, before_s
                )
                yield Post(
                    name, "reminder", shown_notice, at, "scheduled", before_s=before_s, version=version
                )


def find_edit_time(post: Post, part: NoticeText | Update) -> Instant:
    """The time at which the text of a post was last edited in a language, or else posted. Reminders are not edited."""
    if post.kind == "reminder":
        return post.at
    places = (post.place, ANNOUNCEMENT) if _includes_announcement(post) else (post.place,)
    return max(post.at, *(post.shown_notice.edits.get((part.lang, place), post.at) for place in places))


def choose_words(post: Post, language: str) -> tuple[NoticeText, Update | NoticeText]:
    """The text of a notice and the post's own part of it in a language; each states its actual language in `lang`."""
    text = post.shown_notice.notice.text_in(language)
    return text, text.updates[post.index] if post.kind == "update" else text


def compose_body(post: Post, text: NoticeText, part: NoticeText | Update, *, html: bool = False) -> str:
    """The text of a post; that of an incident's first update includes the text above it."""
    own = part.html if html else part.text
    if not _includes_announcement(post):
        return own
    return "\n".join(filter(None, (text.html if html else text.text, own)))


def _includes_announcement(post: Post) -> bool:
    """Whether a post is the first update and includes the text above it."""
    return post.index == 0 and not post.announced_apart
