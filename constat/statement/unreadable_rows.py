"""The rows of a month that cannot be read, counted by service: an outage cannot be hidden behind them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from constat.errors import visible
from constat.history import COLUMNS, HEADER, parse_day
from constat.interval import Instant
from constat.model import SkippedRows

_LONGEST_NAME = 60
_SERVICE = COLUMNS.index("service")


def describe_unreadable(
    month: str, skipped: Iterable[SkippedRows], files: Mapping[str, bytes], now: Instant
) -> Iterator[str]:
    """Yield one sentence for each service; `skipped` names the files of the month in which something cannot be read."""
    counts: Counter[str] = Counter()
    first: dict[str, SkippedRows] = {}
    for rows in skipped:
        for service in _list_services(files.get(rows.path, b""), rows.path, now):
            counts[service] += 1
            first.setdefault(service, rows)
    for service, count in sorted(counts.items()):
        rows = first[service]
        named = f"of {service}" if service else "without a service"
        yield (
            f"{month}: {count} {'row' if count == 1 else 'rows'} {named} cannot be read, and count as if nobody had "
            f"looked (in {rows.path}, from line {rows.line} on: {rows.why})"
        )


def _list_services(data: bytes, path: str, now: Instant) -> Iterator[str]:
    """The service that each unreadable row of a file names, empty if it names none."""
    for line in data.replace(b"\r\n", b"\n").split(b"\n"):
        cells = line.decode("utf-8", "replace").split(",")
        if not line or set(COLUMNS) <= set(cells):
            continue
        if parse_day(f"{HEADER}\n".encode() + line + b"\n", path, now).skipped:
            yield visible(cells[_SERVICE][:_LONGEST_NAME]) if len(cells) > _SERVICE else ""
