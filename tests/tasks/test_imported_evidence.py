"""What another tool measured is shown, and moves nothing: no figure, statement, badge or interface knows it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from constat.imported import decode_rows, encode_document, encode_rows
from constat.interval import DAY_S, Instant, parse_instant
from constat.model import Outcome
from constat.model.imported import Basis, ImportedRow
from constat.moving.model import Moved, MovedEvidence
from outside.evidence.statements import read_frozen_months
from tasks.build import rehearse_site
from tasks.imported_evidence import plan_evidence
from tasks.project import Project
from tests.support import frozen_project
from tests.support.command_line import generate_here
from tests.support.source_tree import ROOT

T0 = parse_instant("2026-07-20T00:00:00Z")
NOW = frozen_project.NOW
FOLDER = "history/imported"


def row(
    start: Instant, end: Instant | None, outcome: str, basis: Basis = "samples", **more: object
) -> ImportedRow:
    made = ImportedRow("smtp", start, end, Outcome(outcome), basis, 10, 300)
    return replace(made, **more)  # type: ignore[arg-type]


ROWS = (
    row(T0, T0 + 5 * DAY_S, "up", latency_ms=84),
    row(T0 + 5 * DAY_S, T0 + 5 * DAY_S + 7200, "down", reason="status 503"),
    row(T0 + 5 * DAY_S + 7200, T0 + 6 * DAY_S, "up"),
    row(T0 + 7 * DAY_S, T0 + 20 * DAY_S, "down", "changes"),
    row(T0 + 8 * DAY_S, T0 + 9 * DAY_S, "unknown", "counts", reason="up 1437 down 3"),
)
"""Among them an outage that reaches into our own time, and counts."""


def lay_tree(root: Path, rows: tuple[ImportedRow, ...] = ROWS) -> None:
    """Write the tree beside the evidence of a project."""
    (root / FOLDER).mkdir(parents=True)
    csv = encode_rows(rows)
    (root / FOLDER / "upptime.csv").write_bytes(csv)
    document = encode_document("Upptime", {"commit": "c0ffee"}, NOW, csv, ["site smtp: 3 looks"])
    (root / FOLDER / "upptime.json").write_bytes(document)


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same project twice, without the tree and with it, each with its months frozen."""
    without, with_tree = (tmp_path_factory.mktemp(name) for name in ("without", "with"))
    for root in (without, with_tree):
        frozen_project.write_frozen_project(root)
    lay_tree(with_tree)
    for root in (without, with_tree):
        frozen_project.seal_days(root)
        frozen_project.freeze_all(root)
    return without, with_tree


@pytest.fixture(scope="module")
def sites(roots: tuple[Path, Path]) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    without, with_tree = (rehearse_site(Project(root, ROOT, NOW)).files for root in roots)
    return without, with_tree


def test_statements_have_the_same_bytes(roots: tuple[Path, Path]) -> None:
    without, with_tree = (
        [version.data for month in read_frozen_months(root) for version in month.versions] for root in roots
    )
    assert len(without) == len(frozen_project.MONTHS)
    assert without == with_tree


