"""A stored month is valid as long as everything that it was computed from is unchanged."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from constat.availability import PastMonth, YearDay
from constat.history import Index, IndexedDay, SourceMark
from constat.interval import DAY_S, days_of, month_interval
from constat.model import Correction, MaintenanceVersion, Outage, Outcome, RecordedRules, Register, Status
from constat.page.past_months import KeptMonth, decode_past_month, describe_basis, encode_past_month
from tests.support.page_objects import RULES

ZURICH = ZoneInfo("Europe/Zurich")
MONTH = month_interval("2026-05", ZURICH)
DAY = date(2026, 5, 9)
RECORDED = RecordedRules(MONTH.start - DAY_S, "smtp", RULES)
REGISTER = Register(services=(RECORDED, RECORDED._replace(service="api")))
CORRECTION = Correction(
    MONTH.end + 60, "smtp", MONTH.start + 60, MONTH.start + 120, Outcome.UP, DAY, "ours", "https://a.example"
)
WINDOW = MaintenanceVersion(
    MONTH.start, "work", ("smtp",), MONTH.start + 60, MONTH.start + 120, cancelled=False
)
MARK = IndexedDay({"2026/05/2026-05-09.csv": SourceMark(10, 10, 0)}, MONTH.start + 9 * DAY_S)
INDEX = Index("Europe/Zurich", {DAY: MARK}, {("smtp", "port"): MONTH.start})


def _basis(register: Register = REGISTER, index: Index = INDEX, service: str = "smtp") -> str:
    return describe_basis(register, index, MONTH, days_of(MONTH, ZURICH))(service)


def test_month_is_read_back_as_stored() -> None:
    quiet = YearDay(date(2026, 5, 1), Status.OPERATIONAL, False, 0, 0, 0, 86_400, 86_400)
    days = (
        quiet,
        quiet._replace(date=date(2026, 5, 2)),
        YearDay(date(2026, 5, 3), Status.OUTAGE, True, 60, 1, 2, 3, 4),
    )
    kept = {
        "smtp": KeptMonth("basis", PastMonth(days, (Outage(1, 2, 0, "timeout after 10 s", recovered=True),)))
    }
    assert decode_past_month(encode_past_month(kept)) == kept


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"schema":0,"services":{}}', b'{"schema":1,"services":{"a":{}}}', b'{"schema":1,"services":[]}', b'{"schema":1,"services":{"a":{"basis":"","days":[[1,"2026-05-01","odd"]],"outages":[]}}}'])  # fmt: skip
def test_invalid_stored_month_raises_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_past_month(data)


@pytest.mark.parametrize(
    "register",
    [
        REGISTER._replace(corrections=(CORRECTION,)),
        REGISTER._replace(maintenance=(WINDOW,)),
        REGISTER._replace(maintenance=(WINDOW, WINDOW._replace(at=MONTH.start + 1, cancelled=True))),
        REGISTER._replace(services=(RECORDED._replace(rules=RULES._replace(require="any")),)),
        REGISTER._replace(services=(*REGISTER.services, RECORDED._replace(at=MONTH.end + DAY_S, rules=None))),
    ],
    ids=["corrected", "announced", "cancelled", "other rules", "gone a day later"],
)
def test_other_promise_or_announcement_changes_the_basis(register: Register) -> None:
    assert _basis(register) != _basis()


@pytest.mark.parametrize(
    "register",
    [
        REGISTER._replace(corrections=(replace(CORRECTION, service="api"),)),
        REGISTER._replace(corrections=(replace(CORRECTION, start=MONTH.end, end=MONTH.end + 60),)),
        REGISTER._replace(maintenance=(WINDOW._replace(starts=MONTH.end, ends=MONTH.end + 60),)),
        REGISTER._replace(services=(RECORDED._replace(at=MONTH.end + 99 * DAY_S),)),
        REGISTER._replace(services=(RECORDED, RECORDED._replace(at=MONTH.end + 99 * DAY_S, rules=None))),
    ],
    ids=[
        "of another service",
        "corrected later",
        "announced for later",
        "first recorded later",
        "gone months later",
    ],
)
def test_events_outside_the_month_keep_the_basis(register: Register) -> None:
    """So a new announcement does not make every build read a year of days."""
    assert _basis(register) == _basis()


def test_other_day_file_or_first_sample_changes_the_basis() -> None:
    grown = IndexedDay({"2026/05/2026-05-09.csv": SourceMark(11, 10, 0)}, MARK.reach)
    assert _basis(index=replace(INDEX, days={DAY: grown})) != _basis()
    assert _basis(index=replace(INDEX, firsts={("smtp", "port"): MONTH.start + 1})) != _basis()
    assert _basis(index=replace(INDEX, firsts={**INDEX.firsts, ("api", "port"): 1})) == _basis()
    assert _basis(index=replace(INDEX, days={**INDEX.days, date(2026, 6, 1): MARK})) == _basis()
    assert _basis(service="api") != _basis()
