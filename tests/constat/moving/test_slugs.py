"""Slugs and schedules as Upptime reads them."""

import pytest

from constat.moving.cron import CronError, parse_cron
from constat.moving.upptime.slugs import make_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("GitHub", "git-hub"),
        ("MySQL Playground", "my-sql-playground"),
        ("Manual (dev)", "manual-dev"),
        ("IPv6 test", "i-pv6-test"),
        ("Hacker News", "hacker-news"),
        ("Secret Site", "secret-site"),
        ("🛒 Shop", "shop"),
        ("R&D", "r-and-d"),
        ("Über uns", "ueber-uns"),
        ("Crème brûlée", "creme-brulee"),
        ("the shop's door", "the-shops-door"),
        ("APIs", "apis"),
        ("HTML5 site", "html-5-site"),
        ("  --  ", ""),
    ],
)
def test_a_slug_is_the_one_that_upptime_makes(name: str, slug: str) -> None:
    """The first six name files of real repositories."""
    assert make_slug(name) == slug


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
def test_the_interval_of_a_schedule_is_its_usual_one(text: str, minutes: int) -> None:
    assert parse_cron(text).interval_s == 60 * minutes


@pytest.mark.parametrize(
    "text", ["", "often", "* * * *", "61 * * * *", "*/0 * * * *", "5-1 * * * *", "1" * 300]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(CronError):
        parse_cron(text)
