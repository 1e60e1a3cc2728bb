"""Derived files and what came in time: made again when a seal, or the lack of one, changes which rows are late."""

import shutil
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

from constat.history import build_day_path
from constat.interval import DAY_S, Instant, Interval, parse_instant
from constat.model import Evidence, Outcome, Sample, Seal
from constat.register import write_seal
from outside.evidence import store
from tests.support.availability_cases import UTC

MIDNIGHT = parse_instant("2026-11-15T00:00:00Z")
PATH = build_day_path(date(2026, 11, 15))
ENDS = MIDNIGHT + DAY_S
HOUR = 3600
SHA = "0" * 64
WINDOW = Interval(MIDNIGHT, ENDS)


def _fill(root: Path, hours: Iterable[int], outcome: Outcome = Outcome.UP) -> None:
    reason = "refused" if outcome is Outcome.DOWN else ""
    store.append_samples(
        root,
        [
            Sample(MIDNIGHT + hour * HOUR, "smtp", "main", outcome, 9, 1, HOUR, "gha", reason)
            for hour in hours
        ],
    )


def _seal(root: Path, made: Instant, path: str = PATH) -> None:
    file = root / "history" / path
    data = file.read_bytes() if file.exists() else b""
    seal = Seal(made, path, len(data), data.count(b"\n"), sha256(data).hexdigest(), 0, SHA)
    store.append_register(root, [write_seal(seal)])


def _load(root: Path, now: Instant) -> Evidence:
    return store.load_evidence(root, WINDOW, UTC, now)


def _derived(root: Path) -> dict[str, bytes]:
    folder = root / "history" / "derived"
    return {path.name: path.read_bytes() for path in folder.rglob("*.json")}


def _is_as_from_nothing(root: Path, now: Instant) -> bool:
    """Whether evidence and derived files are to the byte what they are where there were none before."""
    kept, bytes_kept = _load(root, now), _derived(root)
    shutil.rmtree(root / "history/derived")
    return (kept, bytes_kept) == (_load(root, now), _derived(root))


def _late(evidence: Evidence) -> bool:
    return any(seen.late for seen in evidence.observed)


def test_unsealed_day_is_digested_again_after_the_deadline(tmp_path: Path) -> None:
    """At 26 hours its rows are still on time, one second later all of them are late."""
    _seal(tmp_path, MIDNIGHT - DAY_S, build_day_path(date(2026, 11, 13)))
    _fill(tmp_path, range(24))
    assert not _late(_load(tmp_path, ENDS + 2 * HOUR))
    before = _derived(tmp_path)
    assert not _late(_load(tmp_path, ENDS + 26 * HOUR))
    assert _derived(tmp_path)["2026-11-15.json"] == before["2026-11-15.json"]
    late = _load(tmp_path, ENDS + 26 * HOUR + 1)
    assert [(seen.runs, seen.late is not None) for seen in late.observed] == [((), True)]
    assert _derived(tmp_path)["2026-11-15.json"] != before["2026-11-15.json"]
    assert _is_as_from_nothing(tmp_path, ENDS + 26 * HOUR + 1)


def test_a_day_that_is_sealed_in_time_keeps_its_derived_file(tmp_path: Path) -> None:
    _fill(tmp_path, range(24))
    _load(tmp_path, ENDS + 2 * HOUR)
    before = _derived(tmp_path)
    _seal(tmp_path, MIDNIGHT - DAY_S, build_day_path(date(2026, 11, 13)))
    _seal(tmp_path, ENDS + 3 * HOUR)
    assert not _late(_load(tmp_path, ENDS + 30 * HOUR))
    assert _derived(tmp_path)["2026-11-15.json"] == before["2026-11-15.json"]
    assert _is_as_from_nothing(tmp_path, ENDS + 30 * HOUR)


def test_rows_after_a_seal_are_late_unless_sealed_again_in_time(tmp_path: Path) -> None:
    """Sealed at one, rows at two, sealed again at three: only what comes after that is late."""
    _seal(tmp_path, MIDNIGHT - DAY_S, build_day_path(date(2026, 11, 13)))
    _fill(tmp_path, range(20))
    _seal(tmp_path, ENDS + HOUR)
    _fill(tmp_path, [20, 21], Outcome.DOWN)
    _seal(tmp_path, ENDS + 3 * HOUR)
    _fill(tmp_path, [22, 23])
    evidence = _load(tmp_path, ENDS + 40 * HOUR)
    (seen,) = evidence.observed
    assert seen.late
    assert evidence.late_rows == {date(2026, 11, 15): 2}
    assert [down.at for down in seen.downs] == [MIDNIGHT + 20 * HOUR, MIDNIGHT + 21 * HOUR]
    # the last row on time speaks until 23:00, so of the late ones only that of 23:00 adds to it
    assert [(run.start - MIDNIGHT) // HOUR for run in seen.late.runs] == [23]
    assert _is_as_from_nothing(tmp_path, ENDS + 40 * HOUR)


def test_derived_file_without_its_day_file_is_used_with_a_warning(tmp_path: Path) -> None:
    """In a sparse checkout it is trusted, with a word of warning once its rows would be late."""
    _seal(tmp_path, MIDNIGHT - DAY_S, build_day_path(date(2026, 11, 13)))
    _fill(tmp_path, range(24))
    _load(tmp_path, ENDS + 2 * HOUR)
    (tmp_path / "history" / PATH).unlink()
    assert not _load(tmp_path, ENDS + 26 * HOUR).skipped
    (warning,) = _load(tmp_path, ENDS + 26 * HOUR + 1).skipped
    assert "which of its rows came late cannot be determined" in warning.why


def test_a_seal_counts_from_its_effective_time(tmp_path: Path) -> None:
    """Its own time is a minute before the deadline, but a line before it is a minute after the deadline."""
    deadline = ENDS + 26 * HOUR
    _seal(tmp_path, MIDNIGHT - DAY_S, build_day_path(date(2026, 11, 13)))
    _fill(tmp_path, range(24))
    _seal(tmp_path, deadline + 60, build_day_path(date(2026, 11, 16)))
    _seal(tmp_path, deadline - 60)
    assert _late(_load(tmp_path, ENDS + 70 * HOUR))
