"""Read and write `history/statements/`: frozen months, the statements they superseded, and their ticket rows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from constat.errors import EvidenceError
from constat.model import Statement
from constat.statement import Link, decode_statement, sha256, tickets_path
from outside.disk import read_file, replace_file

_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(?:\.(\d{1,4}))?\.json")


class StatementFile(NamedTuple):
    """The file of a statement. `number` is 0 for the current one; superseded ones are numbered from 1, oldest first."""

    month: str
    number: int
    data: bytes

    @property
    def path(self) -> str:
        """The path under `history/`."""
        return _path(self.month, self.number)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256(self.data)

    @property
    def statement(self) -> Statement:
        """The decoded statement.

        Raises:
            EvidenceError: the file is not a valid statement, or that of another month.

        """
        statement = decode_statement(self.data, self.path)
        if statement.month != self.month:
            raise EvidenceError(f"{self.path} is the statement of {statement.month}")
        return statement


class Frozen(NamedTuple):
    """A frozen month: its current statement, and the ones that were superseded, oldest first."""

    current: StatementFile
    superseded: tuple[StatementFile, ...]

    @property
    def month(self) -> str:
        """The month, as YYYY-MM."""
        return self.current.month

    @property
    def versions(self) -> tuple[StatementFile, ...]:
        """All statements of the month, the current one last."""
        return (*self.superseded, self.current)

    @property
    def link(self) -> Link:
        """The link of the month in the chain of statements.

        Raises:
            EvidenceError: the file is not a valid statement.

        """
        hashes = {old.path: old.sha256 for old in self.superseded}
        return Link(self.current.statement, self.current.sha256, hashes)


def read_frozen_months(root: Path) -> tuple[Frozen, ...]:
    """Read every frozen month of a project, oldest first."""
    by_month: dict[str, list[StatementFile]] = {}
    for file in _files(root / "history" / "statements"):
        by_month.setdefault(file.month, []).append(file)
    return tuple(
        Frozen(versions[0], tuple(versions[1:]))
        for _, versions in sorted(by_month.items())
        if versions[0].number == 0
    )


def _files(folder: Path) -> Iterator[StatementFile]:
    """Read the statements of a folder; of each month, the current one comes first."""
    names = (_NAME.fullmatch(path.name) for path in folder.glob("*.json"))
    for month, number in sorted((name[1], int(name[2] or 0)) for name in names if name):
        yield StatementFile(month, number, read_file(folder.parent / _path(month, number)) or b"")


def _path(month: str, number: int) -> str:
    return f"statements/{month}.{number}.json" if number else f"statements/{month}.json"


def superseded_path(frozen: Frozen) -> str:
    """Return the path to which the current statement moves when another one supersedes it."""
    return _path(frozen.month, len(frozen.superseded) + 1)


def write_statement(
    root: Path, month: str, data: bytes, tickets: bytes | None, frozen: Frozen | None
) -> StatementFile:
    """Write the statement of a month. The one that it supersedes (`frozen`) is copied first, so that none is ever lost.

    Raises:
        OutsideError: the disk failed.

    """
    history = root / "history"
    rows = history / tickets_path(month)
    if frozen is not None:
        old = history / superseded_path(frozen)
        if rows.exists():
            replace_file(old.with_suffix(".tickets.csv"), rows.read_bytes())
        replace_file(old, frozen.current.data)
    if tickets is not None:
        replace_file(rows, tickets)
    written = StatementFile(month, 0, data)
    replace_file(history / written.path, data)
    return written


def read_kept_tickets(root: Path, month: str) -> bytes | None:
    """Read the ticket rows of a frozen month; `None` if it has none."""
    return read_file(root / "history" / tickets_path(month))
