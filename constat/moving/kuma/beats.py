"""Heartbeats as looks: retries are folded into the look that they belong to, and beats are counted by status."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from constat.interval import HOUR_S, MINUTE_S, Instant
from constat.model import Outcome
from constat.moving.foreign_times import read_time
from constat.moving.kuma.kuma_reasons import find_reason
from constat.moving.kuma.tables import Row, get_flag, get_number, get_text
from constat.moving.looks import Look

DOWN, UP, PENDING, MAINTENANCE = 0, 1, 2, 3
STATUS_NAMES: Final = {DOWN: "down", UP: "up", PENDING: "pending", MAINTENANCE: "maintenance"}

_AS_KUMA_WRITES: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?", re.ASCII
)

_OUTCOMES: Final = {DOWN: Outcome.DOWN, UP: Outcome.UP}


class Rhythm(NamedTuple):
    """How often a monitor looks, and how long it waits before it looks again at what failed, in seconds."""

    interval_s: int
    retry_s: int

    @property
    def longest_pause_s(self) -> int:
        """The longest time between two attempts of one look: after a longer one, Kuma was off in between."""
        return 2 * max(self.interval_s, self.retry_s)


@dataclass(slots=True)
class FoldedBeats:
    """The looks of a monitor, oldest first, and how many beats of each status they came from.

    `folded`: pending beats that became part of a look that ended; `open_runs`: runs of pending beats that ended in
    neither up nor down. `unreadable`: beats without a time or with another status. `kept_from`: the first second from
    which every beat is kept; before it Kuma kept only changes. `None` where no beat shows it.
    """

    looks: list[Look] = field(default_factory=list)
    by_status: Counter[str] = field(default_factory=Counter)
    folded: int = 0
    open_runs: int = 0
    unreadable: int = 0
    kept_from: Instant | None = None


class _Beat(NamedTuple):
    at: Instant
    status: int
    latency_ms: int | None
    reason: str


def fold_beats(rows: Iterable[Row], rhythm: Rhythm) -> FoldedBeats:
    """Fold beats, given oldest first, into looks."""
    folded = FoldedBeats()
    pending: list[_Beat] = []
    for row in rows:
        beat = _read_beat(row)
        if beat is None:
            folded.unreadable += 1
            continue
        folded.by_status[STATUS_NAMES[beat.status]] += 1
        if not get_flag(row, "important") and folded.kept_from is None:
            folded.kept_from = beat.at
        if pending and beat.at - pending[-1].at > rhythm.longest_pause_s:
            _end_openly(folded, pending, rhythm)
        _take_beat(folded, pending, beat, rhythm)
    _end_openly(folded, pending, rhythm)
    return folded


def _read_beat(row: Row) -> _Beat | None:
    at, status = _read_time(get_text(row, "time")), get_number(row, "status", -1)
    if at is None or status not in STATUS_NAMES:
        return None
    ping = row.get("ping")
    latency = int(ping) if isinstance(ping, int | float) and ping >= 0 else None
    return _Beat(at, status, latency, find_reason(get_text(row, "msg")) if status == DOWN else "")


def _read_time(text: str) -> Instant | None:
    """The time of a beat, cut to its second. Many beats share a day, which is parsed once."""
    match = _AS_KUMA_WRITES.fullmatch(text)
    midnight = _read_midnight(match[1]) if match else None
    if match is None or midnight is None:
        return read_time(text)
    hour, minute, second = match.group(2, 3, 4)
    return midnight + int(hour) * HOUR_S + int(minute) * MINUTE_S + int(second)


@lru_cache(maxsize=4096)
def _read_midnight(day: str) -> Instant | None:
    return read_time(f"{day} 00:00:00")


def _take_beat(folded: FoldedBeats, pending: list[_Beat], beat: _Beat, rhythm: Rhythm) -> None:
    if beat.status == PENDING:
        pending.append(beat)
    elif beat.status == MAINTENANCE:
        _end_openly(folded, pending, rhythm)
        folded.looks.append(Look(beat.at, None, rhythm.interval_s))
    else:
        began = pending[0].at if pending else beat.at
        folded.folded += len(pending)
        pending.clear()
        folded.looks.append(
            Look(began, _OUTCOMES[beat.status], rhythm.interval_s, beat.latency_ms, beat.reason)
        )


def _end_openly(folded: FoldedBeats, pending: list[_Beat], rhythm: Rhythm) -> None:
    """End a run of pending beats that ended in neither up nor down: the outcome is unknown."""
    if pending:
        folded.looks.append(Look(pending[0].at, Outcome.UNKNOWN, rhythm.interval_s))
        folded.folded += len(pending)
        folded.open_runs += 1
        pending.clear()
