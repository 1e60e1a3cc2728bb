"""Digests: all that the figures need of one day's samples, in run-length form, whatever the rules.

A digest is a pure function of the day files. Digests of following days join into what all samples at once would give:
the last run of a day may reach past its midnight, and is cut at the next day's first sample (rule 1).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from constat.history.rows import DayRows, Look, Series
from constat.interval import Instant, Interval, Stretch, compact
from constat.model import DownSample, Evidence, Latency, Observed, Outcome, SkippedRows, SlotRun

CheckId = tuple[str, str]
"""A service and its check."""

_NEVER: Instant = 1 << 62


@dataclass(frozen=True, slots=True)
class Digest:
    """One local day. `observed` is sorted by service, check and vantage, `slots` and `latency` by their keys."""

    date: date
    observed: tuple[Observed, ...]
    slots: Mapping[CheckId, tuple[SlotRun, ...]]
    latency: Mapping[str, Latency]
    skipped: tuple[SkippedRows, ...]

    @property
    def firsts(self) -> dict[CheckId, Instant]:
        """The first sample of each check on that day: its first run begins with it."""
        return earliest(((seen.service, seen.check), seen.runs[0].start) for seen in self.observed)

    @property
    def reach(self) -> Instant:
        """The instant up to which its samples may speak."""
        return max((seen.runs[-1].end for seen in self.observed), default=0)


def earliest(firsts: Iterable[tuple[CheckId, Instant]]) -> dict[CheckId, Instant]:
    """The smallest instant of each key, sorted by key."""
    found: dict[CheckId, Instant] = {}
    for key, at in firsts:
        found[key] = min(at, found.get(key, at))
    return dict(sorted(found.items()))


def digest_day(day: date, window: Interval, files: Sequence[DayRows]) -> Digest:
    """Digest the samples of a local day; `window` is its seconds, `files` the day files that it meets, oldest first."""
    series = _within(files, window)
    return Digest(
        day,
        tuple(_observe(one) for one in series),
        _slots(series),
        _latency(series),
        tuple(file.skipped for file in files if file.skipped),
    )


def _within(files: Sequence[DayRows], window: Interval) -> list[Series]:
    """The samples of a window, of several files, as one series per check and vantage."""
    found: defaultdict[tuple[str, str, str], list[Look]] = defaultdict(list)
    for series in (series for file in files for series in file.series):
        first = bisect_left(series.looks, window.start, key=_at)
        last = bisect_left(series.looks, window.end, key=_at)
        found[series.service, series.check, series.vantage].extend(series.looks[first:last])
    return [Series(*key, looks) for key, looks in sorted(found.items()) if looks]


def _at(look: Look) -> Instant:
    return look[0]


def _observe(series: Series) -> Observed:
    newest = series.looks[-1]
    downs = tuple(DownSample(look[0], look[5]) for look in series.looks if look[1] is Outcome.DOWN)
    return Observed(
        series.service, series.check, series.vantage, _runs(series.looks), downs, newest[0], newest[4]
    )


def _runs(looks: Sequence[Look]) -> tuple[Stretch[Outcome], ...]:
    """Rule 1: a sample speaks until the next one, but at most twice its own interval."""
    runs: list[Stretch[Outcome]] = []
    start = reach = looks[0][0]
    held = looks[0][1]
    following = [look[0] for look in looks[1:]]
    following.append(_NEVER)
    for (at, outcome, _, _, interval_s, _), next_at in zip(looks, following, strict=True):
        if outcome is not held or at > reach:
            runs.append(Stretch(start, reach, held))
            start, held = at, outcome
        reach = at + 2 * interval_s
        if reach > next_at:  # not min(): this is the innermost loop, and the call costs more than the rest
            reach = next_at
    runs.append(Stretch(start, reach, held))
    return tuple(runs)


def _slots(series: Iterable[Series]) -> dict[CheckId, tuple[SlotRun, ...]]:
    """The samples other than unknown of each check, all vantages together."""
    made: defaultdict[CheckId, list[tuple[int, int]]] = defaultdict(list)
    for one in series:
        made[one.service, one.check] += [
            (interval_s, at // interval_s) if at % interval_s == 0 else (1, at)
            for at, outcome, _, _, interval_s, _ in one.looks
            if outcome is not Outcome.UNKNOWN
        ]
    return {check: _slot_runs(slots) for check, slots in sorted(made.items()) if slots}


def _slot_runs(slots: list[tuple[int, int]]) -> tuple[SlotRun, ...]:
    """Consecutive slots joined, ordered by interval and number, each slot once."""
    slots.sort()
    runs: list[SlotRun] = []
    interval_s, first = slots[0]
    last = first
    for interval, number in slots:
        if interval == interval_s and number - last <= 1:
            last = number
            continue
        runs.append(SlotRun(interval_s, first, last))
        interval_s, first, last = interval, number, number
    runs.append(SlotRun(interval_s, first, last))
    return tuple(runs)


def _latency(series: Iterable[Series]) -> dict[str, Latency]:
    """Response times of each service: of its samples that say up or degraded."""
    times: defaultdict[str, list[int]] = defaultdict(list)
    answered = (Outcome.UP, Outcome.DEGRADED)
    for one in series:
        times[one.service] += [latency for _, outcome, latency, *_ in one.looks if outcome in answered]
    return {service: _percentiles(found) for service, found in sorted(times.items()) if found}


def _percentiles(times: list[int]) -> Latency:
    """Nearest rank: the smallest value that at least that share of all values does not exceed."""
    times.sort()
    count = len(times)
    return Latency(count, times[(50 * count + 99) // 100 - 1], times[(95 * count + 99) // 100 - 1])


def join(digests: Sequence[Digest], window: Interval, firsts: Mapping[CheckId, Instant]) -> Evidence:
    """What several days say together, oldest first. Of days before the window: what speaks into it."""
    found: defaultdict[tuple[str, str, str], list[Observed]] = defaultdict(list)
    slots: defaultdict[CheckId, list[SlotRun]] = defaultdict(list)
    for digest in digests:
        for seen in digest.observed:
            found[seen.service, seen.check, seen.vantage].append(seen)
        for check, runs in digest.slots.items():
            slots[check].extend(runs)
    skipped = {rows.path: rows for digest in digests for rows in digest.skipped}
    return Evidence(
        window,
        tuple(_join_observed(parts, window.start) for _, parts in sorted(found.items())),
        dict(sorted(firsts.items())),
        {check: _join_slots(runs, window.start) for check, runs in sorted(slots.items())},
        {(service, one.date): seen for one in digests for service, seen in one.latency.items()},
        tuple(skipped[path] for path in sorted(skipped)),
    )


def _join_observed(parts: Sequence[Observed], start: Instant) -> Observed:
    runs: list[Stretch[Outcome]] = []
    for part in parts:
        if runs and runs[-1].end > part.runs[0].start:
            runs[-1] = runs[-1]._replace(end=part.runs[0].start)
        runs.extend(part.runs)
    spoken = compact(run for run in runs if run.end > start)
    since = spoken[0].start if spoken else start
    newest = parts[-1]
    return Observed(
        newest.service,
        newest.check,
        newest.vantage,
        spoken,
        tuple(down for part in parts for down in part.downs if down.at >= since),
        newest.newest,
        newest.newest_interval_s,
    )


def _join_slots(runs: Iterable[SlotRun], start: Instant) -> tuple[SlotRun, ...]:
    """Runs of following days joined where they meet, those that ended before the window left out."""
    joined: list[SlotRun] = []
    for run in sorted(runs, key=lambda run: (run.interval_s, run.first)):
        if (run.last + 1) * run.interval_s <= start:
            continue
        last = joined[-1] if joined else None
        if last and last.interval_s == run.interval_s and run.first - last.last <= 1:
            joined[-1] = SlotRun(last.interval_s, last.first, max(last.last, run.last))
        else:
            joined.append(run)
    return tuple(joined)
