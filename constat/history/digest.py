"""Digests: all that the figures need of the samples of one day, in run-length form, whatever the rules (decision 3).

A digest is a pure function of the day files and of which part of each is on time.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, compress, groupby, islice
from operator import not_
from typing import NamedTuple

from constat.history.rows import DayRows, Series
from constat.interval import Instant, Interval, Stretch, compact
from constat.model import (
    CheckEvidence,
    DownSample,
    LateEvidence,
    Latency,
    Outcome,
    SkippedRows,
    SlotRun,
    Slots,
)

CheckId = tuple[str, str]
"""A service and its check."""
SeatId = tuple[str, str, str]
"""A service, its check, and the vantage from which it is made."""

_NEVER: Instant = 1 << 62
_ANSWERED = frozenset([Outcome.UP, Outcome.DEGRADED])


class Digest(NamedTuple):
    """The digest of a local day. `observed` is sorted by service, check and vantage, `slots` and `latency` by key.

    `late_rows`: how many rows of the day are late, whether or not they are samples. `is_older`: it was read from a file
    of an older schema and lacks what that schema did not hold; where the day files are available, digest them again.
    """

    date: date
    observed: tuple[CheckEvidence, ...]
    slots: Mapping[SeatId, Slots]
    latency: Mapping[str, Latency]
    skipped: tuple[SkippedRows, ...]
    late_rows: int = 0
    is_older: bool = False

    @property
    def firsts(self) -> dict[CheckId, Instant]:
        """The first sample of each check on the day: its first run begins there."""
        return find_earliest(
            ((evidence.service, evidence.check), evidence.first) for evidence in self.observed
        )

    @property
    def reach(self) -> Instant:
        """The instant up to which the samples of the day may speak."""
        return max((evidence.reach for evidence in self.observed), default=0)


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
    seats = _gather_seats(files, window)
    return Digest(
        day,
        tuple(_observe(seat) for seat in seats.values()),
        {key: slots for key, seat in seats.items() if any(slots := _build_slots(seat))},
        _summarise_latency(seat.timely for seat in seats.values()) if response_times else {},
        tuple(file.skipped for file in files if file.skipped),
        sum(at in window for file in files for at in file.late_times),
    )


class _Seat(NamedTuple):
    """The samples of one check from one vantage: those on time and those that are late; one of them may be empty.

    `regular`: whether those on time fill every slot of one interval, as on nearly every day of nearly every check.
    """

    timely: Series
    late: Series
    regular: bool


def _gather_seats(files: Sequence[DayRows], window: Interval) -> dict[SeatId, _Seat]:
    """The samples of several files within a window, sorted by service, check and vantage."""
    timely = _select_within((series for file in files for series in file.series), window)
    late = _select_within((series for file in files for series in file.late), window)
    seats = {}
    for key in sorted({*timely, *late}) if late else timely:
        none = Series(*key, (), ())
        series = timely.get(key, none)
        seats[key] = _Seat(series, late.get(key, none), bool(series.times) and _is_regular(series))
    return seats


def _select_within(given: Iterable[Series], window: Interval) -> dict[SeatId, Series]:
    """The samples within a window, as one series per check and vantage, sorted by them."""
    parts: defaultdict[SeatId, list[Series]] = defaultdict(list)
    for series in given:
        parts[series.service, series.check, series.vantage].append(_cut(series, window))
    whole = {key: _concatenate(*key, cut) for key, cut in sorted(parts.items())}
    return {key: series for key, series in whole.items() if series.times}


def _cut(series: Series, window: Interval) -> Series:
    first, last = bisect_left(series.times, window.start), bisect_left(series.times, window.end)
    times, rows = series.times[first:last], series.rows[first:last]
    return Series(series.service, series.check, series.vantage, times, rows)


def _concatenate(service: str, check: str, vantage: str, parts: Sequence[Series]) -> Series:
    """Join the series of consecutive day files."""
    if len(parts) == 1:
        return parts[0]
    times = tuple(chain.from_iterable(part.times for part in parts))
    rows = tuple(chain.from_iterable(part.rows for part in parts))
    return Series(service, check, vantage, times, rows)


def _observe(seat: _Seat) -> CheckEvidence:
    newest = seat.timely if seat.timely.times else seat.late
    return CheckEvidence(
        newest.service,
        newest.check,
        newest.vantage,
        _build_timely_runs(seat),
        _list_downs(seat.timely),
        newest.times[-1],
        newest.rows[-1].interval_s,
        LateEvidence(_build_late_runs(seat.late, seat.timely), _list_downs(seat.late))
        if seat.late.times
        else None,
        newest.rows[-1].reason,
    )


def _list_downs(series: Series) -> tuple[DownSample, ...]:
    return tuple(
        DownSample(at, row.reason)
        for at, row in zip(series.times, series.rows, strict=True)
        if row.outcome is Outcome.DOWN
    )


def _build_timely_runs(seat: _Seat) -> tuple[Stretch[Outcome], ...]:
    if not seat.timely.times:
        return ()
    return tuple(_build_regular_runs(seat.timely)) if seat.regular else _build_runs(seat.timely)


def _build_late_runs(late: Series, timely: Series) -> tuple[Stretch[Outcome], ...]:
    """The runs of late samples, each until the next sample, on time or late. Runs of samples on time are not cut out yet."""
    ends = sorted((*late.times, *timely.times, _NEVER))
    return compact(
        Stretch(at, min(at + 2 * row.interval_s, ends[bisect_right(ends, at)]), row.outcome)
        for at, row in zip(late.times, late.rows, strict=True)
    )


def _build_runs(series: Series) -> tuple[Stretch[Outcome], ...]:
    """Apply rule 1: a sample speaks until the next one, but for at most twice its own interval."""
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


def _build_regular_runs(series: Series) -> Iterator[Stretch[Outcome]]:
    """Apply rule 1 to a regular series: every sample but the last speaks for one interval, and the last for two."""
    step, start = series.rows[0].interval_s, series.times[0]
    for outcome, same in groupby(row.outcome for row in series.rows):
        end = start + step * len(list(same))
        yield Stretch(start, end if end <= series.times[-1] else end + step, outcome)
        start = end


def _build_slots(seat: _Seat) -> Slots:
    """The samples of one check from one vantage, as slots; a sample that is not on a slot has interval 1."""
    late, _ = _split_slots(seat.late)
    return Slots(*_split_slots(seat.timely, regular=seat.regular), late)


def _split_slots(series: Series, *, regular: bool = False) -> tuple[tuple[SlotRun, ...], tuple[SlotRun, ...]]:
    """The slots of the samples of a series whose outcome is known, and of those whose outcome is not."""
    is_known = [row.outcome is not Outcome.UNKNOWN for row in series.rows]
    if regular and all(is_known):
        step = series.rows[0].interval_s
        return (SlotRun(step, series.times[0] // step, series.times[-1] // step),), ()
    return _number_slots(series, is_known), _number_slots(series, map(not_, is_known))


def _number_slots(series: Series, chosen: Iterable[bool]) -> tuple[SlotRun, ...]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for at, row in compress(zip(series.times, series.rows, strict=True), chosen):
        slot, off = divmod(at, row.interval_s)
        numbers[1 if off else row.interval_s].append(at if off else slot)
    return _join_slots(numbers)


def _join_slots(by_interval: Mapping[int, list[int]]) -> tuple[SlotRun, ...]:
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


def _summarise_latency(series: Iterable[Series]) -> dict[str, Latency]:
    """Response times of each service, from its samples that are up or degraded."""
    times: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for samples in series:
        if answered := [row.latency_ms for row in samples.rows if row.outcome in _ANSWERED]:
            times[samples.service][samples.vantage] += answered
    return {service: _summarise_vantages(by_vantage) for service, by_vantage in sorted(times.items())}


def _summarise_vantages(by_vantage: Mapping[str, list[int]]) -> Latency:
    """The percentiles of all response times, and of those from each vantage: neither can be computed from the other."""
    parts = tuple((vantage, _compute_percentiles(times)) for vantage, times in sorted(by_vantage.items()))
    whole = (
        parts[0][1]
        if len(parts) == 1
        else _compute_percentiles(list(chain.from_iterable(by_vantage.values())))
    )
    return Latency(whole.count, whole.p50, whole.p95, parts)


def summarise_hours(
    files: Sequence[DayRows], hours: Iterable[Interval]
) -> dict[tuple[str, Instant], Latency]:
    """Response times of each service in some hours, by service and start; `files` are the day files that cover them."""
    timely = [series for file in files for series in file.series]
    return {
        (service, hour.start): latency
        for hour in hours
        for service, latency in _summarise_latency(_select_within(timely, hour).values()).items()
    }


def _compute_percentiles(times: list[int]) -> Latency:
    """Compute percentiles by nearest rank: the smallest value such that at least that share of all values is no greater."""
    times.sort()
    count = len(times)
    return Latency(count, times[(50 * count + 99) // 100 - 1], times[(95 * count + 99) // 100 - 1])
