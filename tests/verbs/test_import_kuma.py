"""Both databases of Uptime Kuma imported as a user would, and compared with the raw data second by second."""

import json
import lzma
import sqlite3
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from constat.text.yaml_source import read_yaml
from tests.support.command_line import generate_here
from tests.support.raw_looks import WrittenRow, paint, paint_looks, read_kuma, read_written
from tests.support.source_tree import ROOT

PACKED = ROOT / "tests" / "support" / "moving" / "kuma"
NOW = "2026-11-29T09:00:00Z"
ORIGIN, LENGTH = 1_791_504_000, 40 * 86_400
PUBLIC = {
    2: "website",
    3: "shop",
    4: "api",
    5: "api-2",
    6: "dns-www",
    7: "router-kiel",
    9: "relay",
    10: "imaps",
    15: "orders-database",
}
"""The monitors on the public page, and the ids that they get."""
PRIVATE = ("Nightly backup", "Worker container", "Port 23", "Sensor bus", "Alte Seite", "Event stream")
PRIVATE_TOO = ("Hotline", "Kunden aus Sydney", "Interner Hinweis", "Webseiten")


class Import(NamedTuple):
    """An imported database: its version, unpacked file, project, and the rows by service."""

    version: str
    database: Path
    root: Path
    rows: dict[str, list[WrittenRow]]


@pytest.fixture(scope="module", params=["1.23", "2"])
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Import:
    version = str(request.param)
    folder = tmp_path_factory.mktemp(f"kuma-{version}")
    packed = PACKED / f"kuma-{version}.db.xz"
    (folder / "kuma.db").write_bytes(lzma.decompress(packed.read_bytes()))
    done = generate_here("import", "kuma", str(packed), "--root", str(folder / "page"), "--now", NOW)
    assert done.returncode == 0, done.stderr
    data = (folder / "page/history/imported/kuma.csv").read_bytes()
    return Import(version, folder / "kuma.db", folder / "page", dict(read_written(data)))


def test_every_second_matches_the_beats(imported: Import) -> None:
    for monitor, service in PUBLIC.items():
        looks, _ = read_kuma(imported.database, monitor)
        written = [
            (row.start, row.end or row.start, row.outcome)
            for row in imported.rows[service]
            if row.basis == "samples"
        ]
        assert paint(written, ORIGIN, LENGTH) == paint_looks(looks, ORIGIN, LENGTH), service


def test_every_beat_is_counted_or_reported(imported: Import) -> None:
    """Sums of counts, the pending beats that were merged, and those in maintenance are all beats."""
    document = json.loads((imported.root / "history/imported/kuma.json").read_text())
    report = "\n".join(document["report"])
    for monitor, service in PUBLIC.items():
        _, beats = read_kuma(imported.database, monitor)
        sums: Counter[str] = Counter()
        for row in imported.rows[service]:
            if row.basis == "samples":
                sums[row.outcome] += row.looks
        assert (sums["down"], sums["up"]) == (beats[0], beats[1]), service
        line = next(line for line in report.splitlines() if line.startswith(f"monitor {monitor}: beats"))
        assert beats[2] == 0 or f"{beats[2]} pending merged" in line
        assert beats[3] == 0 or f"{beats[3]} in maintenance left out" in line


def test_only_monitors_of_the_page_have_rows(imported: Import) -> None:
    assert set(imported.rows) == set(PUBLIC.values())


def test_older_changes_are_kept_beside_samples(imported: Import) -> None:
    """1.23 keeps every beat, and so needs no changes; 2.x kept 30 days of changes and two days of beats."""
    changes = [row for rows in imported.rows.values() for row in rows if row.basis == "changes"]
    if imported.version == "1.23":
        assert not changes
        return
    database = sqlite3.connect(imported.database)
    for monitor, service in PUBLIC.items():
        older = database.execute(
            "SELECT CAST(strftime('%s', substr(time, 1, 19)) AS INTEGER), status FROM heartbeat WHERE monitor_id = ?1"
            " AND time < (SELECT min(time) FROM heartbeat WHERE monitor_id = ?1 AND important = 0) ORDER BY time",
            (monitor,),
        ).fetchall()
        (full,) = database.execute(
            "SELECT CAST(strftime('%s', substr(min(time), 1, 19)) AS INTEGER) FROM heartbeat"
            " WHERE monitor_id = ? AND important = 0",
            (monitor,),
        ).fetchone()
        ends = [at for at, _ in older[1:]] + [full]
        expected = [
            (at, end, {0: "down", 1: "up"}[status])
            for (at, status), end in zip(older, ends, strict=True)
            if status in {0, 1}
        ]
        written = [
            (row.start, row.end, row.outcome) for row in imported.rows[service] if row.basis == "changes"
        ]
        assert written == expected, service
    database.close()


def test_the_counts_of_each_day_are_text(imported: Import) -> None:
    counts = [row for rows in imported.rows.values() for row in rows if row.basis == "counts"]
    if imported.version == "1.23":
        assert not counts
        return
    database = sqlite3.connect(imported.database)
    for monitor, service in PUBLIC.items():
        days = database.execute(
            "SELECT timestamp, up, down FROM stat_daily WHERE monitor_id = ? ORDER BY timestamp", (monitor,)
        ).fetchall()
        written = [
            (row.start, row.reason.split(" m")[0]) for row in imported.rows[service] if row.basis == "counts"
        ]
        assert written == [(at, f"up {up} down {down}") for at, up, down in days], service
    database.close()


