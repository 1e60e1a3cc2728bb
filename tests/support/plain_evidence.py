"""Evidence made from samples, for tests of the arithmetic: short, slow and obvious."""

from collections import defaultdict
from collections.abc import Iterable

from constat.interval import Instant, Interval, Stretch, compact
from constat.model import CheckEvidence, DownSample, Evidence, Outcome, Sample, SlotRun, Slots

GRAVITY = ("down", "degraded", "up", "unknown")


def roll_up_samples(samples: Iterable[Sample], window: Interval) -> Evidence:
    """Roll samples up into evidence; of several samples with one key the worst counts."""
    kept: dict[tuple[Instant, str, str, str], Sample] = {}
    for sample in samples:
        key = (sample.at, sample.service, sample.check, sample.vantage)
        rivals = [sample, kept[key]] if key in kept else [sample]
        kept[key] = min(rivals, key=lambda rival: (GRAVITY.index(rival.outcome), join_cells(rival)))
    rows = sorted(kept.values(), key=lambda sample: sample.at)
    seats: dict[tuple[str, str, str], list[Sample]] = defaultdict(list)
    firsts: dict[tuple[str, str], Instant] = {}
    made: dict[tuple[str, str, str], set[Instant]] = defaultdict(set)
    for row in rows:
        seats[row.service, row.check, row.vantage].append(row)
        firsts.setdefault((row.service, row.check), row.at)
        if row.outcome is not Outcome.UNKNOWN:
            made[row.service, row.check, row.vantage].add(row.at)
    return Evidence(
        window=window,
        observed=tuple(_roll_up_check(seat) for seat in seats.values()),
        firsts=firsts,
        slots={key: Slots(tuple(SlotRun(1, at, at) for at in sorted(ats))) for key, ats in made.items()},
        latency={},
    )


def join_cells(sample: Sample) -> bytes:
    """Join the cells of a sample except its time, to order rows with one key."""
    return (
        f"{sample.outcome},{sample.latency_ms},{sample.attempts},{sample.interval_s},{sample.vantage},{sample.reason}"
    ).encode()


def _roll_up_check(rows: list[Sample]) -> CheckEvidence:
    ends = [row.at for row in rows[1:]] + [2**40]
    runs = (
        Stretch(row.at, min(following, row.at + 2 * row.interval_s), row.outcome)
        for row, following in zip(rows, ends, strict=True)
    )
    return CheckEvidence(
        service=rows[0].service,
        check=rows[0].check,
        vantage=rows[0].vantage,
        runs=compact(runs),
        downs=tuple(DownSample(row.at, row.reason) for row in rows if row.outcome is Outcome.DOWN),
        newest=rows[-1].at,
        newest_interval_s=rows[-1].interval_s,
        newest_reason=rows[-1].reason,
    )
