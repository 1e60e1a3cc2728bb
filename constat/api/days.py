"""`/api/history/<service>.json` and `.csv`: the days of a service, oldest first (DESIGN 10)."""

import csv
from io import StringIO

from constat.api.json_bytes import encode_json
from constat.availability import format_percent
from constat.model import Day, Latency
from constat.page import Page, ShownService

SECONDS = ("window", "up", "degraded", "down", "unknown")
COLUMNS = (
    "date",
    "status",
    "partial",
    *(f"{name}_s" for name in SECONDS),
    *(f"maintenance_{name}_s" for name in SECONDS),
    "availability",
    "latency_p50_ms",
    "latency_p95_ms",
)


def build_history_files(page: Page) -> dict[str, bytes]:
    """The days of every service, as JSON and as CSV."""
    written: dict[str, bytes] = {}
    for service in page.services:
        written[f"api/history/{service.id}.json"] = encode_json(_document(page, service))
        written[f"api/history/{service.id}.csv"] = _table(service)
    return written


def _document(page: Page, service: ShownService) -> dict[str, object]:
    return {
        "service": service.id,
        "timezone": page.settings.timezone.key,
        "days": [_day(day) for day in service.days],
    }


def _day(day: Day) -> dict[str, object]:
    """One day; one before the service began has nothing but its date."""
    return {
        "date": day.date.isoformat(),
        "status": day.status.value,
        "partial": day.partial if day.existed else None,
        "seconds": day.seconds.by_name() if day.existed else None,
        "maintenance": day.maintenance.by_name() if day.existed else None,
        "availability": format_percent(day.availability),
        "latency_ms": _latency(day.latency),
    }


def _latency(latency: Latency | None) -> dict[str, int] | None:
    return {"p50": latency.p50, "p95": latency.p95} if latency else None


def _table(service: ShownService) -> bytes:
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(day) for day in service.days)
    return lines.getvalue().encode()


def _cells(day: Day) -> list[object]:
    nothing: list[object] = [""] * len(SECONDS)
    latency = [day.latency.p50, day.latency.p95] if day.latency else ["", ""]
    return [
        day.date.isoformat(),
        day.status.value,
        str(day.partial).lower() if day.existed else "",
        *(day.seconds.by_name().values() if day.existed else nothing),
        *(day.maintenance.by_name().values() if day.existed else nothing),
        format_percent(day.availability) or "",
        *latency,
    ]
