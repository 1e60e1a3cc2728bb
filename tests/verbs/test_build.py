"""`build` on whole projects: the same bytes from the same inputs, and the warnings for the maintainers."""

import re
import shutil
from argparse import Namespace
from pathlib import Path

import pytest

from constat.errors import InputError
from constat.history import HEADER
from constat.interval import parse_instant
from tasks.project import Project
from tasks.record import list_pending_lines
from tests.support.rendered_site import find_dead_links
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT
from verbs.build import run

NOW = parse_instant("2026-11-12T12:00:00Z")
BAD = """---
title: Something is wrong
kind: incident
servces: [smtp]
---
## 2026-11-05T10:00+01:00 investigating
We look.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with history, notices and corrections."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "vectors" / "002", root)
    return root


def _words(html: bytes) -> str:
    """Return the text that a reader sees."""
    return re.sub(r"<[^>]*>", "", html.decode())


def build(root: Path) -> dict[str, bytes]:
    """The site that a build makes."""
    assert run(Namespace(root=root, code=ROOT, now=NOW, verbose=False, quiet=True)) == 0
    return {
        path.relative_to(root / "site").as_posix(): path.read_bytes()
        for path in (root / "site").rglob("*")
        if path.is_file()
    }


def test_future_update_is_no_problem(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`validate -v` notes an update that nobody sees yet; a build and the watch do not mention it."""
    text = BAD.replace("servces", "impact: minor\nservices").replace("2026-11-05", "2026-11-13")
    (project / "incidents/2026-11-13-later.md").write_text(text, encoding="utf-8")
    assert "incidents/2026-11-13-later/index.html" not in build(project)
    assert capsys.readouterr().err == ""
    assert list_pending_lines(Project(project, ROOT, NOW)).problems == ()


def test_a_project_becomes_a_site(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed when all is well."""
    site = build(project)
    assert {
        "index.html",
        "404.html",
        "feed.rss",
        "feed.atom",
        "maintenance.rss",
        "robots.txt",
        "sitemap.xml",
    } <= site.keys()
    assert "incidents/2026-11-03-m0/index.html" in site
    assert capsys.readouterr() == ("", "")


def test_every_link_inside_the_site_leads_to_a_file(project: Path) -> None:
    settings = project / "status.yml"
    settings.write_text(settings.read_text().replace("languages: [en]", "languages: [en, fr]"))
    assert find_dead_links(build(project)) == []


def test_builds_of_the_same_instant_are_identical(project: Path) -> None:
    """Even with cached templates from the build before, and in another folder."""
    first = build(project)
    assert build(project) == first
    elsewhere = project.rename(project.with_name("moved"))
    shutil.rmtree(elsewhere / ".site")
    assert build(elsewhere) == first


def test_build_without_derived_files_is_identical(project: Path) -> None:
    first = build(project)
    derived = project / "history" / "derived"
    assert derived.is_dir()
    shutil.rmtree(derived)
    assert build(project) == first


def test_a_bad_notice_is_reported_and_the_page_is_built(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The page is built without it, and says so to the maintainers: on standard error, and in a job's summary."""
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    (project / "incidents" / "2026-11-05-wrong.md").write_text(BAD)
    site = build(project)
    told = capsys.readouterr().err
    assert "incidents/2026-11-05-wrong.md:4" in told
    assert "unknown key servces" in told
    assert "incidents/2026-11-05-wrong.md:4" in summary.read_text()
    assert "index.html" in site
    assert not [path for path in site if "wrong" in path]


def test_rows_that_cannot_be_read_are_reported_once_for_each_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torn = project / "history" / "2026" / "11" / "2026-11-05.csv"
    with torn.open("a") as file:
        file.write("not,a,row\nnor,this\n")
    build(project)
    told = [line for line in capsys.readouterr().err.splitlines() if "2026-11-05.csv" in line]
    assert len(told) == 1
    assert told[0].startswith("history/2026/11/2026-11-05.csv:"), (
        "the path in the project, as an editor opens it"
    )
    assert "2 rows left out" in told[0]


def test_a_wrong_status_yml_is_reported_and_writes_nothing(project: Path) -> None:
    settings = project / "status.yml"
    settings.write_text(settings.read_text().replace("services:", "servces:"))
    with pytest.raises(InputError, match="did you mean"):
        build(project)
    assert not (project / "site").exists()


def test_a_folder_without_status_yml_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"status\.yml"):
        build(tmp_path)


def test_a_language_without_a_translation_file_is_reported(project: Path) -> None:
    settings = project / "status.yml"
    settings.write_text(settings.read_text().replace("languages: [en]", "languages: [en, nl]"))
    with pytest.raises(InputError, match=r"no templates/translations/nl\.po"):
        build(project)


