"""Evidence: all that the figures need of the samples, in run-length form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from constat.interval import Instant, Interval, Stretch
from constat.model.states import Outcome


class DownSample(NamedTuple):
    """The time and reason of one sample whose outcome is down."""

    at: Instant
    reason: str


class CheckEvidence(NamedTuple):
    """The samples of one check from one vantage, in run-length form: all that the figures need of them.

    `runs`: the seconds that its samples speak for (rule 1), by outcome; between the runs nothing is known.
    `downs`: every down sample, oldest first. `newest` and `newest_interval_s`: time and interval of the latest sample.
    """

    service: str
    check: str
    vantage: str
    runs: tuple[Stretch[Outcome], ...]
    downs: tuple[DownSample, ...]
    newest: Instant
    newest_interval_s: int


class SlotRun(NamedTuple):
    """Known samples of one check, from any vantage: one at exactly `n * interval_s` for each n in `first..last`.

    A sample that was not taken on a slot (by a one-shot check) is a run of its own, with `interval_s` 1. So every
    instant is kept, and slots of another length, as the rules in force have them, can be counted from the runs.
    """

    interval_s: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Response times of a service over a day or an hour, in milliseconds, of samples that are up or degraded."""

    count: int
    p50: int
    p95: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a build needs of the samples of a window, whatever the rules.

    It includes the samples before the window that speak into it; readers clip to the window.
    `firsts`: the first sample ever of each (service, check), also from before the window.
    `slots`: the samples of each (service, check), from any vantage, ordered by (interval_s, first).
    `latency`: by service and local day. `skipped`: unreadable rows, by file, with the first line and its fault.
    `hourly`: response times by service and start of the hour, for those of the last 24 hours of the page's clock that
    lie in the window.
    """

    window: Interval
    observed: tuple[CheckEvidence, ...]
    firsts: Mapping[tuple[str, str], Instant]
    slots: Mapping[tuple[str, str], tuple[SlotRun, ...]]
    latency: Mapping[tuple[str, date], Latency]
    skipped: tuple["SkippedRows", ...] = ()
    hourly: Mapping[tuple[str, Instant], Latency] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """The rows of one file that were left out: how many, and the first one with its fault."""

    path: str
    count: int
    line: int
    why: str
