"""The settings of a new status page are guessed from its folder."""

from pathlib import Path

import pytest

from outside.project.starter import lay_down_starter
from tasks.init import guess_from_folder
from tests.support.git_remote import ENVIRONMENT, run
from tests.support.source_tree import ROOT


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
    guess = guess_from_folder(tmp_path, ENVIRONMENT, Path("/etc/localtime"))
    assert guess.url == url
    lay_down_starter(ROOT, tmp_path, guess)
    owners = (tmp_path / ".github/CODEOWNERS").read_text()
    line = f"\n/status.yml       @{guess.owner}\n" if guess.owner else "\n#/status.yml       @owner\n"
    assert line in owners
    assert ("\n#/" in owners) == (not guess.owner), "no owner is invented, and no line is left out"


def test_the_time_zone_is_that_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "zoneinfo/America").mkdir(parents=True)
    (tmp_path / "zoneinfo/America/Chicago").touch()
    (tmp_path / "localtime").symlink_to(tmp_path / "zoneinfo/America/Chicago")
    assert guess_from_folder(tmp_path, ENVIRONMENT, tmp_path / "localtime").timezone == "America/Chicago"
    assert guess_from_folder(tmp_path, ENVIRONMENT, tmp_path / "nowhere").timezone == "UTC"
