"""Digests: all that the figures need of the samples of one day, in run-length form, whatever the rules (decision 3).

A digest is a pure function of the day files. Digests of following days join into what all samples at once would give:
the last run of a day may reach past midnight, and ends at the next day's first sample (rule 1).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, compress, groupby, islice
from typing import NamedTuple

from constat.history.rows import DayRows, Series
from constat.interval import Instant, Interval, Stretch, compact
from constat.model import CheckEvidence, DownSample, Evidence, Latency, Outcome, SkippedRows, SlotRun

CheckId = tuple[str, str]
"""A service and its check."""

_NEVER: Instant = 1 << 62
_ANSWERED = frozenset([Outcome.UP, Outcome.DEGRADED])


class Digest(NamedTuple):
    """The digest of a local day. `observed` is sorted by service, check and vantage, `slots` and `latency` by key."""

    date: date
    observed: tuple[CheckEvidence, ...]
    slots: Mapping[CheckId, tuple[SlotRun, ...]]
    latency: Mapping[str, Latency]
    skipped: tuple[SkippedRows, ...]

    @property
    def firsts(self) -> dict[CheckId, Instant]:
        """The first sample of each check on the day: its first run begins there."""
        return find_earliest(
            ((evidence.service, evidence.check), evidence.runs[0].start) for evidence in self.observed
        )

    @property
    def reach(self) -> Instant:
        """The instant up to which the samples of the day may speak."""
        return max((evidence.runs[-1].end for evidence in self.observed), default=0)


def find_earliest(firsts: Iterable[tuple[CheckId, Instant]]) -> dict[CheckId, Instant]:
    """The earliest instant of each check, sorted by check."""
    earliest: dict[CheckId, Instant] = {}
    for key, at in firsts:
        earliest[key] = min(at, earliest.get(key, at))
    return dict(sorted(earliest.items()))


def digest_day(
    day: date, window: Interval, files: Sequence[DayRows], *, response_times: bool = True
) -> Digest:
    """Digest the samples of a local day; `window` is its seconds, `files` the day files that overlap it, oldest first."""
    series = _within(files, window)
    regular = [_is_regular(one) for one in series]
    return Digest(
        day,
        tuple(_observe(one, regular=known) for one, known in zip(series, regular, strict=True)),
        _slots(zip(series, regular, strict=True)),
        _latency(series) if response_times else {},
        tuple(file.skipped for file in files if file.skipped),
    )


def _within(files: Sequence[DayRows], window: Interval) -> list[Series]:
    """The samples of several files within a window, as one series per check and vantage."""
    parts: defaultdict[tuple[str, str, str], list[Series]] = defaultdict(list)
    for series in (series for file in files for series in file.series):
        parts[series.service, series.check, series.vantage].append(_cut(series, window))
    whole = (_concatenated(*key, parts_of_one) for key, parts_of_one in sorted(parts.items()))
    return [series for series in whole if series.times]


def _cut(series: Series, window: Interval) -> Series:
    first, last = bisect_left(series.times, window.start), bisect_left(series.times, window.end)
    times, rows = series.times[first:last], series.rows[first:last]
    return Series(series.service, series.check, series.vantage, times, rows)


def _concatenated(service: str, check: str, vantage: str, parts: Sequence[Series]) -> Series:
    """The series of consecutive day files, joined."""
    if len(parts) == 1:
        return parts[0]
    times = tuple(chain.from_iterable(part.times for part in parts))
    rows = tuple(chain.from_iterable(part.rows for part in parts))
    return Series(service, check, vantage, times, rows)


def _observe(series: Series, *, regular: bool) -> CheckEvidence:
    outcomes = [row.outcome for row in series.rows]
    downs = (
        DownSample(at, row.reason)
        for at, row in zip(series.times, series.rows, strict=True)
        if row.outcome is Outcome.DOWN
    )
    return CheckEvidence(
        series.service,
        series.check,
        series.vantage,
        tuple(_regular_runs(series, outcomes)) if regular else _runs(series),
        tuple(downs) if Outcome.DOWN in outcomes else (),
        series.times[-1],
        series.rows[-1].interval_s,
    )


def _runs(series: Series) -> tuple[Stretch[Outcome], ...]:
    """Rule 1: a sample speaks until the next one, but at most twice its own interval."""
    runs: list[Stretch[Outcome]] = []
    start = reach = series.times[0]
    current = series.rows[0].outcome
    following = chain(islice(series.times, 1, None), (_NEVER,))
    for at, (_, outcome, interval_s, *_rest), next_at in zip(
        series.times, series.rows, following, strict=True
    ):
        if outcome is not current or at > reach:
            runs.append(Stretch(start, reach, current))
            start, current = at, outcome
        reach = min(at + 2 * interval_s, next_at)
    runs.append(Stretch(start, reach, current))
    return tuple(runs)


def _is_regular(series: Series) -> bool:
    """Whether there is a sample for every slot of one interval, as on nearly every day of nearly every check."""
    times, step = series.times, series.rows[0].interval_s
    return (
        times[0] % step == 0
        and times == tuple(range(times[0], times[-1] + 1, step))
        and {row.interval_s for row in series.rows} == {step}
    )


def _regular_runs(series: Series, outcomes: Sequence[Outcome]) -> Iterator[Stretch[Outcome]]:
    """Rule 1 for a regular series: every sample but the last speaks for one interval, and the last for two."""
    step, start = series.rows[0].interval_s, series.times[0]
    for outcome, same in groupby(outcomes):
        end = start + step * len(list(same))
        yield Stretch(start, end if end <= series.times[-1] else end + step, outcome)
        start = end


def _slots(series: Iterable[tuple[Series, bool]]) -> dict[CheckId, tuple[SlotRun, ...]]:
    """The known samples of each check from all vantages, as slots; a sample that is not on a slot has interval 1."""
    numbers: defaultdict[CheckId, defaultdict[int, list[Instant]]] = defaultdict(lambda: defaultdict(list))
    for one, regular in series:
        by_interval = numbers[one.service, one.check]
        is_known = [row.outcome is not Outcome.UNKNOWN for row in one.rows]
        if regular and all(is_known):
            step = one.rows[0].interval_s
            by_interval[step] += range(one.times[0] // step, one.times[-1] // step + 1)
            continue
        for at, row in compress(zip(one.times, one.rows, strict=True), is_known):
            slot, off = divmod(at, row.interval_s)
            by_interval[1 if off else row.interval_s].append(at if off else slot)
    runs = {check: _slot_runs(slots) for check, slots in sorted(numbers.items())}
    return {check: joined for check, joined in runs.items() if joined}


def _slot_runs(by_interval: Mapping[int, list[int]]) -> tuple[SlotRun, ...]:
    """Join consecutive slots, ordered by interval and number, each slot once."""
    runs: list[SlotRun] = []
    for interval_s, numbers in sorted(by_interval.items()):
        numbers.sort()
        if not numbers:
            continue
        first = last = numbers[0]
        whole = numbers[-1] - first + 1 == len(set(numbers))
        for number in () if whole else numbers:
            if number - last > 1:
                runs.append(SlotRun(interval_s, first, last))
                first = number
            last = number
        runs.append(SlotRun(interval_s, first, numbers[-1]))
    return tuple(runs)


def _latency(series: Iterable[Series]) -> dict[str, Latency]:
    """Response times of each service, from its samples that are up or degraded."""
    times: defaultdict[str, list[int]] = defaultdict(list)
    for one in series:
        times[one.service] += [row.latency_ms for row in one.rows if row.outcome in _ANSWERED]
    return {
        service: _percentiles(milliseconds) for service, milliseconds in sorted(times.items()) if milliseconds
    }


def summarise_hours(
    files: Sequence[DayRows], hours: Iterable[Interval]
) -> dict[tuple[str, Instant], Latency]:
    """Response times of each service in some hours, by service and start; `files` are the day files that cover them."""
    return {
        (service, hour.start): latency
        for hour in hours
        for service, latency in _latency(_within(files, hour)).items()
    }


def _percentiles(times: list[int]) -> Latency:
    """Nearest rank: the smallest value that at least that share of all values does not exceed."""
    times.sort()
    count = len(times)
    return Latency(count, times[(50 * count + 99) // 100 - 1], times[(95 * count + 99) // 100 - 1])


def join_digests(digests: Sequence[Digest], window: Interval, firsts: Mapping[CheckId, Instant]) -> Evidence:
    """Join the digests of several days, oldest first, into the evidence of a window, with what speaks into it from before."""
    parts: defaultdict[tuple[str, str, str], list[CheckEvidence]] = defaultdict(list)
    slots: defaultdict[CheckId, list[SlotRun]] = defaultdict(list)
    for digest in digests:
        for observed in digest.observed:
            parts[observed.service, observed.check, observed.vantage].append(observed)
        for check, runs in digest.slots.items():
            slots[check].extend(runs)
    skipped = {rows.path: rows for digest in digests for rows in digest.skipped}
    return Evidence(
        window,
        tuple(_join_observed(of_one, window.start) for _, of_one in sorted(parts.items())),
        dict(sorted(firsts.items())),
        {check: _join_slots(runs, window.start) for check, runs in sorted(slots.items())},
        {(service, one.date): latency for one in digests for service, latency in one.latency.items()},
        tuple(skipped[path] for path in sorted(skipped)),
    )


def _join_observed(parts: Sequence[CheckEvidence], start: Instant) -> CheckEvidence:
    runs: list[Stretch[Outcome]] = []
    for part in parts:
        if runs and runs[-1].end > part.runs[0].start:
            runs[-1] = runs[-1]._replace(end=part.runs[0].start)
        runs.extend(part.runs)
    spoken = compact(run for run in runs if run.end > start)
    since = spoken[0].start if spoken else start
    newest = parts[-1]
    return CheckEvidence(
        newest.service,
        newest.check,
        newest.vantage,
        spoken,
        tuple(down for part in parts for down in part.downs if down.at >= since),
        newest.newest,
        newest.newest_interval_s,
    )


def _join_slots(runs: Iterable[SlotRun], start: Instant) -> tuple[SlotRun, ...]:
    """Join the runs of consecutive days where they meet, without those that ended before the window."""
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