def test_project_template_takes_precedence(project: Path) -> None:
    ours = (ROOT / "templates" / "404.html").read_text()
    (project / "templates").mkdir()
    (project / "templates" / "404.html").write_text(ours.replace("<h1>", "<h1 id='theirs'>"))
    assert b"<h1 id='theirs'>" in build(project)["404.html"]


def test_an_incident_that_nobody_closed_is_reported_on_the_page_and_to_the_maintainers(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says so, and the incident stays open: only people close it."""
    path = "incidents/2026-11-05-relay.md"
    (project / path).write_text(
        BAD.replace("servces: [smtp]", "services: [smtp]\nimpact: minor"), encoding="utf-8"
    )
    site = build(project)
    assert "No news since" in _words(site["incidents/2026-11-05-relay/index.html"])
    assert (
        f"{path}:1: warning: still open, without an update since 2026-11-05T09:00:00Z"
        in capsys.readouterr().err
    )


def test_a_line_of_the_register_that_cannot_be_read_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only that line is lost: the page is built, and its maintainers are warned."""
    register = project / "history" / "register.jsonl"
    lines = len(register.read_text().splitlines())
    with register.open("a") as file:
        file.write("{torn\n")
    assert "index.html" in build(project)
    assert (
        f"history/register.jsonl:{lines + 1}: the register's line cannot be read" in capsys.readouterr().err
    )


def test_tickets_that_are_not_text_are_reported_and_the_page_is_built(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "support").mkdir(exist_ok=True)
    (project / "support" / "tickets.csv").write_bytes(b"\xff\xfe\x00")
    assert "index.html" in build(project)
    assert "support/tickets.csv:1: not UTF-8" in capsys.readouterr().err


def test_a_service_says_how_many_promised_checks_were_made_and_the_longest_gap(tmp_path: Path) -> None:
    """Twenty of thirty minutes; the sample of 10:09 counted until 10:11, the next one was at 10:20."""
    settings = (
        write_project(tmp_path, format_service("api", "kind: tcp, host: 127.0.0.1, port: 9")) / "status.yml"
    )
    settings.write_text(settings.read_text("utf-8").replace("languages: [fr]", "languages: [en]"), "utf-8")
    minutes = (*range(10), *range(20, 30))
    rows = (f"2026-11-06T10:{minute:02}:00Z,api,check-0,up,9,1,60,here,\n" for minute in minutes)
    day = tmp_path / "history/2026/11/2026-11-06.csv"
    day.parent.mkdir(parents=True)
    day.write_text(f"{HEADER}\n{''.join(rows)}", encoding="utf-8")
    now = parse_instant("2026-11-06T10:30:00Z")
    assert run(Namespace(root=tmp_path, code=ROOT, now=now, verbose=False, quiet=True)) == 0
    said = _words((tmp_path / "site/services/api/index.html").read_bytes()).replace("\N{NO-BREAK SPACE}", " ")
    record = "20 of 30 checks made; longest time without measurement: 9 min."
    assert f"Last 24 hours: {record}" in said
    assert f"This month: {record.replace(' checks made', '')}" in said


def test_no_expected_checks_are_shown_outside_the_agreed_hours(tmp_path: Path) -> None:
    """On a Sunday, of a service that is promised from Monday to Friday: "0 of 0" would tell nobody anything."""
    text = format_service("api", "kind: tcp, host: 127.0.0.1, port: 9")
    hours = "    hours: [{days: mon-fri, from: 08:00, to: 18:00, zone: UTC}]\n    checks:"
    settings = write_project(tmp_path, text.replace("    checks:", hours)) / "status.yml"
    settings.write_text(settings.read_text("utf-8").replace("languages: [fr]", "languages: [en]"), "utf-8")
    rows = (f"2026-11-{day}T10:00:00Z,api,check-0,up,9,1,60,here,\n" for day in ("06", "08"))
    for row in rows:
        day = tmp_path / f"history/2026/11/{row[:10]}.csv"
        day.parent.mkdir(parents=True, exist_ok=True)
        day.write_text(f"{HEADER}\n{row}", encoding="utf-8")
    now = parse_instant("2026-11-08T10:01:00Z")
    assert run(Namespace(root=tmp_path, code=ROOT, now=now, verbose=False, quiet=True)) == 0
    words = _words((tmp_path / "site/services/api/index.html").read_bytes())
    assert "Last 24 hours:" not in words
    assert "This month: 1 of " in words.replace("\N{NO-BREAK SPACE}", " ")
