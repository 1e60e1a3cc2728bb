"""What a month is frozen from: its day files, the register and the tickets, read once."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import OutsideError, Problem, UsageError
from constat.history import day_of_path, utc_interval
from constat.interval import Instant, Interval
from constat.model import Register
from constat.register import REGISTER, parse_register
from constat.statement import (
    StatementSources,
    list_evidence_days,
    month_tickets,
    month_window,
    read_tickets,
    zone_for,
)
from constat.support import TICKETS
from outside.evidence.derived import DerivedFiles
from outside.evidence.store import read_days, read_register_lines


class GatheredInputs(NamedTuple):
    """Everything that a month is frozen from, and which rows of tickets had to be left out."""

    zone: ZoneInfo
    window: Interval
    sources: StatementSources
    problems: tuple[Problem, ...]


def gather_inputs(root: Path, month: str, default: ZoneInfo, now: Instant, freeze: Instant) -> GatheredInputs:
    """Read what a month rests on. `default`: the zone where the register records none; answers count until `freeze`.

    Raises:
        UsageError: it is no month, or the register has no rules yet.
        OutsideError: a day file is not here.

    """
    data = read_register_lines(root)
    register = parse_register(data, REGISTER)
    if not register.services:
        raise UsageError(
            "the register has no rules of any service", tip="record them first: python generate.py check"
        )
    month_window(month, default)
    zone = zone_for(register, month) or default
    window = month_window(month, zone)
    derived = DerivedFiles(root / "history", zone, now)
    paths = list_evidence_days(window, register)
    _require(derived, paths)
    tickets, problems = _tickets(root, register, (window, zone), now, freeze)
    days = read_days(root, paths)
    return GatheredInputs(zone, window, StatementSources(data, days, tickets, derived.firsts()), problems)


def compute_freeze_time(root: Path, month: str, default: ZoneInfo, freeze_after_s: int) -> Instant:
    """The instant from which a month may be frozen: some time after its end, and when its day files have ended."""
    register = parse_register(read_register_lines(root), REGISTER)
    window = month_window(month, zone_for(register, month) or default)
    return max(
        window.end + freeze_after_s, utc_interval(day_of_path(list_evidence_days(window, register)[-1])).end
    )


def _require(derived: DerivedFiles, paths: Iterable[str]) -> None:
    """A sparse checkout must not freeze a month without its day files."""
    absent = sorted(derived.absent() & set(paths))
    if absent:
        raise OutsideError(
            f"history/{absent[0]} is not here, and the month rests on it",
            tip="check out the whole month of the history branch",
        )


def _tickets(
    root: Path, register: Register, month: tuple[Interval, ZoneInfo], now: Instant, freeze: Instant
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The rows of `support/tickets.csv` that decide the month; `None` where there is no such file."""
    path = root / TICKETS
    if not path.is_file():
        return None, ()
    rows, problems = read_tickets(register, path.read_bytes().decode("utf-8", "replace"), now)
    return month_tickets(register, rows, *month, freeze), problems
