"""The front matter of a notice: its keys read one by one, every problem noted."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

from constat.interval import Instant, parse_seconds
from constat.model import IMPACTS, Impact, NoticeKind
from constat.notices import markup
from constat.notices.context import NoticeContext
from constat.notices.source import Problems
from constat.notices.times import TimeError, find_foreign_offset, read_time
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Document, Value

KEYS: Final = {
    "incident": ("title", "kind", "services", "impact", "starts", "next"),
    "maintenance": ("title", "kind", "services", "starts", "ends", "next", "remind"),
}
KINDS: Final = get_args(NoticeKind)
LONGEST_TITLE: Final = 120
MOST_SERVICES: Final = 200
MARKUP: Final = re.compile(r"<[a-zA-Z/!]")
"""The beginning of a tag or a comment."""


class Front(NamedTuple):
    """The front matter as read. `starts` is `None` where an incident begins with its first update."""

    title: str
    kind: NoticeKind
    services: tuple[str, ...]
    impact: Impact
    starts: Instant | None
    ends: Instant | None
    next: Instant | None
    remind: tuple[int, ...]


class Keys:
    """The keys of a document, and the problems noted with them."""

    def __init__(self, document: Document, problems: Problems, context: NoticeContext) -> None:
        self.document = document
        self.problems = problems
        self.context = context
        self.data: Mapping[str, Value] = document.data if isinstance(document.data, dict) else {}

    def wrong(self, key: str, message: str, hint: str) -> None:
        """Note a problem with the value of a key, on its line."""
        line, column = self.document.place((key,))
        self.problems.error(line, message, hint, column)

    def refuse_unknown(self, known: Collection[str], elsewhere: Mapping[str, str]) -> None:
        """Note every unknown key. `elsewhere`: keys that belong elsewhere, each with a hint."""
        for key in self.data:
            if key not in known:
                line, column = self.document.key_place((key,))
                hint = elsewhere.get(key) or did_you_mean(key, known)
                self.problems.error(line, f"unknown key {key}", hint, column)

    def read_text(self, key: str, hint: str) -> str:
        """Read a required text; empty, with a problem noted, where there is none."""
        value = self.data.get(key)
        if key not in self.data:
            self.problems.error(2, f"the key {key} is missing", hint)
        elif not isinstance(value, str) or not value.strip():
            self.wrong(key, f"{key} is empty" if isinstance(value, str) else f"{key} is not a text", hint)
        return value.strip() if isinstance(value, str) else ""

    def read_time(self, key: str) -> Instant | None:
        """Read a time, if there is one."""
        if key not in self.data:
            return None
        value = self.data[key]
        line, column = self.document.place((key,))
        return read_time_at(
            value if isinstance(value, str) else "", (line, column), self.problems, self.context.zone
        )


def read_time_at(text: str, place: tuple[int, int], problems: Problems, zone: ZoneInfo) -> Instant | None:
    """Read a time that is written at a place; `None`, with a problem noted, where it is invalid."""
    try:
        at = read_time(text, zone)
    except TimeError as error:
        problems.error(place[0], str(error), error.hint, place[1])
        return None
    local_time = find_foreign_offset(text, zone)
    if local_time:
        message = f"the page's time zone, {zone.key}, has a different offset at that time"
        problems.warning(place[0], message, f"there it is {local_time}")
    return at


def read_front(document: Document, problems: Problems, context: NoticeContext, likely: NoticeKind) -> Front:
    """Read the front matter, and note its problems. `likely`: the kind to assume where it does not say."""
    keys = Keys(document, problems, context)
    kind = _read_kind(keys, likely)
    keys.refuse_unknown(KEYS[kind], _list_hints(kind))
    front = Front(
        title=read_title(keys),
        kind=kind,
        services=_read_services(keys),
        impact=_read_impact(keys) if kind == "incident" else "none",
        starts=keys.read_time("starts"),
        ends=keys.read_time("ends"),
        next=keys.read_time("next"),
        remind=_read_remind(keys),
    )
    if kind == "maintenance":
        _check_window(keys, front)
    return front


def _read_kind(keys: Keys, likely: NoticeKind) -> NoticeKind:
    """Read the kind; where it is unknown assume the closest one, so that all other problems are found as well."""
    written = keys.read_text("kind", "write kind: incident or kind: maintenance")
    if written in KINDS:
        return cast("NoticeKind", written)
    if written:
        keys.wrong("kind", f"unknown kind {written}", did_you_mean(written, KINDS))
    close = get_close_matches(written.lower(), KINDS, n=1)
    return cast("NoticeKind", close[0]) if close else likely


def _list_hints(kind: str) -> Mapping[str, str]:
    if kind == "incident":
        return {
            "ends": "an incident ends with an update: ## TIME resolved",
            "remind": "only maintenance has reminders",
        }
    return {"impact": "only an incident has an impact"}


def read_title(keys: Keys) -> str:
    """Read a title: one line of plain text, without characters that would disguise it."""
    text = keys.read_text("title", "write title: and a few words")
    if markup.LINE_BREAKS.search(text):
        keys.wrong("title", "the title has more than one line", "write it on one line")
    elif len(text) > LONGEST_TITLE:
        keys.wrong("title", f"the title has {len(text)} characters", f"write at most {LONGEST_TITLE}")
    elif markup.find_control_character(text) or markup.find_bidi_character(text) or "\t" in text:
        keys.wrong("title", "a control or direction character in the title", "retype the title without it")
    elif markup.find_invisible_character(text):
        keys.wrong("title", "an invisible character in the title", "retype the title without it")
    elif MARKUP.search(text):
        keys.wrong("title", "markup in the title", "write plain words")
    return text


def _read_services(keys: Keys) -> tuple[str, ...]:
    value = keys.data.get("services")
    if not isinstance(value, list):
        hint = (
            f"write services: [{next(iter(keys.context.services), 'website')}], or [] for the page as a whole"
        )
        if "services" in keys.data:
            keys.wrong("services", "services is not a list", hint)
        else:
            keys.problems.error(2, "the key services is missing", hint)
        return ()
    for number, name in enumerate(value[:MOST_SERVICES]):
        line, column = keys.document.place(("services", number))
        check_service(name, (line, column), keys.problems, keys.context.services)
    if len(set(map(str, value))) < len(value):
        keys.wrong("services", "a service appears twice", "name each once")
    return tuple(str(name) for name in value)


def check_service(name: Value, place: tuple[int, int], problems: Problems, services: Collection[str]) -> None:
    """Note a service that does not exist."""
    if not isinstance(name, str):
        problems.error(
            place[0], "a list or table in place of a service", "write the id of the service", place[1]
        )
    elif name not in services:
        problems.error(place[0], f"unknown service {name[:80]}", did_you_mean(name[:80], services), place[1])


def _read_impact(keys: Keys) -> Impact:
    impact = keys.read_text("impact", "write impact: none, minor, major or critical")
    if impact and impact not in IMPACTS:
        keys.wrong("impact", f"unknown impact {impact}", did_you_mean(impact, IMPACTS))
    return cast("Impact", impact)


_REMIND: Final = re.compile(r"[1-9][0-9]{0,3}[mhd]")


def _read_remind(keys: Keys) -> tuple[int, ...]:
    if "remind" not in keys.data:
        return ()
    value = keys.data["remind"]
    matches = [_REMIND.fullmatch(str(text)) for text in value] if isinstance(value, list) else []
    if not matches or None in matches:
        keys.wrong("remind", "remind is not a list of durations", "write remind: [24h] or [2d, 1h]")
    return tuple(sorted({parse_seconds(each[0]) for each in matches if each}, reverse=True))


def _check_window(keys: Keys, front: Front) -> None:
    for key in ("starts", "ends"):
        if key not in keys.data:
            keys.problems.error(2, f"the key {key} is missing", f"write {key}: 2026-12-01T22:00+01:00")
    if front.starts is not None and front.ends is not None and front.ends <= front.starts:
        order = "when" if front.ends == front.starts else "before"
        keys.wrong("ends", f"it ends {order} it starts", "write a later time, or swap the two")
