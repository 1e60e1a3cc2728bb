"""Digests as the bytes of derived files, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from constat.history.digest import Digest
from constat.history.on_time import SourceMark
from constat.interval import Instant, Stretch
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
from constat.text.canonical import encode_canonical

SCHEMA = 3
OLDER_SCHEMAS = (2,)
"""Accepted while the day files are not on this disk. Schema 2 lacks response times by vantage and the newest sample's reason."""


class DigestSource(NamedTuple):
    """A day file that a digest was made from, as it was then; `on_time` and `since` as in its `SourceMark`."""

    size: int
    sha256: str
    on_time: int
    since: Instant

    @property
    def mark(self) -> SourceMark:
        """What is known of the file without reading it."""
        return SourceMark(self.size, self.on_time, self.since)


def encode_digest(digest: Digest, zone: str, sources: Mapping[str, DigestSource]) -> bytes:
    """Encode a digest as a derived file; `sources`: the day files that exist, by path."""
    content = {
        "schema": SCHEMA,
        "zone": zone,
        "date": digest.date.isoformat(),
        "sources": {path: source._asdict() for path, source in sources.items()},
        "observed": [_write_observed(evidence) for evidence in digest.observed],
        "slots": [
            [*seat, *([[*run] for run in runs] for runs in slots)] for seat, slots in digest.slots.items()
        ],
        "latency": {service: _write_latency(latency) for service, latency in digest.latency.items()},
        "late_rows": digest.late_rows,
        "skipped": [[rows.path, rows.count, rows.line, rows.why] for rows in digest.skipped],
    }
    return encode_canonical(content).encode() + b"\n"


def _write_observed(evidence: CheckEvidence) -> list[Any]:
    return [
        evidence.service,
        evidence.check,
        evidence.vantage,
        [[start, end, outcome] for start, end, outcome in evidence.runs],
        [list(run) for run in _compress_downs(evidence.downs)],
        evidence.newest,
        evidence.newest_interval_s,
        _write_late(evidence.late) if evidence.late else None,
        evidence.newest_reason,
    ]


def _write_latency(latency: Latency) -> list[Any]:
    parts = [[vantage, part.count, part.p50, part.p95] for vantage, part in latency.vantages]
    return [latency.count, latency.p50, latency.p95, parts]


def _write_late(late: LateEvidence) -> list[Any]:
    return [
        [[start, end, outcome] for start, end, outcome in late.runs],
        [list(run) for run in _compress_downs(late.downs)],
    ]


def _compress_downs(downs: tuple[DownSample, ...]) -> Iterator[tuple[int, int, int, str]]:
    """Yield runs of down samples with one reason at equal distances: (first, step, count, reason)."""
    first = step = count = 0
    reason = ""
    for down in downs:
        gap = down.at - (first + step * (count - 1))
        if count and down.reason == reason and (count == 1 or gap == step):
            step, count = gap, count + 1
            continue
        if count:
            yield first, step, count, reason
        first, step, count, reason = down.at, 0, 1, down.reason
    if count:
        yield first, step, count, reason


def decode_digest(data: bytes, zone: str) -> tuple[Digest, dict[str, DigestSource]]:
    """Read a derived file.

    Raises:
        ValueError: it is not a derived file of ours, or is of a schema that cannot be read, or of another time zone.

    """
    try:
        content = json.loads(data)
        if content["schema"] not in (SCHEMA, *OLDER_SCHEMAS) or content["zone"] != zone:
            raise ValueError("it is of another schema or time zone")
        sources = {path: DigestSource(**source) for path, source in content["sources"].items()}
        return _read_digest(content), sources
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"it is not a derived file: {error!r}") from error


def _read_digest(content: Mapping[str, Any]) -> Digest:
    names, stretches, slot_runs = _Names(), _Stretches(), _SlotRuns()
    return Digest(
        date.fromisoformat(content["date"]),
        tuple(_read_observed(cells, names, stretches) for cells in content["observed"]),
        {
            (names[service], names[check], names[vantage]): Slots(
                *(tuple(slot_runs[tuple(run)] for run in runs) for runs in slots)
            )
            for service, check, vantage, *slots in content["slots"]
        },
        {names[service]: _read_latency(cells, names) for service, cells in content["latency"].items()},
        tuple(SkippedRows(*cells) for cells in content["skipped"]),
        content["late_rows"],
        content["schema"] in OLDER_SCHEMAS,
    )


class _Names(dict[str, str]):
    """Interned names: one that occurs many times is held in memory once."""

    def __missing__(self, name: str) -> str:
        self[name] = name
        return name


class _Stretches(dict[tuple[int, int, str], Stretch[Outcome]]):
    """Interned stretches: those of the checks of a day are mostly the same."""

    def __missing__(self, cells: tuple[int, int, str]) -> Stretch[Outcome]:
        start, end, outcome = cells
        stretch = self[cells] = Stretch(start, end, Outcome(outcome))
        return stretch


class _SlotRuns(dict[tuple[int, int, int], SlotRun]):
    """Interned runs of slots."""

    def __missing__(self, cells: tuple[int, int, int]) -> SlotRun:
        run = self[cells] = SlotRun(*cells)
        return run


def _read_observed(cells: list[Any], names: _Names, stretches: _Stretches) -> CheckEvidence:
    service, check, vantage, runs, down_runs, newest, newest_interval_s, late, *reason = cells
    return CheckEvidence(
        names[service],
        names[check],
        names[vantage],
        _read_runs(runs, stretches),
        tuple(_expand_down_runs(down_runs)) if down_runs else (),
        newest,
        newest_interval_s,
        None
        if late is None
        else LateEvidence(_read_runs(late[0], stretches), tuple(_expand_down_runs(late[1]))),
        *reason,
    )


def _read_latency(cells: list[Any], names: _Names) -> Latency:
    count, p50, p95, *parts = cells
    return Latency(
        count, p50, p95, tuple((names[vantage], Latency(*numbers)) for vantage, *numbers in chain(*parts))
    )


def _read_runs(runs: list[Any], stretches: _Stretches) -> tuple[Stretch[Outcome], ...]:
    return tuple(stretches[tuple(run)] for run in runs)


def _expand_down_runs(down_runs: Iterable[tuple[int, int, int, str]]) -> Iterator[DownSample]:
    for first, step, count, reason in down_runs:
        for number in range(count):
            yield DownSample(first + step * number, reason)
