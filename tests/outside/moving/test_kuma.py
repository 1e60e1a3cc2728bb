"""Databases of Uptime Kuma that hold what real ones hold somewhere: reported, never dropped, and no secret written."""

import lzma
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from constat.errors import OutsideError, UsageError
from constat.interval import Instant, parse_instant
from constat.model import Outcome
from constat.moving.kuma.kuma_secrets import SECRET_COLUMNS
from constat.moving.model import Moved, ReadRequest
from outside.moving.kuma import read

T0 = parse_instant("2026-03-01T00:00:00Z")
NOW = parse_instant("2026-11-29T00:00:00Z")
Rows = list[Mapping[str, Any]]
MONITOR = {
    "id": 1,
    "name": "Site",
    "type": "http",
    "url": "https://a.example",
    "interval": 60,
    "retry_interval": 20,
}
PAGE: dict[str, Rows] = {
    "status_page": [{"id": 1, "slug": "status", "title": "Status", "published": 1}],
    "group": [{"id": 1, "name": "Web", "public": 1, "weight": 1, "status_page_id": 1}],
    "monitor_group": [{"id": 1, "monitor_id": 1, "group_id": 1, "weight": 1, "send_url": 0}],
}


def beat(second: int, status: int, important: int = 0, **more: Any) -> Mapping[str, Any]:
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    time = f"2026-03-01 {hours:02}:{minutes:02}:{seconds:02}.987"
    return {
        "monitor_id": 1,
        "status": status,
        "important": important,
        "time": time,
        "msg": "",
        "ping": 12.7,
    } | more


def write(folder: Path, tables: Mapping[str, Rows]) -> Path:
    """A database with these tables, each with the columns that its rows have."""
    path = folder / "kuma.db"
    database = sqlite3.connect(path)
    for table, rows in tables.items():
        columns = sorted({name for row in rows for name in row})
        listed = ", ".join(f'"{name}"' for name in columns)
        database.execute(f'CREATE TABLE "{table}" ({listed})')
        marks = ", ".join("?" for _ in columns)
        database.executemany(
            f'INSERT INTO "{table}" VALUES ({marks})',  # noqa: S608
            [[row.get(name) for name in columns] for row in rows],
        )
    database.commit()
    database.close()
    return path


def moved(
    folder: Path, beats: Rows | None = None, monitor: Mapping[str, Any] = MONITOR, **tables: Rows
) -> Moved:
    path = write(folder, {**PAGE, "monitor": [monitor], "heartbeat": beats or [beat(0, 1)], **tables})
    return read(ReadRequest(str(path), NOW))


def samples(found: Moved) -> list[tuple[Instant, Instant, Outcome, int]]:
    return [
        (row.start - T0, (row.end or 0) - T0, row.outcome, row.count)
        for row in found.evidence[0].rows
        if row.basis == "samples"
    ]


def said(found: Moved) -> str:
    return "\n".join(f"{finding.place}: {finding.found}: {finding.done}" for finding in found.findings)


def test_retries_are_one_look_at_the_time_of_the_first(tmp_path: Path) -> None:
    beats = [
        beat(0, 1),
        beat(60, 2),
        beat(80, 2),
        beat(100, 0, 1),
        beat(160, 0),
        beat(220, 2),
        beat(240, 1, 1),
    ]
    assert samples(moved(tmp_path, beats)) == [
        (0, 60, "up", 1),
        (60, 220, "down", 2),
        (220, 340, "up", 1),
    ]


def test_a_retry_that_ends_in_neither_is_unknown(tmp_path: Path) -> None:
    """In maintenance, behind a gap in which Kuma was off, or at the end."""
    beats = [beat(0, 1), beat(60, 2), beat(80, 3, 1), beat(140, 2), beat(9000, 1), beat(9060, 2)]
    found = moved(tmp_path, beats)
    assert samples(found) == [
        (0, 60, "up", 1),
        (60, 260, "unknown", 2),
        (9000, 9060, "up", 1),
        (9060, 9180, "unknown", 1),
    ]
    assert "3 of these looks ended in neither up nor down: unknown" in said(found)
    assert "1 in maintenance left out" in said(found)


def test_a_gap_is_not_filled(tmp_path: Path) -> None:
    assert samples(moved(tmp_path, [beat(0, 1), beat(60, 1), beat(3600, 1)])) == [
        (0, 180, "up", 2),
        (3600, 3720, "up", 1),
    ]


