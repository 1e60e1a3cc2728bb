"""`/api/history/<service>.json` and `.csv`: the days of a service, oldest first."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import TypedDict

from constat.api.json_bytes import encode_json
from constat.availability import format_percent
from constat.model import Day, Latency
from constat.page import Page

_SECONDS = ("window", "up", "degraded", "down", "unknown")
_NOTHING = [""] * len(_SECONDS)
COLUMNS = (
    "date",
    "status",
    "partial",
    *(f"{name}_s" for name in _SECONDS),
    *(f"maintenance_{name}_s" for name in _SECONDS),
    "availability",
    "latency_p50_ms",
    "latency_p95_ms",
)


def build_history_files(page: Page) -> dict[str, bytes]:
    """The days of every service, as JSON and as CSV, by path in the site."""
    files: dict[str, bytes] = {}
    for service in page.services:
        days = [_build_day(day) for day in service.days]
        document = {"service": service.id, "timezone": page.settings.timezone.key, "days": days}
        files[f"api/history/{service.id}.json"] = encode_json(document)
        files[f"api/history/{service.id}.csv"] = _build_table(days)
    return files


class _Described(TypedDict):
    """A day as the JSON has it. One before the service existed has only a date and the status `no_data`."""

    date: str
    status: str
    partial: bool | None
    seconds: dict[str, int] | None
    maintenance: dict[str, int] | None
    availability: str | None
    latency_ms: dict[str, int] | None


def _build_day(day: Day) -> _Described:
    return {
        "date": day.date.isoformat(),
        "status": day.status.value,
        "partial": day.partial if day.existed else None,
        "seconds": day.seconds.by_name() if day.existed else None,
        "maintenance": day.maintenance.by_name() if day.existed else None,
        "availability": format_percent(day.availability),
        "latency_ms": _build_latency(day.latency),
    }


def _build_latency(latency: Latency | None) -> dict[str, int] | None:
    return {"p50": latency.p50, "p95": latency.p95} if latency else None


def _build_table(days: Iterable[_Described]) -> bytes:
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_build_cells, days))
    return lines.getvalue().encode()


def _build_cells(day: _Described) -> list[object]:
    return [
        day["date"],
        day["status"],
        "" if day["partial"] is None else str(day["partial"]).lower(),
        *(_NOTHING if day["seconds"] is None else day["seconds"].values()),
        *(_NOTHING if day["maintenance"] is None else day["maintenance"].values()),
        day["availability"] or "",
        *(("", "") if day["latency_ms"] is None else day["latency_ms"].values()),
    ]