def test_only_pages_change(sites: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> None:
    """Badges, feeds, calendars, the interfaces with all their figures: byte for byte the same."""
    without, with_tree = sites
    new = with_tree.keys() - without.keys()
    assert {path for path in new if not path.endswith(".html")} == {
        "evidence/imported/upptime.csv",
        "evidence/imported/upptime.json",
    }
    changed = {path for path in without if without[path] != with_tree[path]}
    assert changed
    allowed = re.compile(r".*\.html|sitemap\.xml|_headers")
    assert {path for path in changed if not allowed.fullmatch(path)} == set()
    assert {
        "api/history/smtp.json",
        "badge/uptime/smtp.svg",
        "api/sla/2026-09.json",
    } <= without.keys() - changed


def test_page_figures_are_unchanged(sites: tuple[Mapping[str, bytes], Mapping[str, bytes]]) -> None:
    without, with_tree = (site["index.html"].decode() for site in sites)
    figures = re.compile(r'<p class="figure">.*?</p>')
    assert figures.findall(without)
    assert figures.findall(without) == figures.findall(with_tree)


def test_imported_files_are_published_unchanged(
    roots: tuple[Path, Path], sites: tuple[Mapping[str, bytes], Mapping[str, bytes]]
) -> None:
    for name in ("upptime.csv", "upptime.json"):
        assert sites[1][f"evidence/imported/{name}"] == (roots[1] / FOLDER / name).read_bytes()


def test_pages_without_imports_have_no_import_style(
    sites: tuple[Mapping[str, bytes], Mapping[str, bytes]],
) -> None:
    assert not [path for path, data in sites[0].items() if b".was" in data or b'"was ' in data]
    assert b".was" in sites[1]["index.html"]


def test_days_before_our_first_sample_are_marked_and_explained(
    sites: tuple[Mapping[str, bytes], Mapping[str, bytes]],
) -> None:
    """Our first sample is of 3 August; the shown days begin with 8 August, so its month is described in the archive."""
    july = sites[1]["history/2026-07/index.html"].decode()
    assert '<path class="outage was"' in july
    assert "Upptime" in july
    assert re.search(r"en panne .* selon Upptime", july)
    assert "history/2026-07/index.html" not in sites[0]


def test_show_lists_imported_rows(roots: tuple[Path, Path]) -> None:
    at = "2026-07-25T01:00Z"
    done = generate_here("show", "--root", str(roots[1]), "--now", "2026-11-05T12:00Z", "--at", at, "smtp")
    assert "Upptime recorded it as down (status 503) from 2026-07-25" in done.stdout
    assert "in no figure" in done.stdout
    without = generate_here("show", "--root", str(roots[0]), "--now", "2026-11-05T12:00Z", "--at", at, "smtp")
    assert "not measured by us" not in without.stdout


def test_invalid_import_does_not_block_the_page(tmp_path: Path) -> None:
    frozen_project.write_frozen_project(tmp_path)
    (tmp_path / FOLDER).mkdir(parents=True)
    good = encode_rows(ROWS).decode()
    (tmp_path / FOLDER / "kuma.csv").write_text(good + "smtp,yesterday\nsmtp,x,y,up,samples,1,1,,\n")
    (tmp_path / FOLDER / "kuma.json").write_text("{")
    (tmp_path / FOLDER / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / FOLDER / "Odd name.csv").write_text("x")
    built = rehearse_site(Project(tmp_path, ROOT, NOW))
    published = {path for path in built.files if path.startswith("evidence/imported/")}
    assert published == {"evidence/imported/kuma.csv", "evidence/imported/kuma.json"}
    assert any(
        "imported/kuma.csv:7: the row has 2 cells instead of 9 (2 rows left out)" in w for w in built.warnings
    )


def test_rows_round_trip_through_their_file() -> None:
    """Also reasons with what a spreadsheet or a reader of commas would take for something else."""
    odd = (*ROWS, row(T0, None, "down", "changes", reason='=1+1, "quoted" 100%'))
    decoded, skipped = decode_rows(encode_rows(odd), "x.csv")
    assert skipped is None
    assert set(decoded) == set(odd)
    assert encode_rows(reversed(decoded)) == encode_rows(odd)


def test_an_import_that_brings_nothing_new_writes_nothing() -> None:
    """One that brings more writes only that, into a further file: what is on the branch stays."""
    held: dict[str, bytes] = {}
    moved = Moved("upptime", evidence=[MovedEvidence("upptime", ROWS[:2], {"commit": "a"})])
    first = plan_evidence(moved, {"smtp": "relay"}, held.get, NOW)
    assert set(first.changed) == {f"{FOLDER}/upptime.csv", f"{FOLDER}/upptime.json"}
    held.update(first.changed)
    assert plan_evidence(moved, {"smtp": "relay"}, held.get, NOW + DAY_S).changed == {}
    grown = moved._replace(evidence=[MovedEvidence("upptime", ROWS, {"commit": "b"})])
    second = plan_evidence(grown, {"smtp": "relay"}, held.get, NOW)
    assert set(second.changed) == {f"{FOLDER}/upptime-2.csv", f"{FOLDER}/upptime-2.json"}
    rows, _ = decode_rows(second.changed[f"{FOLDER}/upptime-2.csv"], "x")
    assert {each.start for each in rows} == {each.start for each in ROWS[2:]}
    assert {each.service for each in rows} == {"relay"}
    document = json.loads(second.changed[f"{FOLDER}/upptime-2.json"])
    assert (document["title"], document["rows"], document["source"]) == ("Upptime", 3, {"commit": "b"})


def test_rows_of_an_unknown_service_are_reported() -> None:
    moved = Moved("upptime", evidence=[MovedEvidence("upptime", ROWS, {})])
    plan = plan_evidence(moved, {}, lambda _path: None, NOW)
    assert not plan.changed
    assert plan.findings[0].found == "5 rows of a service that is not in the project"


def test_rules_page_mentions_imports_only_if_shown(
    sites: tuple[Mapping[str, bytes], Mapping[str, bytes]],
) -> None:
    """In the words of the page's first language, French."""
    words = "Ce que Upptime a relevé avant nos propres mesures"
    assert [words in site["how/index.html"].decode() for site in sites] == [False, True]
