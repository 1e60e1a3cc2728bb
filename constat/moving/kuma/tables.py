"""The tables of a Kuma database as plain rows. Columns that a version does not have count as absent."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]


class Tables(NamedTuple):
    """The rows that are read from a database, each table in the order of its ids; empty where the version has no such table.

    `beats` gives the heartbeats of a monitor, oldest first: status, time, ping, msg and important.
    """

    version: str
    sha256: str
    monitors: Sequence[Row]
    pages: Sequence[Row]
    domains: Sequence[Row]
    groups: Sequence[Row]
    members: Sequence[Row]
    incidents: Sequence[Row]
    maintenances: Sequence[Row]
    maintained: Sequence[Row]
    maintenance_pages: Sequence[Row]
    settings: Mapping[str, Any]
    tags: Sequence[Row]
    secrets: Sequence[str]
    counts: Mapping[str, int]
    daily: Callable[[int], Iterable[Row]]
    beats: Callable[[int], Iterable[Row]]


def get_text(row: Row, column: str) -> str:
    """A text, stripped; empty where there is none."""
    value = row.get(column)
    return "" if value is None else str(value).strip()


def get_number(row: Row, column: str, otherwise: int = 0) -> int:
    """A whole number, rounded down; `otherwise` where there is none."""
    value = row.get(column)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return otherwise
    return int(value) if isinstance(value, int | float) and abs(value) < 10**15 else otherwise


def get_flag(row: Row, column: str, *, otherwise: bool = False) -> bool:
    """A flag: 0 and 1, or a word of a text column."""
    value = row.get(column)
    if value is None:
        return otherwise
    return str(value).strip().lower() not in {"", "0", "false", "no"}


def get_json(row: Row, column: str) -> Any:  # noqa: ANN401 -- plain JSON values
    """The content of a column of JSON text; `None` where it is not JSON."""
    try:
        return json.loads(get_text(row, column))
    except (ValueError, RecursionError):
        return None
