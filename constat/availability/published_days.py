"""A day as `/api/history/` publishes it: as fields of JSON, and as a row of a table."""

from constat.availability.percentages import format_percent
from constat.model import Day, Latency

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


def build_day_fields(day: Day) -> dict[str, object]:
    """Build the fields of one day. A day before the service existed has only a date and the status `no_data`."""
    return {
        "date": day.date.isoformat(),
        "status": day.status.value,
        "partial": day.partial if day.existed else None,
        "seconds": day.seconds.by_name() if day.existed else None,
        "maintenance": day.maintenance.by_name() if day.existed else None,
        "availability": format_percent(day.availability),
        "latency_ms": _build_latency(day.latency),
    }


def _build_latency(latency: Latency | None) -> dict[str, object] | None:
    if latency is None:
        return None
    vantages = {vantage: _build_percentiles(part) for vantage, part in latency.vantages}
    return {**_build_percentiles(latency), "vantages": vantages}


def _build_percentiles(latency: Latency) -> dict[str, int]:
    return {"p50": latency.p50, "p95": latency.p95}


def build_day_cells(day: Day) -> list[object]:
    """Build one day as a row of the table, in the order of `COLUMNS`."""
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
