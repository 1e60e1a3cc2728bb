"""Schedules of cron, and how often they run."""

import pytest

from constat.moving.cron import CronError, parse_cron


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("*/5 * * * *", 5),
        ("0 * * * *", 60),
        ("*/7 * * * *", 7),
        ("0 */2 * * *", 120),
        ("5,35 * * * *", 30),
        ("@hourly", 60),
        ("0 23 * * *", 1440),
        ("0 0/15 * * * *", 15),
    ],
)
def test_schedule_interval_is_the_most_common_one(text: str, minutes: int) -> None:
    assert parse_cron(text).interval_s == 60 * minutes


@pytest.mark.parametrize(
    "text", ["", "often", "* * * *", "61 * * * *", "*/0 * * * *", "5-1 * * * *", "1" * 300]
)
def test_invalid_schedule_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        parse_cron(text)
