"""Figures from a project's files: rows that do not belong change nothing."""

from pathlib import Path

from constat.availability import build_account, compute_figures
from constat.history import HEADER, format_row
from constat.interval import Interval, month_interval
from constat.model import Figures, Register, Sample
from outside.evidence import store
from tests.support.availability_cases import SERVICE, UTC, make_rules, make_samples, parse_time, record_rules

NOW = parse_time("2026-10-31 12:00")
START = parse_time("2026-10-30 00:00")


def _lay(root: Path, day: str, samples: list[Sample]) -> None:
    path = root / "history" / day[:4] / day[5:7] / f"{day}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}\n{''.join(map(format_row, samples))}", "utf-8")


def _october(root: Path) -> tuple[Figures, int]:
    """The figures, and how many rows were left out."""
    evidence = store.load_evidence(root, Interval(START, NOW + 1), UTC, NOW)
    held = build_account(Register(services=(record_rules(make_rules()),)), evidence, SERVICE, UTC, NOW)
    month = compute_figures(held, month_interval("2026-10", UTC), NOW)
    return month, sum(rows.count for rows in evidence.skipped)


def test_future_and_misfiled_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    """A clock that ran ahead and a row in the wrong file neither help nor harm."""
    yesterday, today = (
        make_samples(START, parse_time("2026-10-31 00:00")),
        make_samples(parse_time("2026-10-31 00:00"), NOW),
    )
    future = make_samples(NOW + 60, NOW + 3600, "down")
    stray = make_samples(parse_time("2026-10-30 10:00"), parse_time("2026-10-30 11:00"), "down")
    _lay(tmp_path / "good", "2026-10-30", yesterday)
    _lay(tmp_path / "good", "2026-10-31", today)
    _lay(tmp_path / "odd", "2026-10-30", [*yesterday, *today[:5]])
    _lay(tmp_path / "odd", "2026-10-31", [*today, *future, *stray])
    good, left_out = _october(tmp_path / "good")
    assert (good.seconds.up, good.seconds.window, left_out) == (129_600, 129_600, 0)
    assert _october(tmp_path / "odd") == (good, 5 + 59 + 60)
