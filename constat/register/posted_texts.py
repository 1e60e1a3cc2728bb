"""The posted texts of notices, by their hashes: so that later edits of a published text and their times are known.

The register has a hash for each post of a notice in each language, not its text. A new post is no edit; a translation
that is added later is an edit in its language, whose readers saw the first language until then (decision 8).
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from constat.interval import Instant, format_instant, parse_instant
from constat.model import Notice, NoticeText, RecordedWords, Register
from constat.text.canonical import encode_canonical

ANNOUNCEMENT = ""
"""The place of the announcement, which is the text before the first update."""

HASH_LENGTH = 16


def list_places(notice: Notice) -> tuple[str, ...]:
    """The places of a notice's updates: their times, with `;2` for a second one at the same time."""
    counts: dict[Instant, int] = {}
    places: list[str] = []
    for update in notice.updates:
        counts[update.at] = counts.get(update.at, 0) + 1
        places.append(format_instant(update.at) + (f";{counts[update.at]}" if counts[update.at] > 1 else ""))
    return tuple(places)


def hash_texts(notice: Notice, now: Instant) -> RecordedWords:
    """The hashes of all texts of a notice, in each language that it is written in."""
    places = list_places(notice)
    return RecordedWords(
        now, notice.stem, {language: _hash_places(text, places) for language, text in notice.texts.items()}
    )


def _hash_places(text: NoticeText, places_of_updates: tuple[str, ...]) -> Mapping[str, str]:
    """The hashes by place, without updates that are not translated into this language."""
    texts = {ANNOUNCEMENT: text.text}
    for place, update in zip(places_of_updates, text.updates, strict=True):
        if update.lang in ("", text.lang):
            texts[place] = update.text
    return {place: _hash(text.title, body) for place, body in texts.items()}


def _hash(*texts: str) -> str:
    return sha256(encode_canonical(texts).encode()).hexdigest()[:HASH_LENGTH]


def find_new_words(register: Register, notices: Iterable[Notice], now: Instant) -> Iterator[RecordedWords]:
    """The texts of notices that differ from those that were last recorded."""
    last = {recorded.slug: recorded for recorded in register.words}
    for notice in notices:
        words = hash_texts(notice, now)
        before = last.get(notice.stem)
        if before is None or before.hashes != words.hashes:
            yield words


def find_edits(register: Register) -> dict[str, dict[tuple[str, str], Instant]]:
    """The time of the last edit of each edited post, by the stem of its notice and (language, place)."""
    last: dict[tuple[str, str, str], str] = {}
    posted: dict[str, set[str]] = {}
    edits: dict[str, dict[tuple[str, str], Instant]] = {}
    for recorded in register.words:
        before = posted.setdefault(recorded.slug, set())
        for language, place, digest in _list_hashes(recorded):
            key = (recorded.slug, language, place)
            if last.get(key, None if place in before else digest) != digest:
                edits.setdefault(recorded.slug, {})[language, place] = recorded.at
            last[key] = digest
        before.update(place for _, place, _ in _list_hashes(recorded))
    return edits


def _list_hashes(recorded: RecordedWords) -> Iterator[tuple[str, str, str]]:
    for language, hashes in recorded.hashes.items():
        for place, digest in hashes.items():
            yield language, place, digest


def write_words(recorded: RecordedWords) -> str:
    """Write the register's line for the texts of a notice, without its LF."""
    return encode_canonical(
        {
            "at": format_instant(recorded.at),
            "kind": "words",
            "slug": recorded.slug,
            "sha256": {language: dict(hashes) for language, hashes in recorded.hashes.items()},
        }
    )


def read_words(line: Mapping[str, Any]) -> RecordedWords:
    """Read the register's line for the texts of a notice."""
    hashes = {
        str(language): {str(place): str(digest) for place, digest in by_place.items()}
        for language, by_place in line["sha256"].items()
    }
    return RecordedWords(parse_instant(line["at"]), str(line["slug"]), hashes)
