"""Both repositories of Upptime imported as a user would, and compared with the raw patches second by second."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from constat.text.yaml_source import read_yaml
from tests.support.command_line import generate_here
from tests.support.raw_looks import (
    RawLook,
    WrittenRow,
    find_stretches,
    paint,
    paint_looks,
    read_upptime,
    read_written,
)
from tests.support.source_tree import ROOT

BUNDLES = ROOT / "tests" / "support" / "moving" / "upptime"
NOW = "2026-08-25T09:00:00Z"
DAY_S = 86_400
WINDOWS = {"manticore": (1_786_400_000, 15 * DAY_S), "bandlab": (1_769_000_000, 40 * DAY_S)}
"""A first second before all looks, and a length that reaches behind them."""


class Import(NamedTuple):
    """An imported repository: its name, its looks by patches, its project, and the rows by service."""

    name: str
    looks: dict[str, list[RawLook]]
    root: Path
    rows: dict[str, list[WrittenRow]]

    def of_basis(self, basis: str) -> dict[str, list[WrittenRow]]:
        return {slug: [row for row in rows if row.basis == basis] for slug, rows in self.rows.items()}


@pytest.fixture(scope="module", params=["manticore", "bandlab"])
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Import:
    name = str(request.param)
    folder = tmp_path_factory.mktemp(name)
    bundle = BUNDLES / f"{name}.bundle"
    looks = read_upptime(bundle, folder / "raw", 300)
    done = generate_here("import", "upptime", str(bundle), "--root", str(folder / "page"), "--now", NOW)
    assert done.returncode == 0, done.stderr
    data = (folder / "page/history/imported/upptime.csv").read_bytes()
    return Import(name, looks, folder / "page", dict(read_written(data)))


def test_every_second_matches_the_patches(imported: Import) -> None:
    assert imported.rows.keys() == imported.looks.keys()
    for slug, rows in imported.of_basis("samples").items():
        window = WINDOWS[imported.name]
        written = [(row.start, row.end or row.start, row.outcome) for row in rows]
        assert paint(written, *window) == paint_looks(imported.looks[slug], *window), slug
        assert sum(row.looks for row in rows) == len(imported.looks[slug])


def test_changes_last_until_a_sample_with_another_outcome(imported: Import) -> None:
    for slug, rows in imported.of_basis("changes").items():
        assert [(row.start, row.end, row.outcome) for row in rows] == find_stretches(imported.looks[slug]), (
            slug
        )


def test_totals_match_those_counted_by_hand(imported: Import) -> None:
    """Measured on the repositories before anything was written to read them."""
    looks = sum(len(found) for found in imported.looks.values())
    changes = [row for rows in imported.of_basis("changes").values() for row in rows if row.outcome == "down"]
    samples = [row for rows in imported.of_basis("samples").values() for row in rows if row.outcome == "down"]
    hours = [
        round(sum((row.end or row.start) - row.start for row in rows) / 3600, 2)
        for rows in (changes, samples)
    ]
    expected = {"manticore": (332, 47, [20.06, 7.03]), "bandlab": (58, 0, [0, 0])}
    assert (looks, len(changes), hours) == expected[imported.name]


def test_template_commits_are_not_samples(imported: Import) -> None:
    report = (imported.root / "import-report.md").read_text()
    assert "from the template, with a time long before the commit" in report
    assert not {"google", "wikipedia", "hacker-news", "secret-site"} & imported.rows.keys()


def test_every_site_is_a_service_with_its_check(imported: Import) -> None:
    settings = read_yaml((imported.root / "status.yml").read_text(), "status.yml").data
    assert isinstance(settings, dict)
    services = settings["services"]
    assert isinstance(services, list)
    ids = [one["id"] for one in services if isinstance(one, dict)]
    assert set(ids) == imported.rows.keys()
    assert all(one["checks"] for one in services if isinstance(one, dict))
    if imported.name == "manticore":
        assert ids[:3] == ["slack-community", "manual", "manual-dev"]
        assert services[0]["checks"] == [  # type: ignore[index, call-overload]
            {
                "name": "check",
                "kind": "http",
                "url": "https://slack.manticoresearch.com",
                "status": ["302"],
                "follow_redirects": "false",
                "contains": "302 Found",
                "degraded_above": "30s",
                "timeout": "30s",
                "confirm": {"attempts": "3", "delay": "5s"},
            }
        ]


def test_the_document_names_the_commit_and_the_counts(imported: Import) -> None:
    document = json.loads((imported.root / "history/imported/upptime.json").read_text())
    assert document["title"] == "Upptime"
    assert len(document["source"]["commit"]) == 40
    counted = {slug: sum(counts.values()) for slug, counts in document["source"]["counts"].items()}
    assert counted == {slug: len(looks) for slug, looks in imported.looks.items()}


def test_a_second_import_changes_nothing(imported: Import) -> None:
    before = {path: path.read_bytes() for path in imported.root.rglob("*") if path.is_file()}
    bundle = BUNDLES / f"{imported.name}.bundle"
    done = generate_here(
        "import", "upptime", str(bundle), "--root", str(imported.root), "--now", "2026-12-01T00:00Z"
    )
    assert done.returncode == 0
    assert {path: path.read_bytes() for path in imported.root.rglob("*") if path.is_file()} == before


def test_imported_project_is_valid(imported: Import) -> None:
    done = generate_here("validate", "--root", str(imported.root), "--now", NOW)
    assert done.returncode == 0, done.stdout
