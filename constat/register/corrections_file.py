"""The file corrections.yml of a project: the decisions about false alarms and unseen outages (rule 8)."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from constat.errors import InputError, Problem
from constat.interval import HOUR_S, Instant, format_instant, parse_instant
from constat.model import Correction, Outcome
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Document, Path, read_yaml

CORRECTIONS = "corrections.yml"
"""The path of the file in the project."""

KEYS = ("service", "start", "end", "becomes", "decided", "why", "evidence")
BECOMES = (Outcome.UP, Outcome.UNKNOWN, Outcome.DOWN)

_EXAMPLE = "write a list: - {service: api, start: 2026-11-20T03:00:00Z, end: ..., becomes: up, ...}"
_TIME = "write it as 2026-11-20T03:00:00Z"


def parse_corrections(
    text: str, file: str, services: Collection[str], now: Instant
) -> tuple[tuple[Correction, ...], tuple[Problem, ...]]:
    """Read corrections: the valid ones, oldest first, and all problems.

    `services`: the ids that may be named, which are those of `status.yml` and of the register. An invalid correction is
    left out; so is the later one in the file of two that overlap.
    """
    try:
        document = read_yaml(text, file)
    except InputError as error:
        return (), error.problems
    if not isinstance(document.data, list):
        empty = document.data == ""
        return (), () if empty else (document.problem((), "not a list of corrections", _EXAMPLE),)
    entries = [_Entry(document, number, services, now) for number in range(len(document.data))]
    good = [(entry, entry.correction) for entry in entries if entry.correction is not None]
    kept, overlaps = _separate(good)
    problems = (problem for entry in entries for problem in entry.problems)
    return tuple(sorted(kept, key=lambda correction: (correction.start, correction.service))), (
        *problems,
        *overlaps,
    )


class _Entry:
    """One entry of the file: its correction, `None` if it is invalid, and its problems."""

    def __init__(self, document: Document, number: int, services: Collection[str], now: Instant) -> None:
        self._document = document
        self._path: Path = (number,)
        self.problems: list[Problem] = []
        self.correction = self._read(services, now)

    @property
    def line(self) -> int:
        """The line on which the entry begins."""
        return self._document.place(self._path)[0]

    def problem(self, message: str, hint: str = "", key: str | None = None, *, at_key: bool = False) -> None:
        """Add a problem of the entry, or of one of its keys."""
        path = self._path if key is None else (*self._path, key)
        self.problems.append(self._document.problem(path, message, hint, at_key=at_key))

    def _read(self, services: Collection[str], now: Instant) -> Correction | None:
        if not isinstance(self._document.value_at(self._path), dict):
            self.problem("not a correction", _EXAMPLE)
            return None
        self._check_keys()
        service, becomes = self._read_service(services), self._read_becomes()
        start, end = self._read_instant("start"), self._read_instant("end")
        decided, why, evidence = self._read_decided(now), self._read_text("why"), self._read_text("evidence")
        if start is not None and end is not None:
            self._check_window(start, end, now)
        if self.problems or start is None or end is None or decided is None:
            return None
        return Correction(now, service, start, end, becomes, decided, why, evidence, self.line)

    def _check_keys(self) -> None:
        fields = self._document.value_at(self._path)
        for key in fields if isinstance(fields, dict) else ():
            if key not in KEYS:
                self.problem(f"unknown key {key}", did_you_mean(key, KEYS), key, at_key=True)
        for key in KEYS:
            if self._document.value_at((*self._path, key)) is None:
                self.problem(f"the correction has no {key}", _MISSING.get(key, f"add {key}:"))

    def _read_text(self, key: str) -> str:
        """The text of a key, empty if it is missing (which is a problem already) or not a text."""
        value = self._document.value_at((*self._path, key))
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problem(f"{key} is empty", _MISSING.get(key, "write a text"), key)
            return ""
        return value.strip()

    def _read_service(self, services: Collection[str]) -> str:
        service = self._read_text("service")
        if service and service not in services:
            self.problem(f"unknown service {service}", did_you_mean(service, sorted(services)), "service")
        return service

    def _read_becomes(self) -> Outcome | None:
        text = self._read_text("becomes")
        if text and text not in BECOMES:
            self.problem(f"becomes cannot be {text}", "write up, unknown or down", "becomes")
            return None
        return Outcome(text) if text else None

    def _read_instant(self, key: str) -> Instant | None:
        text = self._read_text(key)
        try:
            return parse_instant(text) if text else None
        except ValueError as error:
            self.problem(f"{key}: {error}", _TIME, key)
            return None

    def _read_decided(self, now: Instant) -> date | None:
        text = self._read_text("decided")
        if not text:
            return None
        try:
            decided = date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
        except ValueError:
            self.problem(f"decided: {text!r} is not a valid date", "write it as 2026-11-21", "decided")
            return None
        if decided.isoformat() > format_instant(now + _EASTERNMOST_S):
            self.problem("decided in the future", "a correction is written when it is decided", "decided")
        return decided

    def _check_window(self, start: Instant, end: Instant, now: Instant) -> None:
        if end <= start:
            self.problem("ends before it starts", "swap start and end", "end")
        elif end > now:
            self.problem(
                "in the future", "only what is past can be corrected; end it at the latest now", "end"
            )


_MISSING = {
    "evidence": "add evidence: a link to what shows it",
    "why": "say why in one sentence",
    "decided": "add decided: the date",
    "becomes": "add becomes: up, unknown or down",
}
_EASTERNMOST_S = 14 * HOUR_S
"""The easternmost time zone: a date is in the future only if it has begun nowhere on earth."""


def _separate(entries: Sequence[tuple[_Entry, Correction]]) -> tuple[list[Correction], list[Problem]]:
    """Separate overlapping corrections of one service: those that are kept, and a problem for each of the others."""
    kept: list[tuple[_Entry, Correction]] = []
    problems: list[Problem] = []
    for entry, correction in entries:
        rival = next((other for other in kept if _overlap(other[1], correction)), None)
        if rival is None:
            kept.append((entry, correction))
            continue
        line = rival[0].line
        entry.problem(
            f"overlaps the correction on line {line}", "a second has one correction at most", "start"
        )
        problems.append(entry.problems.pop())
    return [correction for _, correction in kept], problems


def _overlap(first: Correction, second: Correction) -> bool:
    return first.service == second.service and first.start < second.end and second.start < first.end
