"""Redaction: a secret is removed from a text in every spelling in which a target may echo it.

A text is read as it stands and as it reads once decoded (HTML, URL, JSON; up to three times), each time also without
its spaces and without its punctuation. Wherever eight characters in a row are also in a spelling of a secret (as it
is, reversed, in hex or in base64, in upper or lower case), the characters of the text that they were read from are removed.
"""

import base64
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple

REDACTED = "[secret]"

PART = 8
"""How many characters of a secret in a row are removed wherever they occur; a shorter secret only as a whole."""

_LEAST = 4
"""Shorter pieces are too common to be recognised as the beginning of a secret that is cut off at the end of a text."""

_SEED = 4
_STRIDE = PART - _SEED + 1
"""Any run of `PART` letters holds a seed that begins at a multiple of this."""

_DECODINGS = 3
"""How often a text is decoded: for what was encoded twice, and what was encoded in the secret itself."""

_HTML = r"(?P<html>&(?:#[0-9]{1,12}|#x[0-9a-f]{1,12}|[a-z][a-z0-9]{1,31});?)"
_URL = r"(?P<url>(?:%[0-9a-f]{2})+)"
_JSON = r"(?P<utf16>(?:\\u[0-9a-f]{4})+)|(?P<byte>\\x[0-9a-f]{2})|(?P<escape>\\[\\\"'/bfnrt])"
_CODES = tuple(map(re.compile, (f"{_HTML}|{_URL}|{_JSON}", _HTML, _URL, _JSON)))
"""Characters as HTML, URLs, and JSON or Python write them, in lower case: all of these, and each alone, since what is a
code in one of them may be part of a secret in another."""

_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\W_]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

