"""Evidence, rolled up: all that the figures need of the samples, in run-length form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from constat.interval import Instant, Interval, Stretch
from constat.model.states import Outcome


class DownSample(NamedTuple):
    """The time and reason of one sample that said down."""

    at: Instant
    reason: str


class CheckEvidence(NamedTuple):
    """What one check saw from one vantage, in run-length form: everything the figures need of the samples.

    `runs`: the seconds over which its samples speak (rule 1), by outcome; where no run is, nothing is known.
    `downs`: every down sample, oldest first. `newest` and `newest_interval_s`: the latest sample.
    """

    service: str
    check: str
    vantage: str
    runs: tuple[Stretch[Outcome], ...]
    downs: tuple[DownSample, ...]
    newest: Instant
    newest_interval_s: int


class SlotRun(NamedTuple):
    """Samples of one check that say something, from any vantage: one at exactly `n * interval_s` for n in `first..last`.

    A sample taken off its slot (by a one-shot check) is a run of its own, with `interval_s` 1. So every instant is
    kept, and slots of another length, as the rules in force have them, can be counted from it.
    """

    interval_s: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Response times of a service over a day or an hour, in milliseconds, of the samples that say up or degraded."""

    count: int
    p50: int
    p95: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a build needs of the samples of a window, whatever the rules.

    Of the time before the window it holds what speaks into it; a reader cuts it to the window.
    `firsts`: the first sample ever of each (service, check), also from before the window.
    `slots`: the samples made by each (service, check), any vantage, ordered by (interval_s, first).
    `latency`: by service and local day. `skipped`: rows that could not be read, by file, with the first line number
    and its trouble. `hourly`: response times by service and start of the hour, of the last 24 hours of the page's
    clock, as far as they lie in the window.
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
    """Rows of one day file that were left out, named once."""

    path: str
    count: int
    line: int
    why: str
