"""An issue of cState, from its file to a notice."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from constat.interval import Instant, format_instant
from constat.model import Impact, State
from constat.moving.cstate.bodies import SHORTCODE, Body, Post, take_apart
from constat.moving.cstate.front_matter import FrontMatter, show, split_page
from constat.moving.cstate.site_settings import SiteSettings
from constat.moving.foreign_times import read_time
from constat.moving.mail_addresses import KEPT, describe_addresses
from constat.moving.model import Finding, MovedNotice, MovedUpdate
from constat.moving.old_links import LinkContext, fit_links, join_site
from constat.moving.prose import to_markdown

_IMPACTS: Final[Mapping[str, Impact]] = {"down": "major", "disrupted": "minor", "notice": "none", "": "none"}
_KNOWN: Final = frozenset(
    [
        "title",
        "date",
        "resolved",
        "resolvedwhen",
        "severity",
        "affected",
        "section",
        "informational",
        "draft",
        "aliases",
        "url",
    ]
)


class IssueContext(NamedTuple):
    """The context in which an issue is read.

    `place_picture`: takes the path of the issue's file and the target of a picture, and returns the address of the picture
    here, `None` if it is not imported.
    """

    settings: SiteSettings
    maintenance: re.Pattern[str] | None
    place_picture: Callable[[str, str], str | None]


class ReadIssue(NamedTuple):
    """An issue as read: `None` where it is not imported; the findings say why."""

    notice: MovedNotice | None
    findings: tuple[Finding, ...]


def read_issue(path: str, source: str, context: IssueContext) -> ReadIssue:
    """Read the file of an issue; `path` is relative to the site."""
    page = split_page(source)
    if page is None:
        return ReadIssue(None, (Finding(path, "no front matter", "not imported"),))
    reader = _IssueReader(path, page, context)
    return ReadIssue(reader.read(), tuple(reader.findings))


class _IssueReader:
    def __init__(self, path: str, page: FrontMatter, context: IssueContext) -> None:
        self.path = path
        self.page = page
        self.context = context
        self.zone = context.settings.zone
        self.findings: list[Finding] = []

    def note(self, found: str, done: str, key: str = "") -> None:
        """Note a line of the report, with the line of a key."""
        line = self.page.lines.get(key.lower(), 0)
        self.findings.append(Finding(f"{self.path}:{line}" if line else self.path, found, done))

    def read(self) -> MovedNotice | None:
        """Read the issue; `None` where it is not imported."""
        if self.page.flag("draft"):
            self.note("a draft", "not imported", "draft")
            return None
        starts = read_time(self.page.text("date"), self.zone)
        if starts is None:
            written = self.page.text("date")
            found = f"date: {written}, which is not a time" if written else "no date"
            self.note(found, "not imported: correct it, and import again", "date")
            return None
        self._report_keys()
        body = take_apart(self.page.body, self.zone)
        for found, done in body.notes:
            self.note(found, done)
        return self._build(starts, body)

    def _build(self, starts: Instant, body: Body) -> MovedNotice:
        ended = self._find_end(starts)
        title = self._read_title()
        is_work = self._is_maintenance(title, starts, ended)
        early = [post for post in body.posts if (post.at or 0) < starts and not is_work]
        posts = [post for post in body.posts if post not in early]
        announcement = "\n\n".join([*filter(None, [body.announcement]), *map(self._set_in_text, early)])
        updates = self._list_updates(posts, body.closing, ended)
        if body.closing and not ended.over:
            announcement = "\n\n".join(filter(None, [announcement, f"### [Final message]\n\n{body.closing}"]))
        notice = MovedNotice(
            source_id=self.path,
            kind="incident",
            title=title,
            starts=starts,
            impact=self._read_impact(),
            services=self._read_affected(),
            text=self.fit(announcement),
            updates=updates,
            old_addresses=self._list_addresses(),
            place=self.path,
        )
        self._report_text(notice)
        return self._make_maintenance(notice, ended) if is_work else notice

    def _read_title(self) -> str:
        title = self.page.text("title")
        if not title:
            title = re.sub(r"/index$", "", re.sub(r"\.\w+$", "", self.path)).rpartition("/")[2]
            self.note("no title", f"took the name of the file: {title}")
        return title

    def _is_maintenance(self, title: str, starts: Instant, end: "_End") -> bool:
        """Whether the owner's pattern says that the title is of maintenance, and the issue has an end after its start."""
        if not self.context.maintenance or not self.context.maintenance.search(title):
            return False
        if end.at is None or end.at <= starts:
            self.note("the title says maintenance, but no end after the start", "imported as an incident")
            return False
        return True

    def _set_in_text(self, post: Post) -> str:
        """Put a post that is older than the issue into the announcement, below its time."""
        written = format_instant(post.at or 0)
        self.note(f"a post of {written}, before the issue began", "kept in the announcement, below its time")
        return f"### {written[:10]} {written[11:19]} UTC\n\n{post.text}"

    def _find_end(self, starts: Instant) -> "_End":
        """Find whether the issue is over, and when it ended."""
        written = self.page.text("resolvedWhen")
        when = read_time(written, self.zone)
        if self.page.flag("informational"):
            found = "informational, without states and without an end"
            return _End(True, None, f"informational, with resolvedWhen: {written}" if written else found)
        if not self.page.flag("resolved"):
            if written:
                self.note(f"resolvedWhen: {written}, but not resolved", "left open", "resolvedWhen")
            return _End(False, None, "")
        if when is None:
            return _End(True, None, f"resolved, with resolvedWhen: {written or 'nothing'}")
        if when < starts:
            return _End(True, None, f"resolvedWhen: {written}, before date: {self.page.text('date')}")
        return _End(True, when, "")

    def _list_updates(self, posts: Sequence[Post], closing: str, end: "_End") -> tuple[MovedUpdate, ...]:
        """List the updates, and the end where no post states it."""
        last = _find_closing(posts, end.at)
        updates: list[MovedUpdate] = []
        state: State = "investigating"
        for number, post in enumerate(posts):
            said = post.state or state
            is_early = said == "resolved" and number < last and post.at != posts[last].at
            if number == last or not is_early:
                state = "resolved" if number == last else said
            updates.append(MovedUpdate(post.at, state, self.fit(post.text)))
        if last >= 0:
            self._compare_end(posts[last].at or 0, end)
        elif end.over:
            if end.doubt:
                self.note(end.doubt, "over; the time was not recorded", "resolvedWhen")
            updates.append(MovedUpdate(end.at, "resolved", self.fit(closing)))
        return tuple(updates)

    def _compare_end(self, said: Instant, end: "_End") -> None:
        """Report where the words of a post and the keys of the issue do not end it at the same time."""
        written = format_instant(said)
        if end.doubt:
            self.note(end.doubt, f"resolved at {written}, as a post says", "resolvedWhen")
        elif not end.over:
            found = f"a post that says it was resolved at {written}, but resolved: is not true"
            self.note(found, "the post counts", "resolved")
        elif end.at != said:
            found = f"resolvedWhen: {self.page.text('resolvedWhen')}, but a post says it was resolved at {written}"
            self.note(found, "the post counts", "resolvedWhen")

    def fit(self, text: str) -> str:
        """Turn a text of the issue into our Markdown."""
        prose = to_markdown(text)
        for words in prose.comments:
            self.note(f"a comment: {words}", "left out, as on the old page")
        for name in prose.dropped:
            self.note(f"the tag <{name}>", "removed; its text stays")
        addresses = self._list_addresses()
        page = addresses[0] if addresses and "://" in addresses[0] else ""
        linked = fit_links(
            prose.text, LinkContext(page, lambda target: self.context.place_picture(self.path, target))
        )
        for found, done in linked.notes:
            self.note(found, done)
        return linked.text

    def _read_impact(self) -> Impact:
        severity = self.page.text("severity")
        if self.page.flag("informational"):
            if severity not in ("", "notice"):
                self.note(f"severity: {severity} of an informational issue", "impact none", "severity")
            return "none"
        if severity.lower() not in _IMPACTS:
            self.note(f"severity: {severity}, which is unknown", "impact none", "severity")
        return _IMPACTS.get(severity.lower(), "none")

    def _read_affected(self) -> tuple[str, ...]:
        value = self.page.keys.get("affected", "")
        named = self.page.list("affected")
        if isinstance(value, dict) or (
            isinstance(value, list) and not all(isinstance(each, str) for each in value)
        ):
            self.note(f"affected: {show(value)}", "only names are read", "affected")
        return tuple(dict.fromkeys(named))

    def _report_keys(self) -> None:
        for line, found, done in self.page.troubles:
            self.findings.append(Finding(f"{self.path}:{line}", found, done))
        for key, value in self.page.keys.items():
            if key in _KNOWN or value in ("", [], {}):
                continue
            self.note(f"{key}: {show(value)}", "not imported: there is no equivalent here", key)

    def _list_addresses(self) -> tuple[str, ...]:
        """The addresses at which the issue was found: that of its file or its `url`, and its aliases."""
        path = self.page.text("url") or self._guess_path()
        paths = [path, *self.page.list("aliases")]
        base = self.context.settings.base_url
        return tuple(dict.fromkeys(join_site(base, each) or each for each in paths if each))

    def _guess_path(self) -> str:
        """The path that Hugo gives a file below `content/`: its own, in lower case, without the suffix."""
        if self.context.settings.permalink:
            return ""
        inner = re.sub(r"\.(?:md|markdown)$", "", self.path.removeprefix("content/"))
        inner = re.sub(r"/index$", "", inner)
        slug = self.page.text("slug")
        if slug:
            inner = f"{inner.rpartition('/')[0]}/{slug}"
        return f"/{inner.lower().replace(' ', '-')}/"

    def _report_text(self, notice: MovedNotice) -> None:
        if found := describe_addresses([notice.text, *(update.text for update in notice.updates)]):
            self.note(found, KEPT)
        for name in dict.fromkeys(
            match[1] for match in SHORTCODE.finditer(self.page.body) if match[1] != "track"
        ):
            self.note(f"the shortcode {name}", "kept as it is written")
        for alias in self.page.list("aliases"):
            self.note(f"the old address {alias}", "in import-redirects.txt", "aliases")

    def _make_maintenance(self, notice: MovedNotice, end: "_End") -> MovedNotice:
        """Turn a notice into maintenance, whose window ends when the issue was resolved."""
        updates = [_translate_state(update, notice.starts) for update in notice.updates]
        if notice.impact != "none":
            self.note(
                f"severity: {self.page.text('severity')} of maintenance",
                "maintenance has no impact",
                "severity",
            )
        return notice._replace(kind="maintenance", ends=end.at, impact="none", updates=tuple(updates))


class _End(NamedTuple):
    """Whether an issue is over, and when it ended; `None` where that is not recorded: `doubt` says why."""

    over: bool
    at: Instant | None
    doubt: str


def _find_closing(posts: Sequence[Post], ended: Instant | None) -> int:
    """Find the index of the post that resolves the issue: one at the time that the issue states, else the last; -1 for none."""
    said = [number for number, post in enumerate(posts) if post.state == "resolved"]
    agreeing = [number for number in said if posts[number].at == ended]
    return max(agreeing or said, default=-1)


def _translate_state(update: MovedUpdate, starts: Instant) -> MovedUpdate:
    """Turn the state of an incident into that of maintenance."""
    states: Mapping[State, State] = {
        "resolved": "completed",
        "monitoring": "verifying",
        "postmortem": "completed",
    }
    before: State = "scheduled" if update.at is not None and update.at < starts else "in_progress"
    return update._replace(state=states.get(update.state, before))
