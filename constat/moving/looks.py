"""Looks of another tool as rows of evidence: runs of looks with one outcome, and stretches from one change to the next."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from constat.interval import Instant
from constat.model import Outcome
from constat.model.imported import ImportedRow

SPEAKS_FOR_INTERVALS = 2
"""A look holds until the next one, but for at most this many of its intervals (rule 1)."""


class Look(NamedTuple):
    """One look at a service: when it began, what was seen, and how often the tool looked then.

    `outcome` is `None` where the tool recorded that it did not look: that ends what was known, and does not count as a look.
    """

    at: Instant
    outcome: Outcome | None
    interval_s: int
    latency_ms: int | None = None
    reason: str = ""


class _Run(NamedTuple):
    """Looks that follow each other with one outcome, and the second up to which the last one holds."""

    looks: list[Look]
    end: Instant


def write_samples(service: str, looks: Sequence[Look]) -> Iterator[ImportedRow]:
    """Write looks, oldest first, as runs: each look counts in exactly one of them."""
    real = [look for look in looks if look.outcome is not None]
    run: _Run | None = None
    for number, look in enumerate(real):
        end = look.at + SPEAKS_FOR_INTERVALS * look.interval_s
        if number + 1 < len(real):
            end = min(end, real[number + 1].at)
        if run and _continues(run, look):
            run.looks.append(look)
            run = run._replace(end=end)
        else:
            if run:
                yield _write_run(service, run)
            run = _Run([look], end)
    if run:
        yield _write_run(service, run)


def _continues(run: _Run, look: Look) -> bool:
    first = run.looks[0]
    return run.end == look.at and (first.outcome, first.interval_s) == (look.outcome, look.interval_s)


def _write_run(service: str, run: _Run) -> ImportedRow:
    first = run.looks[0]
    latencies = sorted(look.latency_ms for look in run.looks if look.latency_ms is not None)
    return ImportedRow(
        service,
        first.at,
        run.end,
        first.outcome or Outcome.UNKNOWN,
        "samples",
        len(run.looks),
        first.interval_s,
        latencies[(len(latencies) - 1) // 2] if latencies else None,
        first.reason,
    )


def write_changes(service: str, looks: Sequence[Look], end: Instant | None) -> Iterator[ImportedRow]:
    """Write the time from one recorded change to the next.

    `end`: the second from which better evidence exists; `None` where the record just stops, and the end of the last
    stretch is not known.
    """
    first: Look | None = None
    count = 0
    for look in looks:
        if first is not None and look.outcome == first.outcome:
            count += 1
            continue
        if first is not None:
            yield _write_change(service, first, look.at, count)
        first, count = (None, 0) if look.outcome is None else (look, 1)
    if first is not None:
        yield _write_change(service, first, end, count)


def _write_change(service: str, first: Look, end: Instant | None, count: int) -> ImportedRow:
    outcome = first.outcome or Outcome.UNKNOWN
    return ImportedRow(
        service, first.at, end, outcome, "changes", count, first.interval_s, None, first.reason
    )
