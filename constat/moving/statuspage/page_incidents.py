"""Incidents and scheduled maintenance of Statuspage as notices."""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from constat.interval import Instant, format_instant
from constat.model import IMPACTS, Impact, NoticeKind, State
from constat.moving.foreign_times import read_time
from constat.moving.mail_addresses import KEPT, describe_addresses
from constat.moving.model import Finding, MovedNotice, MovedUpdate
from constat.moving.old_links import LinkContext, fit_links
from constat.moving.plain_bodies import PlainBodies
from constat.moving.prose import Prose, to_markdown
from constat.moving.sequence import join, write_clock
from constat.moving.statuspage.documents import Record
from constat.moving.statuspage.page_components import read_text
from constat.moving.statuspage.posts import STATES, Post, read_components_of, read_posts

_WORK: Final = frozenset({"scheduled", "in_progress", "verifying", "completed"})
_OVER: Final = frozenset({"resolved", "postmortem", "completed"})
_TIMES: Final = ("started_at", "created_at", "updated_at", "display_at", "monitoring_at")


class IncidentContext(NamedTuple):
    """The context in which incidents are read. `keys`: component id or another name -> key of its service; `site`: the old page."""

    zone: tzinfo
    keys: Mapping[str, str]
    site: str
    bodies: PlainBodies
    maintenance: re.Pattern[str] | None


class ReadIncident(NamedTuple):
    """An incident as read: `None` where it is not imported; the findings say why."""

    notice: MovedNotice | None
    findings: tuple[Finding, ...]


def read_incident(identity: str, record: Record, context: IncidentContext, *, is_work: bool) -> ReadIncident:
    """Read an incident. `is_work`: a document lists it as scheduled maintenance."""
    reader = _IncidentReader(identity, record, context)
    return ReadIncident(reader.read(is_work=is_work), tuple(reader.findings))


