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
from constat.moving.model import Moved, MovedSecret, MovedService, ReadRequest
from outside.moving.kuma import read
from tasks.imported_checks import keep_valid_checks

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


def import_database(
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


def read_report(found: Moved) -> str:
    return "\n".join(f"{finding.place}: {finding.found}: {finding.done}" for finding in found.findings)


def test_retries_become_one_sample_at_the_time_of_the_first(tmp_path: Path) -> None:
    beats = [
        beat(0, 1),
        beat(60, 2),
        beat(80, 2),
        beat(100, 0, 1),
        beat(160, 0),
        beat(220, 2),
        beat(240, 1, 1),
    ]
    assert samples(import_database(tmp_path, beats)) == [
        (0, 60, "up", 1),
        (60, 220, "down", 2),
        (220, 340, "up", 1),
    ]


def test_retry_without_a_result_is_unknown(tmp_path: Path) -> None:
    """In maintenance, behind a gap in which Kuma was off, or at the end."""
    beats = [beat(0, 1), beat(60, 2), beat(80, 3, 1), beat(140, 2), beat(9000, 1), beat(9060, 2)]
    found = import_database(tmp_path, beats)
    assert samples(found) == [
        (0, 60, "up", 1),
        (60, 260, "unknown", 2),
        (9000, 9060, "up", 1),
        (9060, 9180, "unknown", 1),
    ]
    assert "3 of these checks ended neither up nor down: unknown" in read_report(found)
    assert "1 in maintenance left out" in read_report(found)


def test_a_gap_is_not_filled(tmp_path: Path) -> None:
    assert samples(import_database(tmp_path, [beat(0, 1), beat(60, 1), beat(3600, 1)])) == [
        (0, 180, "up", 2),
        (3600, 3720, "up", 1),
    ]


def test_uninformative_beats_are_counted_in_the_report(tmp_path: Path) -> None:
    odd = [beat(60, 7), beat(120, 1, time="yesterday"), beat(180, 1, time=None)]
    found = import_database(tmp_path, [beat(0, 1), *odd])
    assert samples(found) == [(0, 120, "up", 1)]
    assert "monitor 1: 3 beats without a readable time or status: left out" in read_report(found)


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
def test_ambiguous_page_is_refused(tmp_path: Path, pages: Rows, slug: str, message: str) -> None:
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


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kuma.db").write_bytes(b"-- MariaDB dump")
    with pytest.raises(UsageError, match="is not an SQLite database"):
        read(ReadRequest(str(tmp_path / "kuma.db"), NOW))
    (tmp_path / "kuma.db.xz").write_bytes(b"\xfd7zXZ\x00 and no more")
    with pytest.raises(UsageError, match="is not packed by xz"):
        read(ReadRequest(str(tmp_path / "kuma.db.xz"), NOW))
    with pytest.raises(UsageError, match="is not a file"):
        read(ReadRequest(str(tmp_path), NOW))


def test_truncated_compressed_database_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "heartbeat": [beat(0, 1)]})
    packed = tmp_path / "kuma.db.xz"
    packed.write_bytes(lzma.compress(path.read_bytes())[:-40])
    with pytest.raises(UsageError, match="ends in the middle"):
        read(ReadRequest(str(packed), NOW))


def test_foreign_and_broken_databases_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"monitor": [{"id": 1}]})
    with pytest.raises(UsageError, match="not one of Uptime Kuma"):
        read(ReadRequest(str(path), NOW))
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8000)
    with pytest.raises(OutsideError, match="could not be read as a database"):
        read(ReadRequest(str(path), NOW))


def test_a_table_that_is_a_view_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "beats": [beat(0, 1)]})
    sqlite3.connect(path).executescript("CREATE VIEW heartbeat AS SELECT * FROM beats;")
    with pytest.raises(UsageError, match="not one of Uptime Kuma"):
        read(ReadRequest(str(path), NOW))


