"""The days of a service for programs: the figures that the page draws."""

import csv
import json
from fractions import Fraction
from io import StringIO
from typing import Any

from constat import api
from constat.model import Day, Latency, Seconds, Status
from tests.support.page_objects import SMTP, make_days, make_page

ORDINARY = make_days(1)[0]._replace(
    status=Status.OUTAGE,
    seconds=Seconds(up=80_000, degraded=400, down=1_000, unknown=5_000),
    maintenance=Seconds(up=500, down=100),
    availability=Fraction(80_400, 81_400),
    latency=Latency(1_000, 84, 210, (("zurich", Latency(600, 60, 90)), ("lima", Latency(400, 190, 230)))),
)
BEFORE = ORDINARY._replace(
    status=Status.NO_DATA,
    seconds=Seconds(),
    maintenance=Seconds(),
    availability=None,
    latency=None,
    existed=False,
)


def build(*shown_days: Day) -> dict[str, bytes]:
    shown = make_page([], [SMTP._replace(days=shown_days)])
    return api.build_history_files(shown, shown.services)


def test_day_lists_seconds_by_state_their_sum_and_announced_ones() -> None:
    document: dict[str, Any] = json.loads(build(ORDINARY)["api/history/smtp.json"])
    assert document == {
        "service": "smtp",
        "timezone": "Europe/Zurich",
        "days": [
            {
                "date": "2026-11-24",
                "status": "outage",
                "partial": False,
                "seconds": {"window": 86_400, "up": 80_000, "degraded": 400, "down": 1_000, "unknown": 5_000},
                "maintenance": {"window": 600, "up": 500, "degraded": 0, "down": 100, "unknown": 0},
                "availability": "98.771",
                "latency_ms": {
                    "p50": 84,
                    "p95": 210,
                    "vantages": {"zurich": {"p50": 60, "p95": 90}, "lima": {"p50": 190, "p95": 230}},
                },
            }
        ],
    }


def test_a_day_before_the_service_existed_has_only_its_date() -> None:
    (day,) = json.loads(build(BEFORE)["api/history/smtp.json"])["days"]
    assert day == {
        "date": "2026-11-24",
        "status": "no_data",
        "partial": None,
        "seconds": None,
        "maintenance": None,
        "availability": None,
        "latency_ms": None,
    }


def test_the_csv_has_the_same_figures() -> None:
    rows = list(csv.DictReader(StringIO(build(BEFORE, ORDINARY)["api/history/smtp.csv"].decode())))
    assert [row["date"] for row in rows] == ["2026-11-24", "2026-11-24"]
    assert (rows[1]["down_s"], rows[1]["maintenance_down_s"]) == ("1000", "100")
    assert (rows[1]["availability"], rows[1]["latency_p95_ms"]) == ("98.771", "210")
    assert [
        rows[0][name] for name in ("window_s", "maintenance_window_s", "availability", "latency_p50_ms")
    ] == [
        "",
        "",
        "",
        "",
    ]


def test_there_are_ninety_days_oldest_first() -> None:
    dates = [
        day["date"]
        for day in json.loads(
            api.build_history_files(make_page(), make_page().services)["api/history/smtp.json"]
        )["days"]
    ]
    assert len(dates) == 90
    assert dates == sorted(dates)
