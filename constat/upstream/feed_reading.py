"""RSS 2.0 and Atom (RFC 4287), as far as the newest entry goes: its title, its time and its link.

A feed has no states. Whether a problem is over is said in prose, which is not interpreted: there is news, or there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from xml.parsers import expat

from constat.interval import DAY_S, Instant
from constat.model import UpstreamSays
from constat.upstream.foreign_text import clean_link, clean_title

NEWS_FOR_S: Final = DAY_S
"""How long an entry counts as news."""
_MOST_ENTRIES: Final = 2000
_LONGEST_TEXT: Final = 4096
_ATOM: Final = "http://www.w3.org/2005/Atom"
_ROOTS: Final = frozenset({"rss", f"{_ATOM} feed"})
_ENTRIES: Final = frozenset({"item", f"{_ATOM} entry"})
_TIMES: Final = ("published", "updated", "pubDate")
_FUTURE_S: Final = 3600
"""How far the clock of a feed may be ahead of ours."""


def read_feed(data: bytes, now: Instant) -> UpstreamSays:
    """Read whether a feed has news, and which.

    Raises:
        ValueError: it is neither RSS nor Atom, has a document type, or no entry has a time.

    """
    entries = _Reader().read(data)
    dated = [(at, entry) for entry in entries if (at := _read_time(entry)) is not None]
    if entries and not dated:
        raise ValueError("not read: no entry has a time")
    fresh = [(at, entry) for at, entry in dated if now - NEWS_FOR_S <= at <= now + _FUTURE_S]
    if not fresh:
        return UpstreamSays("quiet")
    _, newest = max(fresh, key=lambda pair: pair[0])
    return UpstreamSays("news", clean_title(newest.get("title")), clean_link(newest.get("link")))


def _read_time(entry: Mapping[str, str]) -> Instant | None:
    """Find when an entry was last written; `None` where it does not say."""
    moments = (_parse_time(entry[key].strip()) for key in _TIMES if key in entry)
    return max((moment for moment in moments if moment is not None), default=None)


def _parse_time(text: str) -> Instant | None:
    """A time of RSS (RFC 822) or Atom (RFC 3339); `None` for what is neither."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            read = parse(text[:64])
            return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
        except (ValueError, TypeError, OverflowError):
            continue
    return None


@dataclass(slots=True)
class _Reader:
    """Reads a feed event by event: nothing in it can be expanded, since document types are refused, and texts are cut."""

    entries: list[dict[str, str]] = field(default_factory=list)
    _depth: int = 0
    _entry_depth: int = 0
    _key: str = ""

    def read(self, data: bytes) -> list[dict[str, str]]:
        """List the entries with their texts by the names of elements.

        Raises:
            ValueError: it is not a feed.

        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ValueError(f"not a feed: {expat.ErrorString(error.code)}") from None
        except LookupError:
            raise ValueError("not a feed: in an encoding that nobody knows") from None
        return self.entries

    def _refuse(self, *_declaration: object) -> None:
        raise ValueError("not read: it has a document type")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name not in _ROOTS:
            raise ValueError("neither RSS nor Atom")
        if name in _ENTRIES and not self._entry_depth and len(self.entries) < _MOST_ENTRIES:
            self.entries.append({})
            self._entry_depth = self._depth
        elif self._entry_depth and self._depth == self._entry_depth + 1:
            space, _, local = name.rpartition(" ")
            self._key = local if space in ("", _ATOM) else ""  # media:title repeats the title
            if self._key == "link" and attributes.get("rel", "alternate") == "alternate":
                self.entries[-1].setdefault("link", attributes.get("href", ""))

    def _end(self, _name: str) -> None:
        if self._depth == self._entry_depth:
            self._entry_depth = 0
        if self._depth == self._entry_depth + 1:
            self._key = ""
        self._depth -= 1

    def _add(self, text: str) -> None:
        if self._entry_depth and self._key and self._depth == self._entry_depth + 1:
            entry = self.entries[-1]
            entry[self._key] = (entry.get(self._key, "") + text)[:_LONGEST_TEXT]
