"""`init`: a new project that is valid, and knows what its folder tells."""

from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from outside.project.files import read_config
from outside.project.starter import Guess, guess_project, lay_down_starter
from tests.support.command_line import generate
from tests.support.git_remote import ENVIRONMENT, run
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
    assert "has status.yml already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["status.yml"]


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:Acme/status.git", "https://acme.github.io/status/"),
        ("https://github.com/acme/acme.github.io", "https://acme.github.io/"),
        ("https://git.example.org/acme/status", "https://status.example.org/"),
    ],
)
def test_the_address_comes_from_the_remote(tmp_path: Path, remote: str, url: str) -> None:
    run("git", "init", "--quiet", str(tmp_path))
    run("git", "-C", str(tmp_path), "remote", "add", "origin", remote)
    guessed = guess_project(tmp_path, ENVIRONMENT, Path("/etc/localtime"))
    assert guessed.url == url
    lay_down_starter(ROOT, tmp_path, guessed)
    owner = "owner" if "example.org" in url else guessed.owner
    assert f"/status.yml       @{owner}\n" in (tmp_path / ".github/CODEOWNERS").read_text()


def test_the_time_zone_is_that_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "zoneinfo/America").mkdir(parents=True)
    (tmp_path / "zoneinfo/America/Chicago").touch()
    (tmp_path / "localtime").symlink_to(tmp_path / "zoneinfo/America/Chicago")
    assert guess_project(tmp_path, ENVIRONMENT, tmp_path / "localtime").timezone == "America/Chicago"
    assert guess_project(tmp_path, ENVIRONMENT, tmp_path / "nowhere").timezone == "UTC"


def test_a_name_with_quotes_stays_a_name(tmp_path: Path) -> None:
    lay_down_starter(ROOT, tmp_path, Guess("a", 'The "A" #1', "https://a.example/", "UTC"))
    assert read_config(tmp_path, KINDS, load_kind).page.name == 'The "A" #1'


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/starter/.github/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_its_workflows_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 40
