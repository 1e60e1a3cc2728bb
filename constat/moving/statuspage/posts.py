"""The updates of a Statuspage incident, oldest first, with the services that each names."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import NoticeKind, State
from constat.moving.foreign_times import read_fraction, read_time
from constat.moving.statuspage.documents import Record
from constat.moving.statuspage.page_components import read_text

NONE_AFFECTED: Final = "No components were affected by this update."

STATES: Final[Mapping[NoticeKind, Mapping[str, State]]] = {
    "incident": {
        "investigating": "investigating",
        "identified": "identified",
        "monitoring": "monitoring",
        "resolved": "resolved",
        "postmortem": "postmortem",
        "completed": "resolved",
    },
    "maintenance": {
        "scheduled": "scheduled",
        "in_progress": "in_progress",
        "verifying": "verifying",
        "completed": "completed",
        "resolved": "completed",
        "investigating": "in_progress",
        "identified": "in_progress",
        "monitoring": "verifying",
        "canceled": "cancelled",
        "cancelled": "cancelled",
    },
}
"""The state of ours for each status, by the kind of notice."""


class Post(NamedTuple):
    """An update as the source has it. `services`: `None` where it names none."""

    at: Instant
    fraction: int
    status: str
    body: str
    services: tuple[str, ...] | None


class Posts(NamedTuple):
    """The updates of an incident, oldest first; `untimed`: the bodies of those without a time, for the announcement.

    `notes`: what could not be read, and what was done.
    """

    posts: tuple[Post, ...]
    untimed: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


def read_posts(record: Record, zone: tzinfo, keys: Mapping[str, str]) -> Posts:
    """Read the updates. `keys`: component id, or another name of a component -> key of its service."""
    listed = list_updates(record)
    read: list[Post] = []
    notes = _note_misshapen(record.get("incident_updates"))
    untimed: list[str] = []
    for update in _sort_oldest_first(listed, zone):
        time = _choose_time(update)
        at = read_time(time, zone)
        body = update.get("body")
        text = body if isinstance(body, str) else ""
        if at is None:
            found = f"an update ({read_text(update, 'status')}) without a readable time: {time or 'none'}"
            notes.append((found, "its text stays in the announcement" if text else "not imported"))
            untimed.append(text)
            continue
        services = _read_affected(update.get("affected_components"), keys)
        read.append(Post(at, read_fraction(time), read_text(update, "status").lower(), text, services))
    ordered = sorted(read, key=lambda post: (post.at, post.fraction))
    return Posts(tuple(ordered), tuple(filter(None, untimed)), tuple(notes))


def list_updates(record: Record) -> Sequence[Record]:
    """The updates of an incident, in the order of the source."""
    written = record.get("incident_updates")
    return [each for each in written if isinstance(each, Mapping)] if isinstance(written, list) else []


def _note_misshapen(written: object) -> list[tuple[str, str]]:
    """Note each entry in the list of updates that is not an update."""
    if written is None:
        return []
    misshapen = [written]
    if isinstance(written, list):
        misshapen = [entry for entry in written if not isinstance(entry, Mapping)]
    return [
        (f"an update that is not an object: {json.dumps(entry, ensure_ascii=False)[:300]}", "not imported")
        for entry in misshapen
    ]


def _choose_time(update: Record) -> object:
    """The time that was shown, else the one at which it was written."""
    return update.get("display_at") or update.get("created_at")


def _read_moment(text: object, zone: tzinfo) -> tuple[Instant, int]:
    at = read_time(text, zone)
    return (0 if at is None else at, read_fraction(text))


def _sort_oldest_first(updates: Sequence[Record], zone: tzinfo) -> Sequence[Record]:
    """Sort by the time shown, then by the time written, then in the order of the source, reversed where the newest comes first."""

    def get_moments(update: Record) -> tuple[tuple[Instant, int], tuple[Instant, int]]:
        return _read_moment(_choose_time(update), zone), _read_moment(update.get("created_at"), zone)

    timed = [update for update in updates if read_time(_choose_time(update), zone) is not None]
    is_newest_first = bool(timed) and get_moments(timed[0]) >= get_moments(timed[-1])
    ordered = list(reversed(updates)) if is_newest_first else list(updates)
    return sorted(ordered, key=get_moments)


def _read_affected(affected: object, keys: Mapping[str, str]) -> tuple[str, ...] | None:
    """The services that an update names; `None` where it names none."""
    listed: Iterable[object] = affected if isinstance(affected, list) else [affected] if affected else ()
    names = [_find_key(each, keys) for each in listed]
    named = tuple(dict.fromkeys(name for name in names if name and name != NONE_AFFECTED))
    return named or None


def _find_key(affected: object, keys: Mapping[str, str]) -> str:
    if isinstance(affected, str):
        return keys.get(affected, affected.strip())
    if not isinstance(affected, Mapping):
        return ""
    name = read_text(affected, "name")
    for identity in (affected.get("code"), affected.get("id")):
        if isinstance(identity, str) and identity in keys:
            return keys[identity]
    code = affected.get("code")
    return keys.get(name, name) or (code if isinstance(code, str) else "")


def read_components_of(record: Record, keys: Mapping[str, str]) -> tuple[str, ...]:
    """The components that an incident lists as a whole."""
    return _read_affected(record.get("components"), keys) or ()
