"""Merging of append-only files that were written in two places: the lines that one copy lacks (decision 17)."""

from collections.abc import Iterator
from typing import Any

from constat.text.safe_json import load_json

_IDENTITY = ("kind", "id", "slug", "service", "start", "end")
"""The fields of a register's line that identify its subject."""


def find_missing_rows(ours: bytes, theirs: bytes) -> bytes:
    """Find the rows to append to `theirs` so that it has every whole row of ours; empty if it has them already.

    Lines are a set: their order means nothing. A last line without its LF is still being written, and is left for
    the next time.
    """
    return _appended(_new_lines(ours, theirs), theirs)


def find_missing_lines(ours: bytes, theirs: bytes) -> bytes:
    """Find the lines to append to their register, whose lines record when something was published.

    Two jobs may have recorded one piece of news at two times. The one that is in `theirs` stands, ours is left out.
    """
    last = {_identity(line): _content(line) for raw in theirs.splitlines() for line in _parse(raw)}
    new = []
    for raw in _new_lines(ours, theirs):
        for line in _parse(raw):
            if last.get(_identity(line)) != _content(line):
                last[_identity(line)] = _content(line)
                new.append(raw)
    return _appended(new, theirs)


def _new_lines(ours: bytes, theirs: bytes) -> list[bytes]:
    known = set(theirs.split(b"\n"))
    return [line for line in dict.fromkeys(ours.split(b"\n")[:-1]) if line not in known]


def _appended(new: list[bytes], theirs: bytes) -> bytes:
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


def _identity(line: dict[str, Any]) -> tuple[object, ...]:
    return tuple(line.get(key) for key in _IDENTITY)


def _content(line: dict[str, Any]) -> dict[str, Any]:
    """The content of a line without its time."""
    return {key: value for key, value in line.items() if key != "at"}