def test_write_ahead_log_is_read(tmp_path: Path) -> None:
    """It exists while Kuma runs. Neither file is changed."""
    path = write(tmp_path, {**PAGE, "monitor": [MONITOR], "heartbeat": [beat(0, 1)]})
    running = sqlite3.connect(path)
    running.executescript("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;")
    later = beat(60, 0)
    running.execute(
        "INSERT INTO heartbeat (monitor_id, status, time, important) VALUES (1, 0, ?, 1)", (later["time"],)
    )
    running.commit()
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    found = read(ReadRequest(str(path), NOW))
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    running.close()
    assert "bytes of changes in a file beside the database: read together with it" in read_report(found)
    assert samples(found) == [(0, 60, "up", 1), (60, 180, "down", 1)]


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
    found = import_database(
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
    assert "a secret in mqtt_password" in read_report(found)


def test_ping_monitor_becomes_an_icmp_check(tmp_path: Path) -> None:
    columns = {"type": "ping", "hostname": "gw.example"}
    check = import_database(tmp_path, None, {**MONITOR, **columns}).services[0].checks[0]
    assert (check["kind"], check["host"]) == ("icmp", "gw.example")


def test_an_address_with_a_secret_keeps_its_other_parameters(tmp_path: Path) -> None:
    check = import_database(tmp_path, None, {**MONITOR, **SECRETIVE}).services[0].checks[0]
    assert check["url"] == "https://a.example/x"
    assert check["query"] == {"token": "${CONSTAT_SITE_1_QUERY_TOKEN}", "q": "1"}
    assert check["headers"]["Accept"] == "text/html"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"active": 0}, "paused"),
        ({"upside_down": 1}, "upside down"),
        ({"type": "docker"}, "type docker: no check"),
        ({"type": "gamedig"}, "type gamedig: no check: we have no equivalent kind"),
        ({"auth_method": "ntlm"}, "auth_method ntlm"),
        ({"url": "https://u:p@a.example"}, "a password in the address"),
        ({"url": "https://"}, "an address without a host"),
        ({"headers": "{"}, "headers that are not JSON"),
        ({"accepted_statuscodes_json": '["any"]'}, "no accepted status"),
        ({"type": "json-query", "json_path": "$sum(x)"}, "a JSON query that is not a plain path"),
        ({"type": "json-query", "json_path": "a", "json_path_operator": "contains"}, "the operator contains"),
        ({"type": "dns", "hostname": "a.example", "dns_resolve_type": "ANY"}, "DNS records of type ANY"),
        ({"type": "port", "hostname": "a.example", "port": 0}, "an invalid port"),
    ],
)
def test_unsupported_settings_are_reported(tmp_path: Path, columns: Mapping[str, Any], words: str) -> None:
    found = import_database(tmp_path, None, {**MONITOR, **columns})
    assert not found.services[0].checks
    assert words in read_report(found)
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
def test_attempts_and_pauses_fit_into_the_interval(
    tmp_path: Path, columns: Mapping[str, Any], timing: tuple[str, object]
) -> None:
    check = import_database(tmp_path, None, {**MONITOR, **columns}).services[0].checks[0]
    assert (check["timeout"], check["confirm"]) == timing


@pytest.mark.parametrize(
    "column",
    [
        {"url": "https://a.example/hook/FAKE-zq7aa/x"},
        {"url": "https://a.example/x?FAKE-zq7aa"},
        {"url": "https://a.example/x?FAKE-zq7aa=1"},
        {"url": "https://a.example/q1w2e3r4t5y6FAKE"},
        {"method": "POST", "body": '{"user": "x", "pw": "FAKE-2"}'},
        {"method": "POST", "body": "<login><key>FAKE-zq7aa</key></login>"},
        {"description": "sign in as kuma with FAKE-zq7aa"},
    ],
)
def test_text_that_looks_like_a_secret_is_not_written(tmp_path: Path, column: Mapping[str, str]) -> None:
    members: Rows = [{"id": 1, "monitor_id": 1, "group_id": 1, "weight": 1, "send_url": 1}]
    found = import_database(tmp_path, monitor={**MONITOR, **column}, monitor_group=members)
    assert "FAKE" not in repr(found)
    assert "secret" in read_report(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/healthcheck2",
        "https://a.example/API/v1.2/Main_Page.html",
        "https://a.example/caf%C3%A9/getServiceStatus?verbose=1&format=json",
    ],
)
def test_ordinary_address_is_kept(tmp_path: Path, url: str) -> None:
    found = import_database(tmp_path, monitor={**MONITOR, "url": url})
    assert [check["url"] for check in found.services[0].checks] == [url]


