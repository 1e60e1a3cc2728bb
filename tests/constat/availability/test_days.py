"""A day's bar (rule 17): each limit, from both sides."""

import pytest

from constat.availability.days import decide_day_status
from constat.model import Seconds, Status
from tests.support.availability_cases import Case, announce_maintenance, make_samples, parse_time

NONE = Seconds()


@pytest.mark.parametrize(
    ("seconds", "maintenance", "shown"),
    [
        (Seconds(up=86_340, down=60), NONE, Status.OUTAGE),
        (Seconds(up=86_341, down=59), NONE, Status.DEGRADED),
        (Seconds(up=86_399, down=1), NONE, Status.DEGRADED),
        (Seconds(up=86_340, degraded=60), NONE, Status.DEGRADED),
        (Seconds(up=86_341, degraded=59), NONE, Status.OPERATIONAL),
        (Seconds(up=82_800, down=3600), Seconds(down=3600), Status.MAINTENANCE),
        (Seconds(up=82_740, down=3660), Seconds(down=3600), Status.OUTAGE),
        (Seconds(up=86_400), Seconds(up=60), Status.MAINTENANCE),
        (Seconds(up=86_400), Seconds(up=59), Status.OPERATIONAL),
        (Seconds(up=8639, unknown=77_761), NONE, Status.NO_DATA),
        (Seconds(up=8640, unknown=77_760), NONE, Status.OPERATIONAL),
        (Seconds(up=8639, unknown=77_761), Seconds(unknown=3600), Status.NO_DATA),
        (Seconds(down=60, unknown=86_340), NONE, Status.OUTAGE),
        (NONE, NONE, Status.NO_DATA),
    ],
)
def test_each_day_has_its_status(seconds: Seconds, maintenance: Seconds, shown: Status) -> None:
    assert decide_day_status(seconds, maintenance) is shown


@pytest.mark.parametrize(("unknown", "partial"), [(8640, False), (8641, True)])
def test_a_day_of_which_we_saw_less_than_nine_tenths_is_partial(unknown: int, *, partial: bool) -> None:
    """8,640 s are a tenth of the day: seen until 21:36:00 it is not partial, a second less and it is."""
    start = parse_time("2026-10-30 00:00")
    seen = make_samples(
        start, parse_time("2026-10-30 21:35")
    )  # the last look, of 21:34, speaks for two minutes
    by_hand = make_samples(
        parse_time("2026-10-30 21:35:57"), parse_time("2026-10-30 21:35:58"), every=1
    )  # and this one for two seconds
    tomorrow = make_samples(parse_time("2026-10-31 00:00"), parse_time("2026-10-31 00:01"))
    (day,) = Case([*seen, *(by_hand if partial else []), *tomorrow]).build_days("2026-10-30")
    assert day.seconds.unknown == unknown
    assert day.partial is partial


def test_day_before_the_service_began_is_empty() -> None:
    """Nothing is owed of it and nothing is shown of it."""
    case = Case(make_samples(parse_time("2026-10-31 00:00"), parse_time("2026-11-01 00:00")))
    before, first = case.build_days("2026-10-30", "2026-10-31")
    assert (before.existed, before.status, before.partial, before.seconds.window) == (
        False,
        Status.NO_DATA,
        False,
        0,
    )
    assert (first.existed, first.status) == (True, Status.OPERATIONAL)


def test_today_is_judged_by_the_hours_so_far() -> None:
    """An hour seen of an hour is all of it; what is announced for the evening is not there yet."""
    now = parse_time("2026-10-31 01:00")
    evening = announce_maintenance(
        parse_time("2026-10-30 00:00"), parse_time("2026-10-31 00:30"), parse_time("2026-10-31 22:00")
    )
    case = Case(make_samples(parse_time("2026-10-30 12:00"), now + 60), notices=(evening,), now=now)
    (today,) = case.build_days("2026-10-31")
    assert (today.seconds.window, today.seconds.up, today.maintenance.window) == (3600, 3600, 1800)
    assert (today.status, today.partial) == (Status.MAINTENANCE, False)


def test_day_has_its_response_times() -> None:
    (day,) = Case(make_samples(parse_time("2026-10-30 00:00"), parse_time("2026-10-31 00:00"))).build_days(
        "2026-10-30"
    )
    assert day.latency is not None
    assert (day.latency.count, day.latency.p50) == (1440, 12)