def test_beats_that_say_nothing_are_counted_in_the_report(tmp_path: Path) -> None:
    odd = [beat(60, 7), beat(120, 1, time="yesterday"), beat(180, 1, time=None)]
    found = moved(tmp_path, [beat(0, 1), *odd])
    assert samples(found) == [(0, 120, "up", 1)]
    assert "monitor 1: 3 beats without a readable time or status: left out" in said(found)


def test_columns_and_tables_that_a_version_lacks_are_absent(tmp_path: Path) -> None:
    """A database of the least that there can be."""
    path = write(
        tmp_path,
        {
            "status_page": [{"id": 1, "slug": "s"}],
            "group": [{"id": 1, "status_page_id": 1}],
            "monitor_group": [{"monitor_id": 1, "group_id": 1}],
            "monitor": [{"id": 1, "name": "Site", "type": "port", "hostname": "a.example", "port": 25}],
            "heartbeat": [{"monitor_id": 1, "status": 1, "time": "2026-03-01 00:00:00"}],
        },
    )
    found = read(ReadRequest(str(path), NOW))
    assert found.services[0].checks[0]["kind"] == "tcp"
    assert samples(found) == [(0, 120, "up", 1)]


@pytest.mark.parametrize(
    ("pages", "slug", "message"),
    [
        ([], "", "no status page: nothing of it is public"),
        ([{"id": 1, "slug": "a", "published": 0}], "", "has no published status pages"),
        (
            [{"id": 1, "slug": "a", "published": 1}, {"id": 2, "slug": "b", "published": 1}],
            "",
            "has 2 published",
        ),
        ([{"id": 1, "slug": "a", "published": 1}], "b", "there is no status page 'b'"),
    ],
)
def test_the_page_must_be_clear(tmp_path: Path, pages: Rows, slug: str, message: str) -> None:
    path = write(
        tmp_path,
        {"monitor": [MONITOR], "heartbeat": [beat(0, 1)], "status_page": pages or [{"id": None}]},
    )
    if not pages:
        sqlite3.connect(path).executescript("DELETE FROM status_page;")
    with pytest.raises(UsageError, match=message):
        read(ReadRequest(str(path), NOW, page=slug))


def test_a_page_is_chosen_by_its_slug(tmp_path: Path) -> None:
    pages: Rows = [{"id": 1, "slug": "a", "published": 1}, {"id": 2, "slug": "b", "published": 1}]
    path = write(tmp_path, {**PAGE, "status_page": pages, "monitor": [MONITOR], "heartbeat": [beat(0, 1)]})
    assert [len(read(ReadRequest(str(path), NOW, page=slug)).services) for slug in "ab"] == [1, 0]


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kuma.db").write_bytes(b"-- MariaDB dump")
    with pytest.raises(UsageError, match="is not an SQLite database"):
        read(ReadRequest(str(tmp_path / "kuma.db"), NOW))
    (tmp_path / "kuma.db.xz").write_bytes(b"\xfd7zXZ\x00 and no more")
    with pytest.raises(UsageError, match="is not packed by xz"):
        read(ReadRequest(str(tmp_path / "kuma.db.xz"), NOW))
    with pytest.raises(UsageError, match="is not a file"):
        read(ReadRequest(str(tmp_path), NOW))


def test_a_packed_database_that_ends_early_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "heartbeat": [beat(0, 1)]})
    packed = tmp_path / "kuma.db.xz"
    packed.write_bytes(lzma.compress(path.read_bytes())[:-40])
    with pytest.raises(UsageError, match="ends in the middle"):
        read(ReadRequest(str(packed), NOW))


def test_another_database_and_a_broken_one_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"monitor": [{"id": 1}]})
    with pytest.raises(UsageError, match="none of Uptime Kuma"):
        read(ReadRequest(str(path), NOW))
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8000)
    with pytest.raises(OutsideError, match="could not be read as a database"):
        read(ReadRequest(str(path), NOW))


def test_a_table_that_is_a_view_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "beats": [beat(0, 1)]})
    sqlite3.connect(path).executescript("CREATE VIEW heartbeat AS SELECT * FROM beats;")
    with pytest.raises(UsageError, match="none of Uptime Kuma"):
        read(ReadRequest(str(path), NOW))


def test_a_log_beside_the_database_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "heartbeat": [beat(0, 1)]})
    (tmp_path / "kuma.db-wal").write_bytes(b"x" * 32)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert "kuma.db-wal: 32 bytes of changes beside the database: not read" in said(
        read(ReadRequest(str(path), NOW))
    )
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


SECRETIVE = {
    "url": "https://a.example/x?token=FAKE-in-url&q=1",
    "headers": '{"X-Api-Key": "FAKE-in-header", "X-Odd": "FAKE-odd", "Accept": "text/html"}',
    "body": '{"password": "FAKE-in-body"}',
    "method": "POST",
    "basic_auth_user": "monitor",
    "auth_method": "basic",
    "description": "its token is FAKE-column-push_token",
}