def test_incident_without_a_page_is_not_imported(tmp_path: Path) -> None:
    """As Kuma shows it. Where the column is absent, there was one page alone."""
    incident = {"id": 1, "title": "Hidden", "created_date": "2026-03-01 00:00:00", "pin": 1, "active": 1}
    (tmp_path / "old").mkdir()
    assert not import_database(tmp_path, incident=[{**incident, "status_page_id": None}]).notices
    assert import_database(tmp_path / "old", incident=[incident]).notices


@pytest.mark.parametrize("zone", ['"Europe/Berlin"', "Europe/Berlin"])
def test_the_zone_of_the_server_may_be_plain_text(tmp_path: Path, zone: str) -> None:
    window = {"start_date": "2026-03-29 01:30:00", "end_date": "2026-03-29T03:30", "timezone": ""}
    maintenance = {"id": 1, "title": "Work", "strategy": "single", "active": 1, **window}
    found = import_database(
        tmp_path,
        maintenance=[maintenance],
        maintenance_status_page=[{"id": 1, "status_page_id": 1, "maintenance_id": 1}],
        setting=[{"id": 1, "key": "serverTimezone", "value": zone}],
    )
    times = [(notice.starts, notice.ends) for notice in found.notices]
    assert times == [(parse_instant("2026-03-29T00:30:00Z"), parse_instant("2026-03-29T01:30:00Z"))]


def test_notice_texts_become_safe_markdown(tmp_path: Path) -> None:
    """No headings, tags or remote pictures are taken over; every word is kept, and mentioned people are named."""
    content = "## Why\n\n<b>Disk</b> full<!-- again --> ![graph](https://img.example/a.png), [how](/x): ops@a.example"
    incident = {"id": 1, "title": "T", "content": content, "created_date": "2026-03-01 00:00:00", "pin": 1}
    url = {"id": 1, "key": "primaryBaseURL", "value": '"https://kuma.example"'}
    found = import_database(tmp_path, incident=[incident], setting=[url])
    assert found.notices[0].text == (
        "### Why\n\n**Disk** full [graph](https://img.example/a.png), [how](https://kuma.example/x): ops@a.example"
    )
    report = read_report(found)
    for words in (
        "a comment: again",
        "the picture https://img.example/a.png",
        "1 e-mail address in the text",
    ):
        assert words in report


def test_long_names_give_short_secret_names(tmp_path: Path) -> None:
    """One that status.yml refuses took every check with it."""
    monitor = {
        **MONITOR,
        "name": "Payments of the northern region, card and invoice, second data centre",
        "auth_method": "basic",
        "basic_auth_user": "kuma",
        "basic_auth_pass": "hunter2",
    }
    found = keep_valid_checks(import_database(tmp_path, monitor=monitor))
    assert [len(secret.name) for secret in found.secrets] == [len("CONSTAT_") + 60]
    assert found.services[0].checks[0]["basic"]["password"] == f"${{{found.secrets[0].name}}}"


def test_refused_secret_drops_only_its_own_check() -> None:
    headers = {"X-Key": "${CONSTAT_" + "A" * 61 + "}"}
    sound = {"name": "check", "kind": "http", "url": "https://a.example"}
    services = [
        MovedService("a", "A", checks=[sound]),
        MovedService("b", "B", checks=[{**sound, "headers": headers}]),
    ]
    secrets = [MovedSecret("CONSTAT_" + "A" * 61, ("a.example",))]
    found = keep_valid_checks(Moved("kuma", services=services, secrets=secrets))
    assert [list(service.checks) for service in found.services] == [[sound], []]
    assert not found.secrets
