"""What was posted, word for word: so that an edit of a text that was published already is known, and when it was made.

The register holds a hash for each post of a notice in each language, not the text. A post that appears is no edit;
a translation that comes later is one of that language, whose readers had the first language in its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from constat.interval import Instant, format_instant, parse_instant
from constat.model import Notice, NoticeText, RecordedWords, Register
from constat.text.canonical import encode_canonical

ANNOUNCEMENT = ""
"""The place of what a notice says before its first update."""

HASH_LENGTH = 16


def list_places(notice: Notice) -> tuple[str, ...]:
    """What tells the updates of a notice apart: their time, and `;2` for a second one at the same time."""
    seen: dict[Instant, int] = {}
    found: list[str] = []
    for update in notice.updates:
        seen[update.at] = seen.get(update.at, 0) + 1
        found.append(format_instant(update.at) + (f";{seen[update.at]}" if seen[update.at] > 1 else ""))
    return tuple(found)


def hash_texts(notice: Notice, now: Instant) -> RecordedWords:
    """The hashes of all that a notice says, in each language that it is written in."""
    found = list_places(notice)
    return RecordedWords(
        now, notice.stem, {language: _hashes(text, found) for language, text in notice.texts.items()}
    )


def _hashes(text: NoticeText, places_of_updates: tuple[str, ...]) -> Mapping[str, str]:
    """By place; an update that stands there in another language, for want of a translation, is not of this one."""
    said = {ANNOUNCEMENT: text.text}
    for place, update in zip(places_of_updates, text.updates, strict=True):
        if update.lang in ("", text.lang):
            said[place] = update.text
    return {place: _hash(text.title, body) for place, body in said.items()}


def _hash(*texts: str) -> str:
    return sha256(encode_canonical(texts).encode()).hexdigest()[:HASH_LENGTH]


def find_new_words(register: Register, notices: Iterable[Notice], now: Instant) -> Iterator[RecordedWords]:
    """What notices say that differs from what was last recorded of them."""
    last = {recorded.slug: recorded for recorded in register.words}
    for notice in notices:
        said = hash_texts(notice, now)
        before = last.get(notice.stem)
        if before is None or before.hashes != said.hashes:
            yield said


def find_edits(register: Register) -> dict[str, dict[tuple[str, str], Instant]]:
    """When each post was last edited, by the stem of its notice and (language, place); nothing for the others."""
    last: dict[tuple[str, str, str], str] = {}
    posted: dict[str, set[str]] = {}
    found: dict[str, dict[tuple[str, str], Instant]] = {}
    for recorded in register.words:
        before = posted.setdefault(recorded.slug, set())
        for language, place, digest in _each(recorded):
            key = (recorded.slug, language, place)
            if last.get(key, None if place in before else digest) != digest:
                found.setdefault(recorded.slug, {})[language, place] = recorded.at
            last[key] = digest
        before.update(place for _, place, _ in _each(recorded))
    return found


def _each(recorded: RecordedWords) -> Iterator[tuple[str, str, str]]:
    for language, hashes in recorded.hashes.items():
        for place, digest in hashes.items():
            yield language, place, digest


def write_words(recorded: RecordedWords) -> str:
    """The register's line for what a notice says, without its LF."""
    return encode_canonical(
        {
            "at": format_instant(recorded.at),
            "kind": "words",
            "slug": recorded.slug,
            "sha256": {language: dict(hashes) for language, hashes in recorded.hashes.items()},
        }
    )


def read_words(line: Mapping[str, Any]) -> RecordedWords:
    """The line, read."""
    hashes = {
        str(language): {str(place): str(digest) for place, digest in found.items()}
        for language, found in line["sha256"].items()
    }
    return RecordedWords(parse_instant(line["at"]), str(line["slug"]), hashes)
