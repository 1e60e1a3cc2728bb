"""What was posted, when: notices taken apart into the single posts that a subscriber receives.

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
    """One thing that was said.

    `at` is never later than the page's `now`. `index` is the place of an update in `notice.updates`, -1 for others;
    `place` is what the register calls it. `before_s`: of a reminder, how many seconds ahead. `version`: of a post that
    announces a maintenance, moves it or reminds of it, what it announces, as the register holds it.
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
        """The services that the post is about: what announces is about those of that time."""
        notice = self.shown_notice.notice
        if self.version is not None:
            return tuple(sorted(self.version.services, key=_place_among(notice.services)))
        if self.update is not None:
            return self.update.services
        return notice.first_services if self.kind == "announcement" else notice.services

    @property
    def window(self) -> Interval | None:
        """The window that the post announces, `None` where it announces none."""
        notice = self.shown_notice.notice
        if notice.ends is None or self.state not in ANNOUNCING:
            return None
        return self.version.window if self.version else Interval(notice.starts, notice.ends)

    @property
    def impact(self) -> Impact:
        """What the post says of these services."""
        return self.shown_notice.notice.first_impact if self.update is None else self.update.impact

    def concerns(self, service: str) -> bool:
        """Whether a subscriber of a service must see it: also of one that the notice named earlier, or names later."""
        return service in self.shown_notice.every_service

    @property
    def announced_apart(self) -> bool:
        """Whether the text above the first update is a post of its own."""
        return is_announced_apart(self.shown_notice)


def _place_among(services: tuple[str, ...]) -> Callable[[str], int]:
    """The order in which a notice names its services; those that it no longer names come last."""
    places = {service: place for place, service in enumerate(services)}
    return lambda service: places.get(service, len(places))


def list_posts(page: Page) -> tuple[Post, ...]:
    """Everything that was posted up to now, newest first."""
    found = [post for shown in page.notices for post in _of_notice(page, shown) if post.at <= page.now]
    return tuple(
        sorted(found, key=lambda post: (post.at, post.shown_notice.notice.stem, post.index), reverse=True)
    )


def _of_notice(page: Page, shown: ShownNotice) -> Iterator[Post]:
    yield from _announcement(page, shown)
    yield from _updates(page, shown)
    yield from _reminders(page, shown)


def _announcement(page: Page, shown: ShownNotice) -> Iterator[Post]:
    """The text before the first update, where it was a post of its own."""
    if is_announced_apart(shown):
        at = min(find_publication_time(shown, page.now), page.now)
        state: State | None = "scheduled" if shown.notice.kind == "maintenance" else None
        name = permanent.of_announcement(page.settings.id, shown.notice.stem)
        yield Post(name, "announcement", shown, at, state, version=_announced(shown, 0))


def is_announced_apart(shown: ShownNotice) -> bool:
    """Whether the announcement was posted before the first update, and not together with it.

    A maintenance is announced by its file, unless a `scheduled` update does it in its place. What an incident says
    before its first update belongs to that update, unless the incident began (`starts:`) before it.
    """
    notice = shown.notice
    says = any(text.text.strip() for text in notice.texts.values())
    if notice.kind == "maintenance":
        return says or not any(update.state == "scheduled" for update in notice.updates)
    return not notice.updates or (says and notice.starts < notice.updates[0].at)


def find_publication_time(shown: ShownNotice, now: Instant) -> Instant:
    """When a notice was first published: what the register recorded, of an incident when it began."""
    if shown.notice.kind == "maintenance":
        return min((version.at for version in shown.versions), default=now)
    return shown.notice.starts


def _updates(page: Page, shown: ShownNotice) -> Iterator[Post]:
    for index, place in enumerate(list_places(shown.notice)):
        update = shown.notice.updates[index]
        name = permanent.of_update(page.settings.id, shown.notice.stem, place)
        version = _announced(shown, index + 1) if update.state in ANNOUNCING else None
        yield Post(name, "update", shown, update.at, update.state, index, place, version=version)


def _announced(shown: ShownNotice, following: int) -> MaintenanceVersion | None:
    """The version that a post announces: the last one before an update announces another. `following`: the updates after it."""
    later = (update.at for update in shown.notice.updates[following:] if update.state in ANNOUNCING)
    until = next(later, None)
    known = [version for version in shown.versions if until is None or version.at < until]
    return known[-1] if known else next(iter(shown.versions), None)


def _reminders(page: Page, shown: ShownNotice) -> Iterator[Post]:
    """A reminder for every version of the window that was in force when its hour came, and known before it."""
    following = [version.at for version in shown.versions[1:]] + [page.now + 1]
    for version, replaced in zip(shown.versions, following, strict=False):
        for before_s in shown.notice.remind:
            at = version.starts - before_s
            if version.at < at < replaced and not version.cancelled:
                name = permanent.of_reminder(page.settings.id, shown.notice.stem, version.starts, before_s)
                yield Post(name, "reminder", shown, at, "scheduled", before_s=before_s, version=version)


def find_edit_time(post: Post, part: NoticeText | Update) -> Instant:
    """When what a post holds was last edited in a language, or when it was posted. A reminder is not edited."""
    if post.kind == "reminder":
        return post.at
    held = (post.place, ANNOUNCEMENT) if _carries_the_announcement(post) else (post.place,)
    return max(post.at, *(post.shown_notice.edits.get((part.lang, place), post.at) for place in held))


def choose_words(post: Post, language: str) -> tuple[NoticeText, Update | NoticeText]:
    """A notice's text and the post's own part of it in a language; each says by `lang` in which one it is."""
    text = post.shown_notice.notice.text_in(language)
    return text, text.updates[post.index] if post.kind == "update" else text


def compose_body(post: Post, text: NoticeText, part: NoticeText | Update, *, html: bool = False) -> str:
    """A post's own text; the first update of an incident carries what was written above it."""
    own = part.html if html else part.text
    if not _carries_the_announcement(post):
        return own
    return "\n".join(filter(None, (text.html if html else text.text, own)))


def _carries_the_announcement(post: Post) -> bool:
    """Whether a post is the first update, and what was written above it comes with it."""
    return post.index == 0 and not post.announced_apart
