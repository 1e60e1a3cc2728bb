"""The figures that a site shows for a month, compared with its statement, in every language."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from constat.model import Day, Statement
from constat.statement import decode_statement
from constat.statement.month_days import recompute_days
from constat.statement.shown_days import check_document, check_rows
from outside.site.reader import SiteFolder
from outside.site.shown import check_shown_days, check_shown_month
from tasks.build import build_and_publish
from tasks.project import Project
from tasks.verify_month import collect_evidence
from tests.support.frozen_project import NOW, freeze_all, write_frozen_project
from tests.support.source_tree import ROOT

PAGE = "sla/2026-10/index.html"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_frozen_project(tmp_path_factory.mktemp("shown") / "project")
    status = root / "status.yml"
    status.write_text(status.read_text().replace("languages: [fr]", "languages: [fr, en, de]"))
    freeze_all(root)
    build_and_publish(Project(root, ROOT, NOW), {}, print)
    return root


@pytest.fixture
def statement(built: Path) -> Statement:
    path = "history/statements/2026-10.json"
    return decode_statement((built / path).read_bytes(), path)


Tamper = Callable[[str, str, str], None]


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy of the files that a reader of October is shown."""
    for path in (PAGE, f"en/{PAGE}", f"de/{PAGE}", "api/sla/2026-10.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((built / "site" / path).read_bytes())
    return tmp_path


def check(site: Path, statement: Statement) -> tuple[str, ...]:
    return check_shown_month(SiteFolder(site), statement).troubles


def test_built_site_shows_the_statement(site: Path, statement: Statement) -> None:
    assert check_shown_month(SiteFolder(site), statement) == ((), ())


@pytest.mark.parametrize("page", [PAGE, f"en/{PAGE}", f"de/{PAGE}"])
def test_changed_figure_or_verdict_is_found_in_every_language(
    site: Path, statement: Statement, page: str
) -> None:
    text = (site / page).read_text()
    availability = 'data-figure="all.availability" value="'
    start = text.index(availability) + len(availability)
    value = text[start : text.index('"', start)]
    for tampered in (
        text.replace(f'value="{value}"', 'value="100.000"'),
        text.replace(value.replace(".", ","), "100,000").replace(f">{value}", ">100.000"),
        text.replace('data-figure="verdict" value="met"', 'data-figure="verdict" value="missed"'),
        text.replace('data-figure="budget.spent_s" value="', 'data-figure="budget.spent_s" value="1'),
        text.replace('data-service="smtp"', 'data-service="api"'),
    ):
        assert tampered != text
        (site / page).write_text(tampered)
        assert check(site, statement)[0].startswith(f"{page} shows ")


def test_changed_table_cell_or_row_is_found(site: Path, statement: Statement) -> None:
    table = site / "api/sla/2026-10.csv"
    whole = table.read_text()
    table.write_text(whole.replace(",missed,", ",met,"))
    assert check(site, statement) == ("api/sla/2026-10.csv has another line 4 than the statement gives",)
    table.write_text("".join(whole.splitlines(keepends=True)[:-1]))
    assert check(site, statement) == ("api/sla/2026-10.csv has another line 4 than the statement gives",)
    table.write_text(whole + whole.splitlines()[-1])
    assert check(site, statement) == ("api/sla/2026-10.csv has another line 5 than the statement gives",)


def test_custom_and_missing_pages_are_reported(site: Path, statement: Statement) -> None:
    (site / f"en/{PAGE}").write_text("<h1>October</h1><data value='3'>3</data><p hreflang='../../etc'>")
    told = check_shown_month(SiteFolder(site), statement)
    assert told == ((), (f"en/{PAGE} marks no figures up, so what it shows was not compared",))
    (site / PAGE).unlink()
    (site / "index.html").write_text("<h1>Everything is working</h1>")
    assert "is not published" in check_shown_month(SiteFolder(site), statement).notes[0]


DAYS = "api/history/api"


@pytest.fixture(scope="module")
def recomputed(built: Path) -> Mapping[str, tuple[Day, ...]]:
    path = "history/statements/2026-10.json"
    frozen = decode_statement((built / path).read_bytes(), path)
    return recompute_days(frozen, collect_evidence(built, frozen), NOW)


def check_days(built: Path, site: Path, recomputed: Mapping[str, tuple[Day, ...]]) -> list[str]:
    for path in (f"{DAYS}.json", f"{DAYS}.csv"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        if not (site / path).exists():
            (site / path).write_bytes((built / "site" / path).read_bytes())
    return list(check_shown_days(SiteFolder(site), recomputed, lambda: recomputed))


def test_shown_days_match_the_evidence(built: Path, recomputed: Mapping[str, tuple[Day, ...]]) -> None:
    shown = json.loads((built / f"site/{DAYS}.json").read_bytes())["days"]
    assert sum(day["date"].startswith("2026-10") and bool(day["seconds"]) for day in shown) > 20
    assert list(check_shown_days(SiteFolder(built / "site"), recomputed, lambda: recomputed)) == []


def test_older_site_without_vantages_is_compared_with_what_it_shows(
    built: Path, recomputed: Mapping[str, tuple[Day, ...]]
) -> None:
    """It says nothing of single vantages; what it does say still has to be what the evidence gives."""
    document = json.loads((built / f"site/{DAYS}.json").read_bytes())
    times = [day["latency_ms"] for day in document["days"] if day["latency_ms"]]
    assert all(list(one["vantages"]) == ["here"] for one in times)
    for one in times:
        del one["vantages"]
    assert list(check_document(recomputed["api"], json.dumps(document).encode())) == []
    for one in times:
        one["p50"] += 1
    assert len(list(check_document(recomputed["api"], json.dumps(document).encode()))) > 20


def test_site_without_days_recomputes_nothing(tmp_path: Path) -> None:
    assert list(check_shown_days(SiteFolder(tmp_path), ["api"], pytest.fail)) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("json", ('"status":"', '"status":"x')),
        ("json", ('"p95":', '"p95":1')),
        ("json", ('"here":{"p50":', '"here":{"p50":1')),
        ("csv", (",100.000,", ",100.001,")),
        ("csv", ("operational", "outage")),
    ],
)
def test_a_day_that_was_changed_is_found(
    built: Path,
    tmp_path: Path,
    recomputed: Mapping[str, tuple[Day, ...]],
    kind: str,
    change: tuple[str, str],
) -> None:
    text = (built / f"site/{DAYS}.{kind}").read_text()
    head, mark, rest = text.partition("2026-10-09")
    (tmp_path / f"{DAYS}.{kind}").parent.mkdir(parents=True)
    (tmp_path / f"{DAYS}.{kind}").write_text(head + mark + rest.replace(*change, 1))
    assert change[0] in rest
    assert len(check_days(built, tmp_path, recomputed)) == 1


@pytest.mark.parametrize("data", [b"", b"[]", b'{"days": 3}', b"[" * 100_000, b'{"days": [1, {"date": []}]}'])
def test_malformed_days_show_nothing(data: bytes, recomputed: Mapping[str, tuple[Day, ...]]) -> None:
    assert list(check_document(recomputed["api"], data)) == []
    assert list(check_rows(recomputed["api"], data)) == []
