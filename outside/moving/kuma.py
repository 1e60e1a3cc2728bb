"""Reads a database of Uptime Kuma: a stranger's file, opened read-only and immutable, and bounded in size."""

import hashlib
import lzma
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import quote

from constat.errors import OutsideError, UsageError
from constat.moving.kuma.kuma_secrets import list_monitor_secrets, list_texts_in
from constat.moving.kuma.moving_kuma import move_kuma
from constat.moving.kuma.tables import Row, Tables, get_json, get_text
from constat.moving.model import Finding, Moved, ReadRequest

LARGEST_DATABASE = 16 << 30
"""Bytes of a database, unpacked: years of checks every few seconds."""
_UNPACK_MEMORY = 256 << 20
_LARGEST_VALUE = 16 << 20
_MOST_ROWS = 200_000
"""Rows of any table but those of beats and daily counts."""
_MAGIC: Final = b"SQLite format 3\0"
_CHUNK = 1 << 20
_MONITOR_COLUMNS_NEEDED: Final = frozenset({"id", "name", "type"})
_BEAT_COLUMNS: Final = ("status", "time", "ping", "msg", "important")
_DAILY_COLUMNS: Final = ("timestamp", "ping", "up", "down", "extras")
_REPORTED: Final = ("notification", "proxy", "docker_host", "remote_browser", "api_key")
"""Tables whose rows are counted in the report, and have no place here."""


def read(request: ReadRequest) -> Moved:
    """Read one status page of a database, `FILE.db` or `FILE.db.xz`.

    Raises:
        UsageError: it is not a database of Uptime Kuma, or it is not clear which page is meant.
        OutsideError: it cannot be read.

    """
    path = Path(request.place)
    request.tell("reading the database")
    with _open_unpacked(path) as given:
        try:
            with closing(_connect(given)) as database:
                moved = move_kuma(_read_tables(database, given.sha256), request.page, request.now)
        except sqlite3.Error as error:
            raise OutsideError(f"{path} could not be read as a database of Uptime Kuma: {error}") from error
    return moved._replace(findings=[*_find_beside(path), *moved.findings])


def _find_beside(path: Path) -> Iterator[Finding]:
    """Report a log of changes beside the database, without which the newest beats would be missing."""
    log = _find_log(path)
    if log is not None:
        yield Finding(
            log.name,
            f"{log.stat().st_size} bytes of changes in a file beside the database",
            "read together with it",
        )


def _find_log(path: Path) -> Path | None:
    """Find the log of changes that SQLite keeps beside an open database, if there is one with content."""
    log = path.with_name(f"{path.name}-wal")
    return log if log.is_file() and log.stat().st_size else None


class _Given(NamedTuple):
    """A database to open, the SHA-256 of what was given, and whether it has a log of changes beside it."""

    path: Path
    sha256: str
    has_log: bool = False


@contextmanager
def _open_unpacked(path: Path) -> Iterator[_Given]:
    """Yield the database as a file, in a temporary folder if it is packed or has a log of changes beside it."""
    try:
        if not path.is_file():
            raise UsageError(
                f"{path} is not a file",
                tip="give kuma.db, from the folder data of Uptime Kuma, or kuma.db.xz",
            )
        with path.open("rb") as given:
            sha256 = hashlib.file_digest(given, "sha256").hexdigest()
        log = _find_log(path)
        if path.suffix != ".xz" and log is None:
            _refuse_other(path)
            yield _Given(path, sha256)
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "kuma.db")
            if path.suffix == ".xz":
                with path.open("rb") as packed, copy.open("xb") as target:
                    _unpack(packed, target, path)
            else:
                _copy(path, copy)
            if log is not None and path.suffix != ".xz":
                _copy(log, Path(folder, "kuma.db-wal"))
            _refuse_other(copy)
            yield _Given(copy, sha256, has_log=log is not None)
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}") from error


def _copy(source: Path, target: Path) -> None:
    if source.stat().st_size > LARGEST_DATABASE:
        raise UsageError(f"{source} is larger than {LARGEST_DATABASE >> 30} GiB")
    shutil.copyfile(source, target)


