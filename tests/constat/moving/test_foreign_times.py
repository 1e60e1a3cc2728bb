"""Times and time zones as other tools write them."""

import pytest

from constat.interval import parse_instant
from constat.moving.foreign_times import RAILS_ZONES, find_zone, read_time


def test_every_rails_zone_is_known() -> None:
    assert len(RAILS_ZONES) > 140
    assert [name for name in RAILS_ZONES if find_zone(name) is None] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-01 10:00:00 +0200 CEST", "2024-05-01T08:00:00Z"),
        ("2024-05-01 10:00:00 +0000 UTC", "2024-05-01T10:00:00Z"),
        ("2024-05-01T9:00:00.999-00:00", "2024-05-01T09:00:00Z"),
        ("2024-05-01 10:00:00 CEST", None),
        ("2024-05-01T015:00:00Z", None),
        ("2024-05-01T10:00:00+25:00", None),
    ],
)
def test_valid_time_is_read_and_invalid_one_is_none(written: str, meant: str | None) -> None:
    assert read_time(written) == (parse_instant(meant) if meant else None)
