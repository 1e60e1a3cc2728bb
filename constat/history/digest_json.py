"""Digests as the bytes of derived files, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from constat.history.digest import Digest
from constat.interval import Stretch
from constat.model import CheckEvidence, DownSample, Latency, Outcome, SkippedRows, SlotRun
from constat.text.canonical import encode_canonical

SCHEMA = 1


class DigestSource(NamedTuple):
    """A day file that a digest was made from, as it was then."""

    size: int
    sha256: str


def encode_digest(digest: Digest, zone: str, sources: Mapping[str, DigestSource]) -> bytes:
    """Encode a digest as a derived file; `sources`: the day files that exist, by path."""
    content = {
        "schema": SCHEMA,
        "zone": zone,
        "date": digest.date.isoformat(),
        "sources": {path: {"size": size, "sha256": sha256} for path, (size, sha256) in sources.items()},
        "observed": [_write_observed(evidence) for evidence in digest.observed],
        "slots": [
            [service, check, [[run.interval_s, run.first, run.last] for run in runs]]
            for (service, check), runs in digest.slots.items()
        ],
        "latency": {service: [one.count, one.p50, one.p95] for service, one in digest.latency.items()},
        "skipped": [[rows.path, rows.count, rows.line, rows.why] for rows in digest.skipped],
    }
    return encode_canonical(content).encode() + b"\n"


def _write_observed(evidence: CheckEvidence) -> list[Any]:
    return [
        evidence.service,
        evidence.check,
        evidence.vantage,
        [[start, end, outcome] for start, end, outcome in evidence.runs],
        [list(run) for run in _down_runs(evidence.downs)],
        evidence.newest,
        evidence.newest_interval_s,
    ]


def _down_runs(downs: tuple[DownSample, ...]) -> Iterator[tuple[int, int, int, str]]:
    """Runs of down samples with one reason at equal distances: (first, step, count, reason)."""
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
        ValueError: it is not one of ours, or of another schema, or of another time zone.

    """
    try:
        content = json.loads(data)
        if (content["schema"], content["zone"]) != (SCHEMA, zone):
            raise ValueError("it is of another schema or time zone")
        sources = {path: DigestSource(**source) for path, source in content["sources"].items()}
        return _digest(content), sources
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"it is not a derived file: {error!r}") from error


def _digest(content: Mapping[str, Any]) -> Digest:
    return Digest(
        date.fromisoformat(content["date"]),
        tuple(_read_observed(cells) for cells in content["observed"]),
        {(service, check): tuple(SlotRun(*run) for run in runs) for service, check, runs in content["slots"]},
        {service: Latency(*numbers) for service, numbers in content["latency"].items()},
        tuple(SkippedRows(*cells) for cells in content["skipped"]),
    )


def _read_observed(cells: list[Any]) -> CheckEvidence:
    service, check, vantage, runs, down_runs, newest, newest_interval_s = cells
    return CheckEvidence(
        service,
        check,
        vantage,
        tuple(Stretch(start, end, Outcome(outcome)) for start, end, outcome in runs),
        tuple(_expand_down_runs(down_runs)),
        newest,
        newest_interval_s,
    )


def _expand_down_runs(down_runs: Iterable[tuple[int, int, int, str]]) -> Iterator[DownSample]:
    for first, step, count, reason in down_runs:
        for number in range(count):
            yield DownSample(first + step * number, reason)
