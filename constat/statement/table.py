"""A statement as a table for spreadsheets: one row per service, then one per support level."""

from collections.abc import Iterator, Mapping
from typing import Any

from constat.model import Statement
from constat.statement.encode import build_content

_OF_SERVICES: Mapping[str, tuple[str, ...]] = {
    "counts": ("counts",),
    **{f"{part}_s": ("seconds", part) for part in ("window", "up", "degraded", "down", "unknown")},
    **{
        f"maintenance_{part}_s": ("maintenance", part)
        for part in ("window", "up", "degraded", "down", "unknown")
    },
    **{
        f"{figure}_{share}": (figure, share)
        for figure in ("all", "without_maintenance")
        for share in ("availability", "lower", "upper", "coverage", "verdict")
    },
    **{part: ("budget", part) for part in ("allowed_s", "spent_s", "left_s")},
    "checks_expected": ("checks", "expected"),
    "checks_made": ("checks", "made"),
    "longest_gap_s": ("longest_gap_s",),
    "credit_observed": ("credit", "observed"),
    "credit_certain": ("credit", "certain"),
    "late_s": ("late_s",),
}
_OF_SUPPORT = ("tickets", "late", "in_time", "median_s", "longest_s")
COLUMNS = ("month", "kind", "id", "target", "verdict", *_OF_SERVICES, *_OF_SUPPORT)
"""The columns. Those that do not apply to the kind of a row are empty."""


def format_table(statement: Statement) -> bytes:
    """Format a statement as CSV with a header; percentages with a point and three decimals, seconds as integers."""
    lines = [",".join(COLUMNS), *_list_rows(build_content(statement))]
    return "".join(f"{line}\n" for line in lines).encode()


def _list_rows(stated: Mapping[str, Any]) -> Iterator[str]:
    for service in stated["services"]:
        yield _format_row(
            stated["month"],
            "service",
            service,
            {name: _get_value(service, keys) for name, keys in _OF_SERVICES.items()},
        )
    for level in stated["support"]:
        named = {**level, "id": level["level"]}
        yield _format_row(stated["month"], "support", named, {name: level[name] for name in _OF_SUPPORT})


def _format_row(month: str, kind: str, named: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    cells = {
        "month": month,
        "kind": kind,
        "id": named["id"],
        "target": named["target"],
        "verdict": named["verdict"],
    }
    cells |= values
    return ",".join("" if cells.get(name) is None else str(cells[name]) for name in COLUMNS)


def _get_value(fields: Any, keys: tuple[str, ...]) -> Any:  # noqa: ANN401 -- plain JSON values
    for key in keys:
        fields = None if fields is None else fields[key]
    return fields