def _unpack(packed: BinaryIO, target: BinaryIO, path: Path) -> None:
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_UNPACK_MEMORY)
    left = min(LARGEST_DATABASE, shutil.disk_usage(tempfile.gettempdir()).free // 2)
    try:
        data = packed.read(_CHUNK)
        while not unpacker.eof:
            plain = unpacker.decompress(data, _CHUNK)
            left -= len(plain)
            if left < 0:
                raise UsageError(f"{path} is too large when it is unpacked", tip="unpack it: xz -dk FILE")
            target.write(plain)
            data = packed.read(_CHUNK) if unpacker.needs_input else b""
            if unpacker.needs_input and not data:
                raise UsageError(f"{path} ends in the middle")
    except lzma.LZMAError as error:
        raise UsageError(f"{path} is not packed by xz: {error}") from error


def _refuse_other(path: Path) -> None:
    with path.open("rb") as file:
        is_database = file.read(len(_MAGIC)) == _MAGIC
    if not is_database:
        raise UsageError(
            f"{path.name} is not an SQLite database",
            tip="Uptime Kuma 2 with MariaDB keeps its data there; that is not read",
        )


def _connect(given: _Given) -> sqlite3.Connection:
    """Open a database that nobody changes; one with a log of changes is our own copy, and SQLite reads both."""
    how = "mode=ro" if given.has_log else "mode=ro&immutable=1"
    address = f"file:{quote(os.fspath(given.path.resolve()))}?{how}"
    database = sqlite3.connect(address, uri=True, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("query_only=1", "trusted_schema=0", "cell_size_check=1"):
        database.execute(f"PRAGMA {pragma}")
    return database


class _Reader:
    """Reads tables by the columns that they have. A view is not one of Kuma's tables."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.tables = frozenset(str(row["name"]) for row in listed)

    def list_columns(self, table: str) -> frozenset[str]:
        if table not in self.tables:
            return frozenset()
        listed = self._database.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return frozenset(str(row["name"]) for row in listed)

    def list_rows(self, table: str) -> list[Row]:
        """List the rows of a table, in the order of their ids; none if there is no such table."""
        columns = self.list_columns(table)
        if not columns:
            return []
        order = " ORDER BY id" if "id" in columns else ""
        cursor = self._database.execute(f'SELECT * FROM "{table}"{order} LIMIT {_MOST_ROWS}')  # noqa: S608 -- our names
        return [dict(row) for row in cursor]

    def count_rows(self, table: str) -> int:
        if table not in self.tables:
            return 0
        return int(self._database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 -- our names

    def list_rows_of_monitor(
        self, table: str, wanted: Iterable[str], order: str, monitor: int
    ) -> Iterator[Row]:
        """Yield the rows of a monitor, one after the other."""
        columns = self.list_columns(table)
        names = [name for name in wanted if name in columns]
        if not names or "monitor_id" not in columns or order not in columns:
            return
        listed = ", ".join(f'"{name}"' for name in names)
        then = ', "id"' if "id" in columns else ""
        query = f'SELECT {listed} FROM "{table}" WHERE monitor_id = ? ORDER BY "{order}"{then}'  # noqa: S608 -- our names
        for row in self._database.execute(query, (monitor,)):
            yield dict(row)


def _read_tables(database: sqlite3.Connection, sha256: str) -> Tables:
    reader = _Reader(database)
    if not reader.list_columns("monitor") >= _MONITOR_COLUMNS_NEEDED or "heartbeat" not in reader.tables:
        raise UsageError("the database has no monitors and heartbeats: it is not one of Uptime Kuma")
    monitors = reader.list_rows("monitor")
    return Tables(
        version="2" if "stat_daily" in reader.tables else "1.23",
        sha256=sha256,
        monitors=monitors,
        pages=reader.list_rows("status_page"),
        domains=reader.list_rows("status_page_cname"),
        groups=reader.list_rows("group"),
        members=reader.list_rows("monitor_group"),
        incidents=reader.list_rows("incident"),
        maintenances=reader.list_rows("maintenance"),
        maintained=reader.list_rows("monitor_maintenance"),
        maintenance_pages=reader.list_rows("maintenance_status_page"),
        settings=_read_settings(reader),
        tags=reader.list_rows("monitor_tag"),
        secrets=tuple(_list_secrets(reader, monitors)),
        counts={table: reader.count_rows(table) for table in _REPORTED},
        daily=lambda monitor: reader.list_rows_of_monitor("stat_daily", _DAILY_COLUMNS, "timestamp", monitor),
        beats=lambda monitor: reader.list_rows_of_monitor("heartbeat", _BEAT_COLUMNS, "time", monitor),
    )


def _read_settings(reader: _Reader) -> Mapping[str, Any]:
    """Read some settings by key, none of which can be a secret. A value is JSON or, from old versions, plain text."""
    settings: dict[str, Any] = {}
    for row in reader.list_rows("setting"):
        key = get_text(row, "key")
        if key in ("serverTimezone", "primaryBaseURL", "keepDataPeriodDays"):
            value = get_json(row, "value")
            settings[key] = get_text(row, "value") if value is None else value
    return settings


def _list_secrets(reader: _Reader, monitors: Iterable[Row]) -> Iterator[str]:
    """Yield every value in the database that must not be written anywhere."""
    for row in monitors:
        yield from list_monitor_secrets(row)
    for table in (*_REPORTED, "user"):
        for row in reader.list_rows(table):
            for column in ("config", "password", "docker_daemon", "key", "auth", "url"):
                value = row.get(column)
                if isinstance(value, str):
                    yield value
                    yield from list_texts_in(value)
    for row in reader.list_rows("setting"):
        if str(row.get("key")) in {"jwtSecret", "steamAPIKey", "cloudflaredTunnelToken"}:
            yield str(row.get("value")).strip('"')
