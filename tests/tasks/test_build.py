"""A build in this process: what is handed back, and how warnings are reported."""

import re
import shutil
from pathlib import Path

import pytest

from constat.errors import InputError
from constat.interval import parse_instant
from tasks.build import build_and_publish, rehearse_site
from tasks.gather import gather
from tasks.project import Project
from tasks.validate import find_problems
from tests.support.source_tree import ROOT

NOW = parse_instant("2026-11-12T12:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with history, notices and corrections."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "vectors" / "002", root)
    return Project(root, ROOT, NOW)


def test_successful_build_warns_nobody_and_writes_no_summary(project: Project, tmp_path: Path) -> None:
    steps: list[str] = []
    environment = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    built = build_and_publish(project, environment, pytest.fail, steps.append)
    assert built.warnings == ()
    assert steps == ["reading the evidence", f"making the pages ({len(built.page.services)} services)"]
    assert not (tmp_path / "summary.md").exists()
    files = rehearse_site(project.reopen(NOW)).files
    assert built.files.keys() == files.keys()
    assert (project.root / "site/index.html").read_bytes() == files["index.html"]


def test_each_warning_is_reported_and_listed_in_the_summary(project: Project, tmp_path: Path) -> None:
    (project.root / "incidents/2026-11-05-wrong.md").write_text("no front matter", encoding="utf-8")
    warnings: list[str] = []
    built = build_and_publish(project, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}, warnings.append)
    assert tuple(warnings) == built.warnings
    assert warnings
    listed = "".join(f"- `{warning}`\n" for warning in warnings)
    assert (tmp_path / "summary.md").read_text("utf-8") == f"### The page was built, but\n\n{listed}"


def test_a_line_that_was_dated_back_is_reported_by_a_build_and_by_validate(project: Project) -> None:
    file = project.root / "history/register.jsonl"
    dated = '{"at":"%s","kind":"page","timezone":"Europe/Zurich"}\n'
    with file.open("a", encoding="utf-8") as register:
        register.write(dated % "2026-11-12T11:00:00Z" + dated % "2026-11-12T09:59:59Z")
    number = len(file.read_text("utf-8").splitlines())
    (warning,) = build_and_publish(project, {}, lambda _: None).warnings
    place = f"history/register.jsonl:{number}:"
    assert warning.startswith(place)
    assert "is dated 2026-11-12T09:59:59Z, and counts from 2026-11-12T11:00:00Z" in warning
    found = [problem for problem in find_problems(project.reopen(NOW)) if str(problem).startswith(place)]
    assert [problem.severity for problem in found] == ["warning"]


def test_build_does_not_publish(project: Project) -> None:
    assert "index.html" in rehearse_site(project).files
    assert not (project.root / "site").exists()


def test_page_is_gathered_with_its_render_inputs(project: Project) -> None:
    gathered = gather(project)
    assert gathered.page.now == NOW
    assert set(gathered.languages) == set(project.config.page.languages)
    assert "index.html" in gathered.templates


def test_a_page_that_promises_nothing_shows_figures_without_verdict_or_statement(project: Project) -> None:
    """Neither `status.yml` nor the register has a target; months are counted all the same."""
    status, register = project.root / "status.yml", project.root / "history/register.jsonl"
    text = status.read_text("utf-8").replace("sla:\n  target: 99\n", "sla:\n  freeze_after: 3d\n")
    kept = [line for line in text.splitlines() if not line.startswith(("    target:", "    credits:"))]
    status.write_text("\n".join(kept) + "\n", "utf-8")
    lines = re.sub(r'"target":"[\d.]+"', '"target":null', register.read_text("utf-8"))
    register.write_text(re.sub(r',"credits":\[[^]]*\]', "", lines), "utf-8")
    built = build_and_publish(project, {}, pytest.fail)
    page = (project.root / "site/services/smtp/index.html").read_text("utf-8")
    assert '<p class="big">between ' in page
    assert "promised: " not in page
    assert "Downtime allowed" not in page
    assert not [path for path in built.files if path.startswith("sla/2")]


def test_a_template_of_the_project_sees_no_environment(project: Project) -> None:
    (project.root / "templates").mkdir()
    template = "{{ cycler.__init__.__globals__.os.environ }}\n"
    (project.root / "templates/how.html").write_text(template, encoding="utf-8")
    with pytest.raises(InputError, match=r"templates/how\.html:1: SecurityError"):
        rehearse_site(Project(project.root, ROOT, NOW))


def test_broken_wordings_affect_only_the_form(project: Project) -> None:
    """They are for maintainers: customers get their page all the same."""
    status = project.root / "status.yml"
    text = status.read_text(encoding="utf-8")
    kept = text.replace("page:\n", 'page:\n  repository: {url: "https://github.com/maxony/status"}\n', 1)
    status.write_text(kept, encoding="utf-8")
    (project.root / "templates").mkdir()
    (project.root / "templates/wordings.yml").write_text("down: {for: nothing}\n", encoding="utf-8")
    built = rehearse_site(Project(project.root, ROOT, NOW))
    assert [str(problem).partition(" (")[0] for problem in built.problems] == [
        "templates/wordings.yml:1:13: unknown for nothing"
    ]
    assert b'"wordings":[]' in built.files["compose/index.html"]
