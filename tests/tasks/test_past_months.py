"""The months before the shown days are counted once, and again when what they rest on has changed."""

from datetime import timedelta
from pathlib import Path

import pytest

from constat.availability import PastMonth
from constat.history import HEADER, build_day_path
from constat.interval import DAY_S, HOUR_S, format_instant, local_date, midnight, parse_instant
from constat.model import Status
from tasks.past_months import read_past_months
from tasks.project import Project
from tasks.record import record_pending_lines
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = parse_instant("2026-11-25T10:00:00Z")
FIRST = parse_instant("2026-07-10T00:00:00Z")
DOWN = parse_instant("2026-07-31T20:00:00Z")
"""Down for four hours, over midnight in Zurich: from July into August."""
CORRECTION = """\
- service: one
  start: 2026-07-31T20:00Z
  end: 2026-08-01T00:00Z
  becomes: up
  decided: 2026-11-01
  why: "our own probe failed"
  evidence: https://www.maxony.example/why
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A service that is looked at every hour since July, with one outage."""
    write_project(tmp_path, format_service("one", "kind: tcp, host: 127.0.0.1, port: 9", interval="1h"))
    for day in range(FIRST, NOW, DAY_S):
        path = tmp_path / "history" / build_day_path(local_date(day, Project(tmp_path, ROOT, NOW).zone))
        path.parent.mkdir(parents=True, exist_ok=True)
        times = range(day, min(day + DAY_S, NOW), HOUR_S)
        path.write_text("\n".join([HEADER, *map(_row, times), ""]), encoding="utf-8")
    record_pending_lines(Project(tmp_path, ROOT, FIRST))
    return tmp_path


def _row(at: int) -> str:
    down = DOWN <= at < DOWN + 4 * HOUR_S
    cells = ("down", "9000", "refused") if down else ("up", "20", "")
    return f"{format_instant(at)},one,check-0,{cells[0]},{cells[1]},1,3600,here,{cells[2]}"


def _read(root: Path) -> tuple[PastMonth, ...]:
    return read_past_months(Project(root, ROOT, NOW))["one"]


def test_the_months_since_the_first_sample_are_summed_up(root: Path) -> None:
    """The outage over midnight is cut where the months meet."""
    july, august = _read(root)
    assert [day.status for day in july.days[8:10]] == [Status.NO_DATA, Status.OPERATIONAL]
    assert [day.existed for day in july.days[8:10]] == [False, True]
    assert (july.days[-1].down_s, august.days[0].down_s) == (2 * HOUR_S, 2 * HOUR_S)
    assert july.outages[0].end == august.outages[0].start
    assert sum(outage.seconds for month in (july, august) for outage in month.outages) == 4 * HOUR_S


def test_next_build_reads_no_day_of_past_months(root: Path) -> None:
    """The derived files of the days are broken on purpose: a build that reads one counts another figure."""
    before = _read(root)
    for derived in (root / "history" / "derived" / "2026" / "07").glob("*.json"):
        derived.write_bytes(derived.read_bytes().replace(b'"refused"', b'"timeout"'))
    assert _read(root) == before
    (root / "history" / "derived" / "months" / "2026-07.json").write_text("not JSON")
    assert _read(root)[0].outages[0].reason == "timeout"


def test_a_correction_of_a_past_month_is_seen_at_once(root: Path) -> None:
    assert _read(root)[0].outages
    (root / "corrections.yml").write_text(CORRECTION, encoding="utf-8")
    record_pending_lines(Project(root, ROOT, NOW))
    assert not any(month.outages for month in _read(root))


def test_a_day_file_that_grew_is_counted_again(root: Path) -> None:
    zone = Project(root, ROOT, NOW).zone
    quiet = midnight(local_date(DOWN, zone) - timedelta(days=5), zone)
    assert _read(root)[0].days[25].down_s == 0
    path = root / "history" / build_day_path(local_date(quiet + 12 * HOUR_S, zone))
    with path.open("a", encoding="utf-8") as file:
        file.write(
            _row(quiet + 12 * HOUR_S).replace(",up,20,1,3600,here,", ",down,20,1,3600,here,refused") + "\n"
        )
    grown = _read(root)[0]
    assert grown.days[25].down_s == HOUR_S
    assert sum(outage.seconds for outage in grown.outages) == 3 * HOUR_S
