"""The chain, and what a month rests on."""

from zoneinfo import ZoneInfo

import pytest

from constat.errors import EvidenceError, UsageError
from constat.interval import month_interval, parse_instant
from constat.model import RecordedPage, RecordedText, Register
from constat.statement import find_zone, list_evidence_days, month_before, parse_month, take_whole_lines
from constat.statement.scope import list_support_promises, parse_zone
from tests.support.availability_cases import make_check_rules, make_rules, record_rules

ZURICH, NEW_YORK = ZoneInfo("Europe/Zurich"), ZoneInfo("America/New_York")


def test_the_month_before_january_is_december() -> None:
    assert (month_before("2026-01"), month_before("2026-10")) == ("2025-12", "2026-09")


def test_a_month_rests_on_its_utc_days_and_the_day_before() -> None:
    """East of Greenwich it begins on the last UTC day of the month before, west of it it ends on the first of the next."""
    register = Register(services=(record_rules(make_rules()),))
    east = list_evidence_days(month_interval("2026-10", ZURICH), register)
    assert (east[0], east[-1], len(east)) == ("2026/09/2026-09-29.csv", "2026/10/2026-10-31.csv", 33)
    west = list_evidence_days(month_interval("2026-10", NEW_YORK), register)
    assert (west[0], west[-1], len(west)) == ("2026/09/2026-09-30.csv", "2026/11/2026-11-01.csv", 33)


@pytest.mark.parametrize(("hours", "first"), [(12, "29"), (13, "28"), (24, "28"), (25, "27")])
def test_longer_interval_includes_more_days_before_the_month(hours: int, first: str) -> None:
    """A sample counts for twice its interval: a daily check needs two days before the month."""
    held = make_rules(checks={"main": make_check_rules(interval_s=hours * 3600)})
    days = list_evidence_days(month_interval("2026-10", ZURICH), Register(services=(record_rules(held),)))
    assert days[0] == f"2026/09/2026-09-{first}.csv"


def test_the_zone_of_a_month_is_that_in_force_when_it_began() -> None:
    """The first recorded one also holds before; a change in the month is the next month's."""
    register = Register(
        pages=(
            RecordedPage(parse_instant("2026-09-05T00:00:00Z"), "Europe/Zurich"),
            RecordedPage(parse_instant("2026-10-05T00:00:00Z"), "America/New_York"),
        )
    )
    zones = [find_zone(register, month) for month in ("2026-08", "2026-09", "2026-10", "2026-11")]
    assert zones == [ZURICH, ZURICH, ZURICH, NEW_YORK]
    assert find_zone(Register(), "2026-10") is None


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Zurich\n", "Europe"]
)
def test_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(EvidenceError, match="there is no time zone"):
        parse_zone(name)


def test_invalid_month_has_no_window() -> None:
    with pytest.raises(UsageError, match="2026-00 is not a valid month"):
        parse_month("2026-00", ZURICH)


def test_only_whole_lines_of_the_register_count() -> None:
    assert take_whole_lines(b"one\ntwo\nthr") == b"one\ntwo\n"
    assert take_whole_lines(b"one\ntwo\nthree\n", 2) == b"one\ntwo\n"
    assert take_whole_lines(b"one\r\n") == b"one\r\n"
    assert take_whole_lines(b"") == b""


def test_unreadable_promise_is_reported() -> None:
    broken = Register(support=(RecordedText(0, '{"hours":[],"clock":"sometimes","levels":[]}'),))
    with pytest.raises(EvidenceError, match="neither union nor own"):
        list_support_promises(broken)
