"""The settings of a new status page are guessed from its folder."""

from pathlib import Path

import pytest

from tasks.init import guess_action, guess_from_folder
from tests.support.git_remote import ENVIRONMENT, run


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:Acme/status.git", "https://acme.github.io/status/"),
        ("https://github.com/acme/acme.github.io", "https://acme.github.io/"),
        ("https://git.example.org/acme/status", "https://status.example.org/"),
    ],
)
def test_page_address_is_guessed_from_the_remote(tmp_path: Path, remote: str, url: str) -> None:
    run("git", "init", "--quiet", str(tmp_path))
    run("git", "-C", str(tmp_path), "remote", "add", "origin", remote)
    guess = guess_from_folder(tmp_path, ENVIRONMENT, Path("/etc/localtime"))
    assert guess.url == url


def test_action_reference_is_that_of_the_running_checkout(tmp_path: Path) -> None:
    """Its remote and its tag, or else its commit; an installation inside of somebody's repository has none."""
    run("git", "init", "--quiet", str(tmp_path))
    run("git", "-C", str(tmp_path), "remote", "add", "origin", "git@github.com:Acme/constat.git")
    assert guess_action(tmp_path, ENVIRONMENT) == ""
    run(
        "git",
        "-C",
        str(tmp_path),
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "x",
    )
    commit = run("git", "-C", str(tmp_path), "rev-parse", "HEAD").strip()
    assert guess_action(tmp_path, ENVIRONMENT) == f"Acme/constat@{commit}"
    run("git", "-C", str(tmp_path), "tag", "v1.2.3")
    assert guess_action(tmp_path, ENVIRONMENT) == "Acme/constat@v1.2.3"
    (tmp_path / "venv").mkdir()
    assert guess_action(tmp_path / "venv", ENVIRONMENT) == ""


def test_time_zone_is_that_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "zoneinfo/America").mkdir(parents=True)
    (tmp_path / "zoneinfo/America/Chicago").touch()
    (tmp_path / "localtime").symlink_to(tmp_path / "zoneinfo/America/Chicago")
    assert guess_from_folder(tmp_path, ENVIRONMENT, tmp_path / "localtime").timezone == "America/Chicago"
    assert guess_from_folder(tmp_path, ENVIRONMENT, tmp_path / "nowhere").timezone == "UTC"