@pytest.mark.parametrize("kind", ["http", "keyword", "mqtt", "push", "postgres"])
def test_no_secret_is_written(tmp_path: Path, kind: str) -> None:
    """Not in a check, a notice, a row or the report, whatever kind of monitor holds it."""
    columns = {column: f"FAKE-column-{column}" for column in SECRET_COLUMNS}
    monitor = {**MONITOR, **columns, **SECRETIVE, "type": kind, "keyword": "ok"}
    incident = {
        "id": 1,
        "title": "FAKE-column-push_token leaked",
        "content": "see FAKE-in-setting and FAKE-in-notification-1",
        "created_date": "2026-03-01 00:00:00",
        "style": "info",
    }
    found = moved(
        tmp_path,
        [beat(0, 0, 1, msg="login with FAKE-column-mqtt_password failed: ECONNREFUSED")],
        monitor,
        incident=[incident],
        setting=[{"key": "jwtSecret", "value": '"FAKE-in-setting"'}],
        notification=[{"id": 1, "config": '{"smtpPassword": "FAKE-in-notification-1"}'}],
    )
    assert "FAKE" not in repr(found)
    assert found.notices[0].title == "[secret] leaked"
    assert found.evidence[0].rows[0].reason == "refused"
    assert "a secret in mqtt_password" in said(found)


def test_an_address_with_a_secret_keeps_its_other_parameters(tmp_path: Path) -> None:
    check = moved(tmp_path, None, {**MONITOR, **SECRETIVE}).services[0].checks[0]
    assert check["url"] == "https://a.example/x"
    assert check["query"] == {"token": "${CONSTAT_SITE_1_QUERY_TOKEN}", "q": "1"}
    assert check["headers"]["Accept"] == "text/html"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"active": 0}, "paused"),
        ({"upside_down": 1}, "upside down"),
        ({"type": "ping"}, "type ping: no check: no kind of ours sends ICMP"),
        ({"type": "gamedig"}, "type gamedig: no check: no kind of ours says the same"),
        ({"auth_method": "ntlm"}, "auth_method ntlm"),
        ({"url": "https://u:p@a.example"}, "a password in the address"),
        ({"url": "https://"}, "an address without a host"),
        ({"headers": "{"}, "headers that are no JSON"),
        ({"accepted_statuscodes_json": '["any"]'}, "no accepted status"),
        ({"type": "json-query", "json_path": "$sum(x)"}, "a JSON query that is no plain path"),
        ({"type": "json-query", "json_path": "a", "json_path_operator": "contains"}, "the operator contains"),
        ({"type": "dns", "hostname": "a.example", "dns_resolve_type": "ANY"}, "DNS records of type ANY"),
        ({"type": "port", "hostname": "a.example", "port": 0}, "a port that is none"),
    ],
)
def test_what_no_check_of_ours_says_is_reported(
    tmp_path: Path, columns: Mapping[str, Any], words: str
) -> None:
    found = moved(tmp_path, None, {**MONITOR, **columns})
    assert not found.services[0].checks
    assert words in said(found)
    assert samples(found), "its beats are observations all the same"


@pytest.mark.parametrize(
    ("columns", "timing"),
    [
        ({"interval": 60, "timeout": 48.0, "maxretries": 0}, ("48s", {"attempts": 1})),
        ({"interval": 300, "timeout": 20, "maxretries": 2}, ("20s", {"attempts": 3, "delay": "20s"})),
        (
            {"interval": 120, "timeout": 48, "maxretries": 2, "retry_interval": 30},
            ("48s", {"attempts": 2, "delay": "23s"}),
        ),
        (
            {"interval": 300, "timeout": 0, "maxretries": 1, "retry_interval": 60},
            ("119s", {"attempts": 2, "delay": "1m"}),
        ),
        (
            {"interval": 20, "timeout": 0, "maxretries": 5, "retry_interval": 20},
            ("7s", {"attempts": 2, "delay": "5s"}),
        ),
        ({"interval": 1, "timeout": 0, "maxretries": 2, "retry_interval": 1}, ("0.8s", {"attempts": 1})),
    ],
)
def test_attempts_and_pauses_fit_below_the_interval(
    tmp_path: Path, columns: Mapping[str, Any], timing: tuple[str, object]
) -> None:
    check = moved(tmp_path, None, {**MONITOR, **columns}).services[0].checks[0]
    assert (check["timeout"], check["confirm"]) == timing
