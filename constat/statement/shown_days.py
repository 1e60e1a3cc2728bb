"""The days that a site publishes for programs, compared with those that were recomputed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from constat.availability.published_days import build_day_cells, build_day_fields
from constat.model import Day
from constat.text.safe_json import load_json


def check_document(days: Iterable[Day], document: bytes) -> Iterator[str]:
    """Find every day of `/api/history/<service>.json` whose values differ. Days that it leaves out are not compared."""
    shown = _read_document(document)
    for day in days:
        name = day.date.isoformat()
        if _differs(shown, name, _adapt_fields(shown.get(name), build_day_fields(day))):
            yield _describe(day)


def _adapt_fields(shown: object, fields: dict[str, Any]) -> dict[str, Any]:
    """Adapt the fields of a day to a document: one of an older version has no response times by vantage."""
    times, written = fields["latency_ms"], shown.get("latency_ms") if isinstance(shown, dict) else None
    if times and isinstance(written, dict) and "vantages" not in written:
        return {**fields, "latency_ms": {name: times[name] for name in times if name != "vantages"}}
    return fields


def check_rows(days: Iterable[Day], table: bytes) -> Iterator[str]:
    """Find every day of `/api/history/<service>.csv` whose values differ. Days that it leaves out are not compared."""
    rows = [line.split(",") for line in table.decode("utf-8", "replace").splitlines()]
    shown = {row[0]: row for row in rows}
    for day in days:
        if _differs(shown, day.date.isoformat(), [str(cell) for cell in build_day_cells(day)]):
            yield _describe(day)


def _differs(shown: Mapping[str, object], date: str, recomputed: object) -> bool:
    return date in shown and shown[date] != recomputed


def _describe(day: Day) -> str:
    return f"has other values for {day.date} than its evidence gives"


def _read_document(data: bytes) -> dict[str, Any]:
    """The days of a document by date. A publisher may have written anything; an entry that is not a day is ignored."""
    days: object = None
    with suppress(ValueError, AttributeError):
        days = load_json(data).get("days")
    shown = [day for day in days if isinstance(day, dict)] if isinstance(days, list) else []
    return {str(day.get("date")): day for day in shown}
