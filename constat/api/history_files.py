"""`/api/history/<service>.json` and `.csv`: the days of a service, oldest first."""

import csv
from io import StringIO

from constat.api.json_bytes import encode_json
from constat.availability import format_percent
from constat.model import Day, Latency
from constat.page import Page, ShownService

_SECONDS = ("window", "up", "degraded", "down", "unknown")
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
        files[f"api/history/{service.id}.json"] = encode_json(_build_document(page, service))
        files[f"api/history/{service.id}.csv"] = _build_table(service)
    return files


def _build_document(page: Page, service: ShownService) -> dict[str, object]:
    return {
        "service": service.id,
        "timezone": page.settings.timezone.key,
        "days": [_build_day(day) for day in service.days],
    }


def _build_day(day: Day) -> dict[str, object]:
    """One day. A day before the service existed has only a date and the status `no_data`."""
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


def _build_table(service: ShownService) -> bytes:
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_build_cells(day) for day in service.days)
    return lines.getvalue().encode()


def _build_cells(day: Day) -> list[object]:
    empty: list[object] = [""] * len(_SECONDS)
    latency = [day.latency.p50, day.latency.p95] if day.latency else ["", ""]
    return [
        day.date.isoformat(),
        day.status.value,
        str(day.partial).lower() if day.existed else "",
        *(day.seconds.by_name().values() if day.existed else empty),
        *(day.maintenance.by_name().values() if day.existed else empty),
        format_percent(day.availability) or "",
        *latency,
    ]