_WEB_ADDRESS = re.compile(r"(?:https?|jsons?|xmls?|forms?)://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
"""An address with a real host. In other addresses of Apprise's, the place of the host may hold a token."""

Span = tuple[int, int]


class _View(NamedTuple):
    """A way to read a text: its letters in lower case; `starts`, `ends`: where in the text each of them was read from."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]


class _Needles(NamedTuple):
    """What to look for in some letters.

    `parts` have `PART` letters, `short`, by their length, fewer; `seeds` are all pieces of `_SEED` letters of `parts`.
    `beginnings` of spellings count only at the end.
    """

    parts: frozenset[str]
    seeds: frozenset[str]
    short: Mapping[int, frozenset[str]]
    beginnings: frozenset[str]


class Redactor:
    """Removes some secrets. `public`: what is not secret even where a secret contains it, such as its host."""

    def __init__(self, values: Collection[str], public: Collection[str] = ()) -> None:
        self._known = exact = frozenset(map(_lower, values)) - {""}
        spellings = {_lower(spelling) for value in values for spelling in _list_spellings(value)}
        hosts = (address[1] for address in map(_WEB_ADDRESS.match, values) if address)
        known = tuple(map(_lower, (*public, *hosts)))
        self._as_written = _build_needles(spellings, known, exact)
        self._without_spaces = _build_needles(
            map(_drop_spaces, spellings), tuple(map(_drop_spaces, known)), frozenset(map(_drop_spaces, exact))
        )
        long = (core for core in map(_drop_punctuation, spellings) if len(core) >= PART)
        self._letters_alone = _build_needles(long, tuple(map(_drop_punctuation, known)))

    def redact(self, text: str) -> str:
        """Remove every spelling of a secret, and every part of one with `PART` characters, from a text."""
        if not self._known:
            return text
        spans = [span for view in _list_views(text) for span in self._search(view)]
        return _cut(text, spans) if spans else text

    def _search(self, view: _View) -> Iterator[Span]:
        yield from _locate(view, _find(self._as_written, view.letters), range(len(view.letters)))
        for needles, left_out in ((self._without_spaces, _SPACES), (self._letters_alone, _PUNCTUATION)):
            letters = left_out.sub("", view.letters)
            spans = tuple(_find(needles, letters))
            if spans:
                kept = [at for at, letter in enumerate(view.letters) if not left_out.match(letter)]
                yield from _locate(view, spans, kept)


def _lower(text: str) -> str:
    """Convert to lower case letter by letter, so that the length stays the same."""
    if text.isascii():
        return text.lower()
    return "".join(folded if len(folded := letter.casefold()) == 1 else letter for letter in text)


def _drop_spaces(text: str) -> str:
    return _SPACES.sub("", text)


def _drop_punctuation(text: str) -> str:
    return _PUNCTUATION.sub("", text)


def _list_spellings(value: str) -> Iterator[str]:
    """List the spellings of a secret that no decoding undoes. The scheme of an address is not secret."""
    secret = value[scheme.end() :] if (scheme := _SCHEME.match(value)) else value
    yield from (secret, secret[::-1], secret.replace(" ", "+"))
    for data in _encode(secret):
        yield data.hex()
        yield from _list_base64_cores(data)


def _encode(value: str) -> set[bytes]:
    """Encode a secret in UTF-8 and, if possible, also in Latin-1 (which HTTP's Basic still uses)."""
    encoded = {value.encode("utf-8", "surrogateescape")}
    try:
        return encoded | {value.encode("latin-1")}
    except UnicodeEncodeError:
        return encoded


def _list_base64_cores(data: bytes) -> Iterator[str]:
    """List the parts of a secret that are recognisable in base64, wherever it begins in what was encoded (`user:password`).

    For each of the three alignments, characters that also depend on neighbouring bytes are left out.
    """
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode()
        first, last = -(-offset * 8 // 6), (offset + len(data)) * 8 // 6
        core = encoded[first:last]
        yield from (core, core.replace("+", "-").replace("/", "_"))


def _build_needles(
    spellings: Iterable[str], public: Sequence[str], exact: frozenset[str] = frozenset()
) -> _Needles:
    """Cut spellings into parts; `exact` are the secrets themselves, which count however short or public."""
    pieces = {text for text in exact if 0 < len(text) <= PART}
    beginnings = set[str]()
    for spelling in spellings:
        if len(spelling) >= _LEAST:
            pieces |= _list_pieces(spelling, PART) or {spelling}
            beginnings |= {spelling[:length] for length in range(_LEAST, min(PART, len(spelling)))}
    kept = {piece for piece in pieces if piece in exact or not any(piece in text for text in public)}
    parts = frozenset(piece for piece in kept if len(piece) == PART)
    return _Needles(
        parts,
        frozenset(seed for part in parts for seed in _list_pieces(part, _SEED)),
        {
            length: frozenset(piece for piece in kept if len(piece) == length)
            for length in map(len, kept - parts)
        },
        frozenset(text for text in beginnings if not any(text in known for known in public)),
    )


def _list_pieces(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def _find(needles: _Needles, letters: str) -> Iterator[Span]:
    """Find where in some letters the needles are."""
    parts, seeds = needles.parts, needles.seeds
    for seed in range(0, len(letters), _STRIDE):
        if letters[seed : seed + _SEED] in seeds:
            for at in range(max(0, seed - _STRIDE + 1), seed + 1):
                if letters[at : at + PART] in parts:
                    yield at, at + PART
    for length, short in needles.short.items():
        for at in range(len(letters) - length + 1):
            if letters[at : at + length] in short:
                yield at, at + length
    for length in range(_LEAST, min(PART, len(letters) + 1)):
        if letters[-length:] in needles.beginnings:
            yield len(letters) - length, len(letters)


def _locate(view: _View, spans: Iterable[Span], kept: Sequence[int]) -> Iterator[Span]:
    """Convert the spans of needles among the letters that were kept into spans of the text."""
    for start, end in spans:
        yield view.starts[kept[start]], view.ends[kept[end - 1]]


def _list_views(text: str) -> Iterator[_View]:
    """Yield a text as it stands, and decoded again and again; no reading comes twice."""
    written = _View(_lower(text), range(len(text)), range(1, len(text) + 1))
    yield written
    read = {written.letters}
    for code in _CODES:
        view = written
        for _ in range(_DECODINGS):
            view = _decode(view, code)
            if view.letters in read:
                break
            read.add(view.letters)
            yield view


def _decode(view: _View, code: re.Pattern[str]) -> _View:
    """Replace encoded characters with those that they stand for."""
    letters, starts, ends, done = [], list[int](), list[int](), 0
    for match in code.finditer(view.letters):
        first, last = match.span()
        letters += [view.letters[done:first], decoded := _lower(_decode_run(match))]
        starts += [*view.starts[done:first], *[view.starts[first]] * len(decoded)]
        ends += [*view.ends[done:first], *[view.ends[last - 1]] * len(decoded)]
        done = last
    if not letters:
        return view
    letters.append(view.letters[done:])
    return _View("".join(letters), [*starts, *view.starts[done:]], [*ends, *view.ends[done:]])


def _decode_run(match: re.Match[str]) -> str:
    """Decode what one match of a code stands for."""
    run = match[0]
    if match.lastgroup == "html":
        return unescape(run)
    if match.lastgroup == "escape":
        return _CONTROLS.get(run[1], run[1])
    if match.lastgroup == "byte":
        return chr(int(run.removeprefix("\\x"), base=16))
    if match.lastgroup == "utf16":
        return bytes.fromhex(run.replace("\\u", "")).decode("utf-16-be", "replace")
    data = bytes.fromhex(run.replace("%", ""))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _cut(text: str, spans: Iterable[Span]) -> str:
    """Replace the spans of a text, those that touch or overlap as one."""
    pieces, done = list[str](), 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += [text[done:start], REDACTED]
        done = max(done, end)
    return "".join([*pieces, text[done:]])
