"""The table of the months that were verified, for people."""

from collections.abc import Iterator, Sequence

from constat.statement import MonthReport, ServiceRow

COLUMNS = ("month", "service", "frozen", "recomputed", "verdict", "counted", "credit")


def format_months(reports: Sequence[MonthReport]) -> Iterator[str]:
    """Format the months, service by service, in the columns that are used; yields nothing without rows."""
    rows = [(report.month, *_format_cells(row)) for report in reports for row in report.rows]
    used = [number for number in range(len(COLUMNS)) if any(row[number] for row in rows)]
    table = [[cells[number] for number in used] for cells in (COLUMNS, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table if rows else ():
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _format_cells(row: ServiceRow) -> tuple[str, ...]:
    counted = "agreed hours" if row.agreed_hours else ""
    return row.service, row.frozen or "no data", row.recomputed or "no data", row.verdict, counted, row.credit
