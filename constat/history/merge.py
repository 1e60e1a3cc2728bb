"""Merging of append-only files that were written in two places: the lines that one copy lacks (decision 17)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from constat.interval import Instant, parse_instant
from constat.model import CLOCK_TOLERANCE_S
from constat.text.safe_json import load_json

_IDENTITY = ("kind", "id", "slug", "service", "start", "end", "path")
"""The fields of a register's line that identify its subject."""

_CIRCUMSTANCES = {"seal": ("at", "register")}
"""The fields of a line, by its kind, that do not belong to what it says: when it was written, and after which lines."""


def find_missing_rows(ours: bytes, theirs: bytes, register: bytes = b"", path: str = "") -> bytes:
    """Find the rows to append to `theirs` so that it has every whole row of ours; empty if it has them already.

    Lines are a set: their order means nothing. A last line without its LF is still being written, and is left for
    the next time. Where their register says that something was withdrawn from the file at `path`, older rows of ours
    are left out: one of them may be the very row that a secret had leaked into.
    """
    new = _list_new_lines(ours, theirs)
    withdrawn = _find_withdrawal(register, path) if new else b""
    if withdrawn:
        new = [line for line in new if line.partition(b",")[0] > withdrawn]
    return _format_appended(new, theirs)


def _find_withdrawal(register: bytes, path: str) -> bytes:
    """The time of the last withdrawal from a file, as it is written; empty if there is none."""
    lines = (line for raw in _split(register) if b'"withdrawn"' in raw for line in _parse(raw))
    times = [
        str(line.get("at")) for line in lines if line.get("kind") == "withdrawn" and line.get("path") == path
    ]
    return max(times, default="").encode()


def find_missing_lines(ours: bytes, theirs: bytes) -> bytes:
    """Find the lines to append to their register, whose lines record when something was published.

    Two jobs may have recorded the same change at different times. The line in `theirs` is kept, and ours left out, even
    if theirs has recorded a further change since: ours would then restore an old version. A line of ours that undoes a
    change is new only if the change comes before it in our own file.

    A seal of ours is left out where a line of theirs is younger than it by more than clocks may differ: appended after
    that line, the seal would make it void. The seal has to be made anew.
    """
    known = _Subjects(theirs)
    youngest = max((at for raw in _split(theirs) for at in _read_times(raw)), default=0)
    places = {raw: place for place, raw in enumerate(_split(theirs))}
    new: list[bytes] = []
    for raw in dict.fromkeys(_split(ours)[:-1]):
        if raw in places:
            known.see(raw, places[raw])
        elif not _would_void(raw, youngest) and known.take_new(raw):
            new.append(raw)
    return _format_appended(new, theirs)


class _Said(NamedTuple):
    """What a line says of a subject, and the place of that line."""

    place: int
    words: Mapping[str, Any]


class _Subjects:
    """What their register says of each subject, and how much of that ours has seen up to its current line."""

    def __init__(self, theirs: bytes) -> None:
        self._said: dict[tuple[str | None, ...], list[_Said]] = {}
        self._seen: dict[tuple[str | None, ...], int] = {}
        self._end = 0
        for place, raw in enumerate(_split(theirs)):
            self._end = place + 1
            for line in _parse(raw):
                self._said.setdefault(_identify(line), []).append(_Said(place, _get_words(line)))

    def see(self, raw: bytes, place: int) -> None:
        """Note that ours has a line of theirs, at its place in theirs."""
        for line in _parse(raw):
            subject = _identify(line)
            self._seen[subject] = max(place, self._seen.get(subject, -1))

    def take_new(self, raw: bytes) -> bool:
        """Return whether no line of theirs, after those that ours has seen, says the same as a line of ours.

        A line that is new will be appended, and counts as theirs from now on.
        """
        for line in _parse(raw):
            subject, words = _identify(line), _get_words(line)
            said = self._said.setdefault(subject, [])
            seen = self._seen.get(subject, -1)
            same = next(
                (record.place for record in said if record.place >= seen and record.words == words), None
            )
            if same is not None:
                self._seen[subject] = same
                return False
            said.append(_Said(self._end, words))
            self._seen[subject] = self._end
            self._end += 1
            return True
        return False


def _would_void(raw: bytes, youngest: Instant) -> bool:
    """Whether a line is a seal that would make the youngest of the lines before it void."""
    is_seal = any(line.get("kind") == "seal" for line in _parse(raw))
    return is_seal and any(youngest > at + CLOCK_TOLERANCE_S for at in _read_times(raw))


def _read_times(raw: bytes) -> Iterator[Instant]:
    """The time of a line, if it has one that can be read."""
    for line in _parse(raw):
        with suppress(ValueError, TypeError, KeyError):
            yield parse_instant(line["at"])


def _list_new_lines(ours: bytes, theirs: bytes) -> list[bytes]:
    known = set(_split(theirs))
    return [line for line in dict.fromkeys(_split(ours)[:-1]) if line not in known]


def _split(data: bytes) -> list[bytes]:
    """The lines, and what follows the last LF. CRLF counts as LF: a tool that changed line endings made no line new."""
    return (data.replace(b"\r\n", b"\n") if b"\r" in data else data).split(b"\n")


def _format_appended(new: list[bytes], theirs: bytes) -> bytes:
    """Lines as they are appended: after an LF if the last line of `theirs` is torn."""
    torn = bool(new and theirs and not theirs.endswith(b"\n"))
    return b"\n" * torn + b"".join(line + b"\n" for line in new)


def _parse(raw: bytes) -> Iterator[dict[str, Any]]:
    """The line as JSON, or nothing if it is not an object whose subject is named in text."""
    try:
        line = load_json(raw)
    except ValueError:
        return
    if isinstance(line, dict) and all(isinstance(line.get(key, ""), str) for key in _IDENTITY):
        yield line


def _identify(line: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The subject of a line."""
    return tuple(line.get(key) for key in _IDENTITY)


def _get_words(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Select what a line says, without the circumstances in which it was written."""
    left_out = _CIRCUMSTANCES.get(str(line.get("kind")), ("at",))
    return {key: value for key, value in line.items() if key not in left_out}
