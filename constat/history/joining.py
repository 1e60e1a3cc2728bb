"""The joining of digests of several days, into what a digest of all their samples would give.

The last run of a day may reach past midnight, and ends at the next day's first sample (rule 1). What late samples say is
cut here to the seconds for which no sample on time speaks: a sample of the day before may reach into them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from constat.history.digest import CheckId, Digest, SeatId
from constat.interval import Instant, Interval, Stretch, compact, merge, subtract
from constat.model import CheckEvidence, Evidence, LateEvidence, Outcome, SlotRun, Slots


def join_digests(digests: Sequence[Digest], window: Interval, firsts: Mapping[CheckId, Instant]) -> Evidence:
    """Join the digests of several days, oldest first, into the evidence of a window, including what reaches into it from before."""
    parts: defaultdict[SeatId, list[CheckEvidence]] = defaultdict(list)
    slots: defaultdict[SeatId, list[Slots]] = defaultdict(list)
    for digest in digests:
        for observed in digest.observed:
            parts[observed.service, observed.check, observed.vantage].append(observed)
        for seat, day_slots in digest.slots.items():
            slots[seat].append(day_slots)
    skipped = {rows.path: rows for digest in digests for rows in digest.skipped}
    return Evidence(
        window,
        tuple(_join_observed(seat_parts, window.start) for _, seat_parts in sorted(parts.items())),
        dict(sorted(firsts.items())),
        {seat: _join_slots(seat_slots, window.start) for seat, seat_slots in sorted(slots.items())},
        {
            (service, digest.date): latency
            for digest in digests
            for service, latency in digest.latency.items()
        },
        tuple(skipped[path] for path in sorted(skipped)),
        late_rows={digest.date: digest.late_rows for digest in digests if digest.late_rows},
    )


def _join_observed(parts: Sequence[CheckEvidence], start: Instant) -> CheckEvidence:
    runs = _join_runs(part.runs for part in parts)
    spoken = compact(run for run in runs if run.end > start)
    since = spoken[0].start if spoken else start
    newest = next((part for part in reversed(parts) if part.runs), parts[-1])
    return CheckEvidence(
        newest.service,
        newest.check,
        newest.vantage,
        spoken,
        tuple(down for part in parts for down in part.downs if down.at >= since),
        newest.newest,
        newest.newest_interval_s,
        _join_late(parts, runs, start),
        newest.newest_reason,
    )


def _join_runs(parts: Iterable[Sequence[Stretch[Outcome]]]) -> list[Stretch[Outcome]]:
    """The runs of consecutive days: the last one of a day ends at the latest where the next day's begin."""
    runs: list[Stretch[Outcome]] = []
    for part in parts:
        if runs and part and runs[-1].end > part[0].start:
            runs[-1] = runs[-1]._replace(end=part[0].start)
        runs.extend(part)
    return runs


def _join_late(
    parts: Sequence[CheckEvidence], timely: Iterable[Stretch[Outcome]], start: Instant
) -> LateEvidence | None:
    """Join the late samples of several days, as far as they speak for seconds for which no sample on time speaks."""
    if not any(part.late for part in parts):
        return None
    raw: list[Stretch[Outcome]] = []
    for part in parts:
        if raw and raw[-1].end > part.first:
            raw[-1] = raw[-1]._replace(end=part.first)
        raw.extend(part.late.runs if part.late else ())
    kept = [run for run in raw if run.end > start]
    since = kept[0].start if kept else start
    covered = merge(Interval(begins, ends) for begins, ends, _ in timely)
    cut = (
        Stretch(*span, run.value)
        for run in kept
        for span in subtract([Interval(run.start, run.end)], covered)
    )
    downs = (down for part in parts if part.late for down in part.late.downs if down.at >= since)
    return LateEvidence(compact(cut), tuple(downs))


def _join_slots(parts: Sequence[Slots], start: Instant) -> Slots:
    return Slots(*(_join_slot_runs(chain.from_iterable(runs), start) for runs in zip(*parts, strict=True)))


def _join_slot_runs(runs: Iterable[SlotRun], start: Instant) -> tuple[SlotRun, ...]:
    """Join the runs of consecutive days where they meet, without those that ended before the window."""
    joined: list[SlotRun] = []
    for run in sorted(runs):
        if (run.last + 1) * run.interval_s <= start:
            continue
        last = joined[-1] if joined else None
        if last and last.interval_s == run.interval_s and run.first - last.last <= 1:
            joined[-1] = SlotRun(last.interval_s, last.first, max(last.last, run.last))
        else:
            joined.append(run)
    return tuple(joined)
