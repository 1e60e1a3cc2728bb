"""Evidence: all that the figures need of the samples, in run-length form."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from constat.interval import Instant, Interval, Stretch
from constat.model.states import Outcome

K = TypeVar("K", bound=tuple[Any, ...])
T = TypeVar("T")


class DownSample(NamedTuple):
    """The time and reason of one sample whose outcome is down."""

    at: Instant
    reason: str


class LateEvidence(NamedTuple):
    """The late samples of one check from one vantage: the seconds that they speak for, and every down sample.

    In the evidence of a window they speak only for seconds for which no sample on time speaks; in the digest of a day
    they are not cut yet, since samples of the day before may reach over them.
    """

    runs: tuple[Stretch[Outcome], ...]
    downs: tuple[DownSample, ...]


class CheckEvidence(NamedTuple):
    """The samples of one check from one vantage, in run-length form: all that the figures need of them.

    `runs`: the seconds that its samples on time speak for (rule 1), by outcome; between the runs nothing is known but
    what `late` samples say, which are `None` where there are none. `downs`: every down sample on time, oldest first.
    `newest`, `newest_interval_s` and `newest_reason`: time, interval and reason of the latest sample, on time if there is one.
    """

    service: str
    check: str
    vantage: str
    runs: tuple[Stretch[Outcome], ...]
    downs: tuple[DownSample, ...]
    newest: Instant
    newest_interval_s: int
    late: LateEvidence | None = None
    newest_reason: str = ""

    @property
    def spoken(self) -> tuple[Stretch[Outcome], ...]:
        """The seconds that its samples speak for, on time or late."""
        return self.runs if self.late is None else tuple(sorted((*self.runs, *self.late.runs)))

    @property
    def first(self) -> Instant:
        """The first second of any of its samples."""
        late = self.late.runs if self.late else ()
        return min(runs[0].start for runs in (self.runs, late) if runs)

    @property
    def reach(self) -> Instant:
        """The second up to which any of its samples may speak."""
        late = self.late.runs if self.late else ()
        return max(runs[-1].end for runs in (self.runs, late) if runs)


class SlotRun(NamedTuple):
    """Samples of one check from one vantage: one at exactly `n * interval_s` for each n in `first..last`.

    A sample that was not taken on a slot (by a one-shot check) is a run of its own, with `interval_s` 1. So every
    instant is kept, and slots of another length, as the rules in force have them, can be counted from the runs.
    """

    interval_s: int
    first: int
    last: int


class Slots(NamedTuple):
    """The times of the samples of one check from one vantage, as counting the checks made needs them.

    `known` and `unknown`: samples on time whose outcome is known, or is not. `late`: late samples whose outcome is known.
    Each is ordered by (interval_s, first).
    """

    known: tuple[SlotRun, ...] = ()
    unknown: tuple[SlotRun, ...] = ()
    late: tuple[SlotRun, ...] = ()


@dataclass(frozen=True, slots=True)
class Latency:
    """Response times of a service over a day or an hour, in milliseconds, of samples that are up or degraded.

    `vantages`: the same for the samples from each vantage alone, sorted by name; there, `vantages` is empty.
    """

    count: int
    p50: int
    p95: int
    vantages: tuple[tuple[str, "Latency"], ...] = ()

    def seen_from(self, vantage: str) -> "Latency | None":
        """The response times from one vantage, `None` if nothing answered there."""
        return dict(self.vantages).get(vantage)


@dataclass(frozen=True)
class Evidence:
    """All that a build needs of the samples of a window, whatever the rules.

    It includes the samples before the window that speak into it; readers clip to the window.
    `firsts`: the first sample ever of each (service, check), also from before the window.
    `slots`: the times of the samples of each (service, check, vantage).
    `latency`: by service and local day. `skipped`: unreadable rows, by file, with the first line and its fault.
    `hourly`: response times by service and start of the hour, for those of the last 24 hours of the page's clock that
    lie in the window. `late_rows`: how many rows of a local day are late, for days that have any.
    """

    window: Interval
    observed: tuple[CheckEvidence, ...]
    firsts: Mapping[tuple[str, str], Instant]
    slots: Mapping[tuple[str, str, str], Slots]
    latency: Mapping[tuple[str, date], Latency]
    skipped: tuple["SkippedRows", ...] = ()
    hourly: Mapping[tuple[str, Instant], Latency] = field(default_factory=dict)
    late_rows: Mapping[date, int] = field(default_factory=dict)

    def of_service(self, service: str) -> "Evidence":
        """The evidence of one service alone; it is split once, so that a thousand services do not mean a thousand searches."""
        return self._by_service.get(service) or Evidence(
            self.window, (), {}, {}, {}, self.skipped, {}, self.late_rows
        )

    @cached_property
    def _by_service(self) -> Mapping[str, "Evidence"]:
        observed: defaultdict[str, list[CheckEvidence]] = defaultdict(list)
        for check in self.observed:
            observed[check.service].append(check)
        firsts, slots = _split_by_service(self.firsts), _split_by_service(self.slots)
        latency, hourly = _split_by_service(self.latency), _split_by_service(self.hourly)
        return {
            service: Evidence(
                self.window,
                tuple(observed.get(service, ())),
                firsts.get(service, {}),
                slots.get(service, {}),
                latency.get(service, {}),
                self.skipped,
                hourly.get(service, {}),
                self.late_rows,
            )
            for service in {*observed, *firsts, *slots, *latency, *hourly}
        }


def _split_by_service(mapping: Mapping[K, T]) -> dict[str, dict[K, T]]:
    """A mapping by the service that each of its keys begins with."""
    parts: defaultdict[str, dict[K, T]] = defaultdict(dict)
    for key, value in mapping.items():
        parts[key[0]][key] = value
    return parts


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """The rows of one file that were left out: how many, and the first one with its fault."""

    path: str
    count: int
    line: int
    why: str