def test_nothing_secret_and_nothing_private_is_written(imported: Import) -> None:
    generate_here("build", "--root", str(imported.root), "--now", NOW)
    files = [path for path in imported.root.rglob("*") if path.is_file()]
    assert any(path.name == "import-report.md" for path in files)
    for path in files:
        text = path.read_bytes().decode("utf-8", "replace")
        for word in ("FAKE", "mx.example", *PRIVATE, *PRIVATE_TOO):
            assert word not in text, (path, word)


def test_secrets_are_named_and_declared(imported: Import) -> None:
    settings = read_yaml((imported.root / "status.yml").read_text(), "status.yml").data
    assert isinstance(settings, dict)
    assert settings["secrets"] == {
        "CONSTAT_API_4_AUTHORIZATION": ["api.nordlicht.example"],
        "CONSTAT_API_5_BASIC_AUTH_PASS": ["api.nordlicht.example"],
    }
    report = (imported.root / "import-report.md").read_text()
    assert "database\\_connection\\_string" in report
    assert "CONSTAT\\_API\\_4\\_AUTHORIZATION" in report


def test_services_stand_in_the_order_of_the_page(imported: Import) -> None:
    settings = read_yaml((imported.root / "status.yml").read_text(), "status.yml").data
    assert isinstance(settings, dict)
    services = settings["services"]
    assert [(one["name"], one["group"]) for one in services] == [  # type: ignore[index, call-overload]
        ("Website", "Web"),
        ("Shop 🛒", "Web"),
        ("API", "Web"),
        ("API", "Web"),
        ("Router Kiel", "Infrastructure"),
        ("DNS www", "Infrastructure"),
        ("Relay", "Infrastructure"),
        ("IMAPS", "Infrastructure"),
        ("Orders database", "Infrastructure"),
    ]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("2026-10-19-storung-im-shop", ["impact: major", 'starts: "2026-10-19T03:52:12Z"', "behoben"]),
        ("2026-10-29-wir-testen-ipv6", ["impact: none", "Over. The time was not recorded."]),
        ("2026-11-04-langsame-api", ["impact: minor", 'title: "Langsame API"', "https://status.example/x"]),
        (
            "2026-10-24-neuer-datenbankserver",
            [
                'starts: "2026-10-24T21:00:00Z"',
                'ends: "2026-10-25T03:30:00Z"',
                "services: [api, api-2, orders-database]",
            ],
        ),
        (
            "2026-11-22-move-to-the-new-data-centre",
            ['starts: "2026-11-22T01:00:00Z"', 'ends: "2026-11-22T07:00:00Z"', "Announced."],
        ),
    ],
)
def test_notices_keep_their_texts_and_times(imported: Import, name: str, lines: list[str]) -> None:
    """A window over the end of summer time has each end by its own offset."""
    text = (imported.root / f"incidents/{name}.md").read_text()
    assert all(line in text for line in lines), text
    assert len(list((imported.root / "incidents").glob("*.md"))) == 5


def test_incident_ends_only_if_an_end_is_recorded(imported: Import) -> None:
    """2.x records it; in 1.23 it is only unpinned, so the latest time is used, with a sentence that says so."""
    text = (imported.root / "incidents/2026-10-19-storung-im-shop.md").read_text()
    assert "## 2026-10-19T05:59:12Z resolved" in text
    assert ("Over. The time was not recorded." in text) == (imported.version == "1.23")
    assert "resolved" not in (imported.root / "incidents/2026-11-04-langsame-api.md").read_text()


def test_texts_and_domain_of_the_page_are_reported(imported: Import) -> None:
    report = (imported.root / "import-report.md").read_text()
    assert "| status page status | description: Aktuelle Lage |" in report
    assert "its own domain status.nordlicht.example" in report
    assert 'url: "https://status.nordlicht.example' in (imported.root / "status.yml").read_text()


def test_recurring_maintenance_is_reported_with_its_next_dates(imported: Import) -> None:
    report = (imported.root / "import-report.md").read_text()
    assert "on: 2026-11-09, 2026-11-16, 2026-11-23" in report
    assert "on: 2026-11-11, 2026-11-18, 2026-11-25" in report


def test_a_second_import_changes_nothing(imported: Import) -> None:
    before = {path: path.read_bytes() for path in imported.root.rglob("*") if path.is_file()}
    packed = PACKED / f"kuma-{imported.version}.db.xz"
    done = generate_here(
        "import", "kuma", str(packed), "--root", str(imported.root), "--now", "2026-12-01T00:00Z"
    )
    assert done.returncode == 0
    assert {path: path.read_bytes() for path in imported.root.rglob("*") if path.is_file()} == before


def test_imported_project_is_valid(imported: Import) -> None:
    done = generate_here("validate", "--root", str(imported.root), "--now", NOW)
    assert done.returncode == 0, done.stdout
