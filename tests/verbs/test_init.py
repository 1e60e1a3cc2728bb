"""`init`: a new project is valid, and its settings are guessed from its folder."""

from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from outside.project.files import read_config
from outside.project.starter import Guess, lay_down_starter
from tests.support.command_line import generate, generate_here
from tests.support.moved_files import DATA
from tests.support.source_tree import ROOT


def test_it_lays_down_a_project_that_is_valid_and_builds(tmp_path: Path) -> None:
    folder = tmp_path / "My Status"
    done = generate(tmp_path, "init", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    config = read_config(folder, KINDS, load_kind)
    assert (config.page.id, config.page.name) == ("my-status", "My Status")
    assert generate(folder, "validate").returncode == 0
    assert generate(folder, "build").returncode == 0
    assert (folder / "site/index.html").exists()


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_text("mine")
    done = generate(tmp_path, "init", str(tmp_path))
    assert done.returncode == 2
    assert "already has status.yml" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["status.yml"]


def test_a_name_with_quotes_stays_a_name(tmp_path: Path) -> None:
    lay_down_starter(ROOT, tmp_path, Guess("a", 'The "A" #1', "https://a.example/", "UTC"))
    assert read_config(tmp_path, KINDS, load_kind).page.name == 'The "A" #1'


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/starter/.github/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_its_workflows_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 40


def test_it_begins_with_another_status_page(tmp_path: Path) -> None:
    """The starter's workflows come, its examples do not."""
    folder, site = tmp_path / "own", str(DATA / "cstate/example")
    done = generate_here("init", str(folder), "--from", "cstate", site)
    assert (done.returncode, f"read {folder}/import-report.md" in done.stderr) == (0, True)
    assert len(list((folder / "incidents").glob("*.md"))) == 6
    assert (folder / ".github/workflows/watch.yml").exists()
    assert read_config(folder, KINDS, load_kind).page.name == "Eggsample Status"
    again = generate_here("init", str(folder), "--from", "cstate", site)
    assert (again.returncode, "tip: complete it: constat import cstate" in again.stderr) == (2, True)
    assert (
        "no source 'cstat'; did you mean cstate?"
        in generate_here("init", str(tmp_path / "x"), "--from", "cstat", site).stderr
    )


def test_a_folder_that_holds_a_page_says_how_to_bring_it_over(tmp_path: Path) -> None:
    (tmp_path / "content/issues").mkdir(parents=True)
    done = generate_here("-q", "init", str(tmp_path))
    assert "holds a page of cState: constat import cstate brings it over" in done.stderr