class _IncidentReader:
    def __init__(self, identity: str, record: Record, context: IncidentContext) -> None:
        self.identity = identity
        self.record = record
        self.context = context
        self.place = f"incident {identity}"
        self.findings: list[Finding] = []

    def note(self, found: str, done: str) -> None:
        """Note a line of the report."""
        self.findings.append(Finding(self.place, found, done))

    def read(self, *, is_work: bool) -> MovedNotice | None:
        """Read the incident; `None` where it is not imported."""
        read = read_posts(self.record, self.context.zone, self.context.keys)
        for found, done in read.notes:
            self.note(found, done)
        started = self._read_time("started_at")
        created = self._read_time("created_at")
        known = [at for at in (started, created, *(post.at for post in read.posts)) if at is not None]
        title = read_text(self.record, "name")
        if not known or not title:
            self.note("no time" if title else f"no name ({read_text(self.record, 'status')})", "not imported")
            return None
        ended = self._read_time("resolved_at")
        if started is not None and ended is not None and ended < started and read.posts:
            found = f"resolved_at: {self.record.get('resolved_at')}, before started_at: {self.record.get('started_at')}"
            self.note(found, "the updates count")
        stated = started if started is not None else created
        is_work = is_work or self._is_work(title)
        window = self._find_window(min(known) if stated is None else stated, read.posts) if is_work else None
        start = stated if window and stated is not None else self._find_start(stated, read.posts)
        kind: NoticeKind = "maintenance" if window else "incident"
        updates = self._list_updates(read.posts, kind, start)
        notice = MovedNotice(
            source_id=self.identity,
            kind=kind,
            title=title,
            starts=window[0] if window else start,
            ends=window[1] if window else None,
            impact="none" if is_work else self._read_impact(),
            services=self._choose_services(read.posts, kind),
            text=join([self._convert(body) for body in read.untimed]),
            updates=tuple(updates),
            old_addresses=(f"{self.context.site}/incidents/{self.identity}",),
            place=self.place,
            latest=self._find_latest(),
        )
        self._report_text(notice)
        return notice

    def _read_time(self, key: str) -> Instant | None:
        return read_time(self.record.get(key), self.context.zone)

    def _find_latest(self) -> Instant | None:
        """The latest time anywhere in the record, which is that of its last change."""
        updates = self.record.get("incident_updates")
        records = [
            self.record,
            *(each for each in (updates if isinstance(updates, list) else ()) if isinstance(each, Mapping)),
        ]
        times = [read_time(each.get(key), self.context.zone) for each in records for key in _TIMES]
        return max((at for at in times if at is not None), default=None)

    def _is_work(self, title: str) -> bool:
        """Whether the record is maintenance by its own keys, or because its title matches the owner's pattern."""
        scheduled = bool(self.record.get("scheduled_for")) or read_text(self.record, "status") in _WORK
        return scheduled or bool(self.context.maintenance and self.context.maintenance.search(title))

    def _find_start(self, stated: Instant | None, posts: Sequence[Post]) -> Instant:
        """The stated start, but never one after the first update."""
        first = posts[0].at if posts else None
        if stated is None:
            return first or 0
        if first is not None and first < stated:
            key = "started_at" if self._read_time("started_at") is not None else "created_at"
            self.note(
                f"{key}: {self.record.get(key)}, after the first update",
                f"starts at {format_instant(first)}, with it",
            )
            return first
        return stated

    def _find_window(self, start: Instant, posts: Sequence[Post]) -> tuple[Instant, Instant] | None:
        """The window of maintenance; `None` where none is stated. Exports only say when it started and ended."""
        stated, ends = self._read_time("scheduled_for"), self._read_time("scheduled_until")
        starts = start if stated is None else stated
        if ends is None:
            ends = self._read_time("resolved_at")
        if ends is None:
            ends = max((post.at for post in posts if post.status in ("completed", "resolved")), default=None)
        if ends is None or ends <= starts:
            found = f"maintenance without an end after its start ({read_text(self.record, 'status')})"
            self.note(found, "imported as an incident with impact none")
            return None
        return starts, ends

    def _list_updates(self, posts: Sequence[Post], kind: NoticeKind, start: Instant) -> list[MovedUpdate]:
        states = STATES[kind]
        ends = ("resolved", "completed")
        last_end = max((post.at for post in posts if states.get(post.status) in ends), default=None)
        updates: list[MovedUpdate] = []
        state: State = "investigating" if kind == "incident" else "scheduled"
        for post in posts:
            state = self._choose_state(post, states, state, is_last=post.at == last_end)
            updates.append(MovedUpdate(post.at, state, self._write(post), post.services))
        updates += self._find_end(updates, kind, start)
        return updates + self._find_postmortem(posts)

    def _choose_state(
        self, post: Post, states: Mapping[str, State], before: State, *, is_last: bool
    ) -> State:
        """The state of an update; an unknown one keeps the previous state."""
        state = states.get(post.status)
        if state is None:
            self.note(f"the status {post.status or 'none'} at {write_clock(post.at)}", f"kept as {before}")
            return before
        if state in ("resolved", "completed") and not is_last and before != state:
            self.note(
                f"{post.status} at {write_clock(post.at)}, but not for the last time", f"kept as {before}"
            )
            return before
        return state

    def _find_end(
        self, updates: Sequence[MovedUpdate], kind: NoticeKind, start: Instant
    ) -> list[MovedUpdate]:
        """The end of an incident that is over, where no update states it."""
        status = read_text(self.record, "status").lower()
        closing: State = "resolved" if kind == "incident" else "completed"
        if status not in _OVER or any(update.state == closing for update in updates):
            return []
        resolved = self._read_time("resolved_at")
        written = self.record.get("resolved_at")
        if resolved is None:
            self.note(
                f"{status}, but neither an update nor resolved_at says when",
                "over; the time was not recorded",
            )
        elif resolved < start:
            self.note(f"resolved_at: {written}, before it started", "over; the time was not recorded")
            resolved = None
        return [MovedUpdate(resolved, closing)]

    def _find_postmortem(self, posts: Sequence[Post]) -> list[MovedUpdate]:
        body = self.record.get("postmortem_body")
        if not isinstance(body, str) or not body.strip():
            return []
        if any(post.status == "postmortem" and post.body.split() == body.split() for post in posts):
            return []
        at = self._read_time("postmortem_published_at")
        if at is None:
            self.note("a postmortem that was never published", "not imported")
            return []
        return [MovedUpdate(at, "postmortem", self._finish(to_markdown(body)))]

    def _read_impact(self) -> Impact:
        impact = read_text(self.record, "impact").lower()
        if impact in IMPACTS:
            return impact
        self.note(f"impact: {impact or 'not stated'} of an incident", "impact none")
        return "none"

    def _choose_services(self, posts: Sequence[Post], kind: NoticeKind) -> tuple[str, ...]:
        """The services at the beginning: those of the first update that names any, and those that no update names."""
        whole = read_components_of(self.record, self.context.keys)
        named = [post.services for post in posts if post.services]
        everywhere = {name for services in named for name in services}
        if kind == "maintenance":
            return tuple(dict.fromkeys([*whole, *(name for services in named for name in services)]))
        if not named or not posts[0].services:
            return whole or (named[0] if named else ())
        return tuple(dict.fromkeys([*named[0], *(name for name in whole if name not in everywhere)]))

    def _write(self, post: Post) -> str:
        """The text of an update: Statuspage reads Markdown in a postmortem, and plain text in all others."""
        if post.status == "postmortem":
            return self._finish(to_markdown(post.body))
        return self._convert(post.body)

    def _convert(self, body: str) -> str:
        return self._finish(self.context.bodies.convert(body)) if body.strip() else ""

    def _finish(self, prose: Prose) -> str:
        for words in prose.comments:
            self.note(f"a comment: {words}", "left out, as on the old page")
        for name in prose.dropped:
            self.note(f"the tag <{name}>", "removed; its text stays")
        page = f"{self.context.site}/incidents/{self.identity}" if "://" in self.context.site else ""
        linked = fit_links(prose.text, LinkContext(page, lambda _target: None))
        for found, done in linked.notes:
            self.note(found, done)
        return linked.text

    def _report_text(self, notice: MovedNotice) -> None:
        if found := describe_addresses([notice.text, *(update.text for update in notice.updates)]):
            self.note(found, KEPT)
