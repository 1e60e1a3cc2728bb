"""Read and write `history/statements/`: frozen months, the statements they superseded, and their ticket rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from constat.errors import EvidenceError
from constat.model import Statement
from constat.statement import Link, build_tickets_path, compute_sha256, decode_statement
from outside import bounds
from outside.disk import read_file, replace_file

_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:\.(\d{1,4}))?\.json")


@dataclass(frozen=True)
class StatementFile:
    """One file of a statement. `number` is 0 for the current one; superseded ones count from 1, oldest first."""

    month: str
    number: int
    data: bytes

    @property
    def path(self) -> str:
        """The path of the file under `history/`."""
        return _build_path(self.month, self.number)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return compute_sha256(self.data)

    @cached_property
    def statement(self) -> Statement:
        """The statement in the file.

        Raises:
            EvidenceError: it holds none, or that of another month.

        """
        statement = decode_statement(self.data, self.path)
        if statement.month != self.month:
            raise EvidenceError(f"{self.path} is the statement of {statement.month}")
        return statement


class Frozen(NamedTuple):
    """A frozen month: the current statement, and those that it superseded, oldest first."""

    current: StatementFile
    superseded: tuple[StatementFile, ...]

    @property
    def month(self) -> str:
        """The month, as `2026-10`."""
        return self.current.month

    @property
    def versions(self) -> tuple[StatementFile, ...]:
        """All statements of the month, oldest first."""
        return (*self.superseded, self.current)

    @property
    def link(self) -> Link:
        """The month as a link of the chain.

        Raises:
            EvidenceError: its file holds no statement.

        """
        hashes = {old.path: old.sha256 for old in self.superseded}
        return Link(self.current.statement, self.current.sha256, hashes)


def read_frozen_months(root: Path) -> tuple[Frozen, ...]:
    """Read every frozen month of a project, oldest first."""
    by_month: dict[str, list[StatementFile]] = {}
    for file in _list_files(root):
        by_month.setdefault(file.month, []).append(file)
    return tuple(
        Frozen(current, tuple(superseded))
        for _, (current, *superseded) in sorted(by_month.items())
        if current.number == 0
    )


def _list_files(root: Path) -> Iterator[StatementFile]:
    """Yield the statements of a project, for each month the current one first."""
    names = (_NAME.fullmatch(path.name) for path in (root / "history" / "statements").glob("*.json"))
    for month, number in sorted((name[1], int(name[2] or 0)) for name in names if name):
        path = f"history/{_build_path(month, number)}"
        yield StatementFile(month, number, read_file(root, path, bounds.STATEMENT) or b"")


def _build_path(month: str, number: int) -> str:
    return f"statements/{month}.{number}.json" if number else f"statements/{month}.json"


def build_superseded_path(frozen: Frozen) -> str:
    """Build the path of the current statement for when another supersedes it."""
    return _build_path(frozen.month, len(frozen.superseded) + 1)


def write_statement(
    root: Path, month: str, data: bytes, tickets: bytes | None, frozen: Frozen | None
) -> StatementFile:
    """Write the statement of a month. The one that it supersedes (in `frozen`) is copied first, so that none is ever lost.

    Raises:
        OutsideError: the disk failed.

    """
    if frozen is not None:
        old, rows = f"history/{build_superseded_path(frozen)}", read_kept_tickets(root, month)
        if rows is not None:
            replace_file(root, f"{old.removesuffix('.json')}.tickets.csv", rows)
        replace_file(root, old, frozen.current.data)
    if tickets is not None:
        replace_file(root, f"history/{build_tickets_path(month)}", tickets)
    written = StatementFile(month, 0, data)
    replace_file(root, f"history/{written.path}", data)
    return written


def read_kept_tickets(root: Path, month: str) -> bytes | None:
    """Read the ticket rows of a frozen month; `None` if it has none."""
    return read_file(root, f"history/{build_tickets_path(month)}", bounds.TICKETS)
