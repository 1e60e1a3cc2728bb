"""Drafts of a notice, an update or a translation, as text that `parse_notices` reads back."""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import InputError
from constat.interval import Instant
from constat.model import Impact, NoticeKind, State
from constat.notices.audit import TRANSLATE
from constat.notices.names import LONGEST_STEM
from constat.notices.times import format_written
from constat.text.yaml_source import read_yaml

MARK: Final = f"<!-- {TRANSLATE} -->"
"""The mark above a text that is still to be translated; `validate` refuses it."""

LONGEST_SLUG: Final = 60
SPELT_OUT: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l"}
"""Small letters that Unicode does not decompose, as they are written where there is only ASCII."""


class NewUpdate(NamedTuple):
    """An update to write. `impact`, `services` and `next` only where it changes them."""

    at: Instant
    state: State
    text: str
    impact: Impact | None = None
    services: tuple[str, ...] = ()
    next: Instant | None = None


class NewNotice(NamedTuple):
    """A notice to write. Only an incident has an impact, only maintenance has `ends` and `remind`."""

    kind: NoticeKind
    title: str
    services: tuple[str, ...]
    text: str = ""
    impact: Impact = "none"
    starts: Instant | None = None
    ends: Instant | None = None
    updates: Sequence[NewUpdate] = ()
    remind: tuple[str, ...] = ()


def compose_notice(notice: NewNotice, zone: ZoneInfo) -> str:
    """Compose the file of a notice in the page's first language."""
    lines = [
        "---",
        f"title: {quote_scalar(notice.title)}",
        f"kind: {notice.kind}",
        f"services: {_format_list(notice.services)}",
    ]
    if notice.kind == "incident":
        lines.append(f"impact: {notice.impact}")
    if notice.starts is not None:
        lines.append(f"starts: {format_written(notice.starts, zone)}")
    if notice.ends is not None:
        lines.append(f"ends: {format_written(notice.ends, zone)}")
    if notice.remind:
        lines.append(f"remind: {_format_list(notice.remind)}")
    lines.append("---")
    if text := notice.text.strip():
        lines.append(text)
    updates = "".join("\n" + format_update(update, zone) for update in notice.updates)
    return "\n".join(lines) + "\n" + updates


def format_update(update: NewUpdate, zone: ZoneInfo) -> str:
    """Format an update as it is written in a file; an empty line keeps its text from being read as a change."""
    lines = [f"## {format_written(update.at, zone)} {update.state}"]
    if update.impact is not None:
        lines.append(f"impact: {update.impact}")
    if update.services:
        lines.append(f"services: {_format_list(update.services)}")
    if update.next is not None:
        lines.append(f"next: {format_written(update.next, zone)}")
    if text := update.text.strip():
        lines += ["", text]
    return "\n".join(lines) + "\n"


def add_update(file: str, update: NewUpdate, zone: ZoneInfo) -> str:
    """Add an update at the end of the file of a notice."""
    return file.rstrip() + "\n\n" + format_update(update, zone)


def replace_window(file: str, starts: Instant, ends: Instant | None, zone: ZoneInfo) -> str:
    """Replace the window at the top of the file of a maintenance."""
    for key, at in (("starts", starts), ("ends", ends)):
        if at is not None:
            file = re.sub(rf"(?m)^{key}:.*$", f"{key}: {format_written(at, zone)}", file, count=1)
    return file


def draft_translation(title: str, text: str, updates: Sequence[NewUpdate], zone: ZoneInfo) -> str:
    """Draft a translation to be filled in, each text below the mark that `validate` refuses; a single mark where there is only a title."""
    announced = mark_untranslated(text) if text.strip() or not updates else ""
    return f"---\ntitle: {quote_scalar(title)}\n---\n{announced}" + "".join(
        f"\n## {format_written(each.at, zone)} {each.state}\n{mark_untranslated(each.text)}"
        for each in updates
    )


def compose_translation(title: str, text: str, updates: Sequence[NewUpdate], zone: ZoneInfo) -> str:
    """Compose a translation that is ready."""
    body = f"{text.strip()}\n" if text.strip() else ""
    updates_text = "".join(
        f"\n## {format_written(each.at, zone)} {each.state}\n\n{each.text.strip()}\n" for each in updates
    )
    return f"---\ntitle: {quote_scalar(title)}\n---\n{body}{updates_text}"


def mark_untranslated(text: str) -> str:
    """Mark a text as still to be translated."""
    return f"{MARK}\n\n{text.strip()}\n" if text.strip() else f"{MARK}\n"


def quote_scalar(text: str) -> str:
    """Write a text as YAML: as it is where YAML reads it back the same, otherwise in double quotes."""
    try:
        plain = read_yaml(f"title: {text}", "").data == {"title": text}
    except InputError:
        plain = False
    return text if plain and text else json.dumps(text, ensure_ascii=False)


def _format_list(words: Sequence[str]) -> str:
    return f"[{', '.join(words)}]"


def make_slug(title: str) -> str:
    """Make the words of a title fit for a URL."""
    spelt = "".join(SPELT_OUT.get(letter, letter) for letter in title.lower())
    ascii_title = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_title.lower())
    slug = ""
    for word in words:
        if len(slug) + len(word) > LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or "notice"


def make_stem(day: str, title: str, taken: Collection[str]) -> str:
    """Make a permanent name that no other notice has."""
    first = f"{day}-{make_slug(title)}"[:LONGEST_STEM].rstrip("-")
    number, name = 1, first
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name
