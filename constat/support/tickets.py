"""The file support/tickets.csv of a project: one row per ticket and level, and nothing personal."""

import csv
import re
from collections.abc import Collection, Iterable, Iterator

from constat.errors import Problem
from constat.interval import Instant, format_instant, parse_instant
from constat.model import Ticket
from constat.text.suggest import did_you_mean

TICKETS = "support/tickets.csv"
COLUMNS = ("ticket", "level", "region", "opened_at", "first_response_at")
HEADER = ",".join(COLUMNS)
_TIMES = ("opened_at", "first_response_at")

_TIME = "write it as 2026-11-23T09:40:00+01:00"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/-]{0,63}")

Row = dict[str, str]


def parse_tickets(
    text: str, file: str, levels: Collection[str], regions: Collection[str], now: Instant
) -> tuple[tuple[Ticket, ...], tuple[Problem, ...]]:
    """Read tickets: the valid rows in the order of the file, and all problems. An invalid row is left out.

    `levels` and `regions` are those that were ever promised. Columns may be in any order.
    """
    rows = [(line, cells) for line, cells in _split_rows(text) if any(cell.strip() for cell in cells)]
    if not rows:
        return (), (Problem(file, 0, 0, "it is empty", f"write the header: {HEADER}"),)
    line, header = rows[0]
    names = [name.strip() for name in header]
    wrong = tuple(Problem(file, line, 0, message, hint) for message, hint in _find_header_faults(names))
    if wrong:
        return (), wrong
    reader = _Reader(file, levels, regions, now)
    tickets = [reader.read(line, names, cells) for line, cells in rows[1:]]
    return tuple(ticket for ticket in tickets if ticket), tuple(reader.problems)


def write_tickets(tickets: Iterable[Ticket]) -> str:
    """Write tickets in one canonical spelling: times in UTC, ordered by ticket and level."""
    rows = sorted(
        ",".join(
            (
                ticket.ticket,
                ticket.level,
                ticket.region,
                format_instant(ticket.opened_at),
                "" if ticket.first_response_at is None else format_instant(ticket.first_response_at),
            )
        )
        for ticket in tickets
    )
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def _split_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, with its number. No cell contains a line break; a line that is too long is one cell."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        try:
            yield number, next(csv.reader([line.rstrip("\r")]), [])
        except csv.Error:
            yield number, [line]


def _find_header_faults(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS, otherwise=f"only these are kept: {HEADER}")
            yield f"unknown column {name!r}", hint
    for name in COLUMNS:
        if names.count(name) != 1:
            yield (
                f"the column {name} is {'missing' if name not in names else 'given twice'}",
                f"write: {HEADER}",
            )


class _Reader:
    """The reader of rows, with the problems found so far."""

    def __init__(self, file: str, levels: Collection[str], regions: Collection[str], now: Instant) -> None:
        self._file = file
        self._levels = levels
        self._regions = regions
        self._now = now
        self._seen: dict[tuple[str, str], int] = {}
        self.problems: list[Problem] = []

    def read(self, line: int, names: list[str], cells: list[str]) -> Ticket | None:
        """Read one row; `None` if it is invalid."""
        if len(cells) != len(names):
            message = f"{len(cells)} cells, where the header has {len(names)}"
            self.problems.append(Problem(self._file, line, 0, message, "leave what is not known empty"))
            return None
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        problems = [
            Problem(self._file, line, _find_column(cells, names.index(column)), message, hint)
            for column, message, hint in (
                *self._find_word_faults(row),
                *self._find_time_faults(row),
                *self._find_duplicate(row, line),
            )
        ]
        self.problems += problems
        return None if problems else _build_ticket(row, line)

    def _find_word_faults(self, row: Row) -> Iterator[tuple[str, str, str]]:
        if not _WORD.fullmatch(row["ticket"]):
            hint = "letters, digits and . _ # / - only, so that it names no person"
            yield (
                "ticket",
                f"{row['ticket']!r} is not a valid ticket number"
                if row["ticket"]
                else "the ticket number is missing",
                hint,
            )
        for column, known in (("level", self._levels), ("region", self._regions)):
            if row[column] not in known:
                yield column, f"unknown {column} {row[column]!r}", did_you_mean(row[column], known)

    def _find_time_faults(self, row: Row) -> Iterator[tuple[str, str, str]]:
        instants: dict[str, Instant] = {}
        for column in _TIMES:
            if not row[column] and column == "first_response_at":
                continue
            try:
                instants[column] = parse_instant(row[column])
            except ValueError:
                yield column, _describe_time_fault(row[column]), _TIME
        if len(instants) == len(_TIMES) and instants["first_response_at"] < instants["opened_at"]:
            yield (
                "first_response_at",
                "an answer before the question",
                "the first answer by a person, not earlier",
            )
        for column, at in instants.items():
            if at > self._now:
                yield column, f"{row[column]} is in the future", "write what has happened"

    def _find_duplicate(self, row: Row, line: int) -> Iterator[tuple[str, str, str]]:
        first = self._seen.setdefault((row["ticket"], row["level"]), line)
        if first != line:
            message = f"{row['ticket']} is at the level {row['level']} twice"
            yield "ticket", message, f"line {first} has it already"


def _find_column(cells: list[str], index: int) -> int:
    """The column at which a cell begins, if no cell before it is quoted."""
    return sum(len(cell) + 1 for cell in cells[:index]) + 1


def _describe_time_fault(text: str) -> str:
    if not text:
        return "the time is missing"
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text):
        return f"{text} has no offset"
    return f"{text!r} is not a valid time"


def _build_ticket(row: Row, line: int) -> Ticket:
    answered = row["first_response_at"]
    return Ticket(
        ticket=row["ticket"],
        level=row["level"],
        region=row["region"],
        opened_at=parse_instant(row["opened_at"]),
        first_response_at=parse_instant(answered) if answered else None,
        line=line,
    )
