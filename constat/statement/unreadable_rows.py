"""The rows of a month that cannot be read, counted by service: an outage cannot be hidden behind them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from constat.errors import visible
from constat.history import COLUMNS, HEADER, parse_day
from constat.interval import Instant
from constat.model import SkippedRows

_LONGEST_NAME = 60


def describe_unreadable(
    month: str, skipped: Iterable[SkippedRows], files: Mapping[str, bytes], now: Instant
) -> Iterator[str]:
    """Yield one sentence for each service, which names its first such row.

    `skipped` names the files of the month in which something cannot be read.
    """
    counts: Counter[str] = Counter()
    first: dict[str, SkippedRows] = {}
    for path in (rows.path for rows in skipped):
        for service, row in _list_unreadable(files.get(path, b""), path, now):
            counts[service] += 1
            first.setdefault(service, row)
    for service, count in sorted(counts.items()):
        row = first[service]
        named = f"of {service}" if service else "without a service"
        yield (
            f"{month}: {count} {'row' if count == 1 else 'rows'} {named} cannot be read, and count as if nobody had "
            f"looked (in {row.path}, from line {row.line} on: {row.why})"
        )


def _list_unreadable(data: bytes, path: str, now: Instant) -> Iterator[tuple[str, SkippedRows]]:
    """List the unreadable rows of a file, each with the service that it names, empty if it names none."""
    header = HEADER.encode()
    for number, line in enumerate(data.replace(b"\r\n", b"\n").split(b"\n"), start=1):
        if set(COLUMNS).issubset(_split(line)):
            header = line
        elif skipped := parse_day(header + b"\n" + line + b"\n", path, now).skipped:
            yield _find_service(header, line), replace(skipped, line=number)


def _find_service(header: bytes, line: bytes) -> str:
    """The service that a row names, in the column that the header above it says."""
    cells, column = _split(line), _split(header).index("service")
    return visible(cells[column][:_LONGEST_NAME]) if len(cells) > column else ""


def _split(line: bytes) -> list[str]:
    return line.decode("utf-8", "replace").removeprefix("\ufeff").split(",")
