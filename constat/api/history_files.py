"""`/api/history/<service>.json` and `.csv`: the days of a service, oldest first."""

import csv
from collections.abc import Iterable
from io import StringIO

from constat.api.json_bytes import encode_json
from constat.availability.published_days import COLUMNS, build_day_cells, build_day_fields
from constat.page import Page, ShownService


def build_history_files(page: Page, services: Iterable[ShownService]) -> dict[str, bytes]:
    """The days of some services of a page, as JSON and as CSV, by path in the site."""
    files: dict[str, bytes] = {}
    for service in services:
        files[f"api/history/{service.id}.json"] = encode_json(_build_document(page, service))
        files[f"api/history/{service.id}.csv"] = _build_table(service)
    return files


def _build_document(page: Page, service: ShownService) -> dict[str, object]:
    return {
        "service": service.id,
        "timezone": page.settings.timezone.key,
        "days": [build_day_fields(day) for day in service.days],
    }


def _build_table(service: ShownService) -> bytes:
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(build_day_cells(day) for day in service.days)
    return lines.getvalue().encode()
