"""The documents are true: every YAML block is valid, every command runs, every link leads to a file."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.text import yaml_source
from tests.support.fork_server import find_start_command
from tests.support.markdown_docs import Found, find_blocks, find_commands, find_links
from tests.support.own_project import STATUS
from tests.support.source_tree import ROOT

STAYS = "constat serve"
"""What runs until it is ended."""


def _where(found: Found) -> str:
    return f"{found.document.relative_to(ROOT)}:{found.line}"


@pytest.mark.parametrize("block", tuple(find_blocks("yaml")), ids=_where)
def test_every_yaml_block_is_valid(block: Found) -> None:
    """A whole `status.yml` has to be valid; a part has to be YAML without duplicate keys."""
    name = _where(block)
    data = yaml_source.read_yaml(block.text, name).data
    assert data
    if isinstance(data, dict) and {"page", "services"} <= data.keys():
        assert config.load_config(block.text, name, KINDS, load_kind).services


def test_every_link_leads_to_a_file() -> None:
    found = tuple(find_links())
    assert len(found) > 100
    assert [
        f"{_where(link)} {link.text}" for link in found if not (link.document.parent / link.text).exists()
    ] == []


@pytest.fixture(scope="module")
def folder(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader tries the commands: a copy of the demo's project, and a project of their own."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(demo_project, folder / ".demo")
    shutil.copytree(ROOT / "docs/small-month", folder / "docs/small-month")
    return folder


@pytest.mark.parametrize(
    "command", tuple(find_commands()), ids=lambda command: f"{_where(command)} {command.text}"
)
def test_every_command_runs(command: Found, folder: Path) -> None:
    words = shlex.split(command.text)
    if "DIR" in words:
        words = _own(words, folder)
    if words[0] == "make":
        words = [*words, "--dry-run", "--always-make", "--directory", str(ROOT)]
    elif words[0] == ".ci/run":
        words = ["bash", "-n", str(ROOT / ".ci/run")]
    else:
        words = [*find_start_command(), *words[1:]]
    if command.text.startswith(STAYS):
        assert "http://127.0.0.1:" in _first_line(words, folder)
    else:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 (our own documents)
        assert done.returncode == 0, done.stderr


def _own(words: list[str], folder: Path) -> list[str]:
    """Prepare a reader's own project: none for the command that creates it, otherwise one that checks this machine."""
    own = folder / "DIR"
    shutil.rmtree(own, ignore_errors=True)
    if "init" not in words:
        own.mkdir()
        (own / "status.yml").write_text(STATUS)
    return words


def _first_line(words: list[str], folder: Path) -> str:
    """The first line that a program prints, after which it is ended."""
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 (our own documents)
        assert running.stdout is not None
        line = running.stdout.readline()
        running.terminate()
        return line


def test_readme_commands_publish_a_notice(demo_project: Path, tmp_path: Path) -> None:
    """Exactly as printed, in the demo's project: the first names the other two, the last publishes."""
    shutil.copytree(demo_project, tmp_path / ".demo")
    _, _, section = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("## A notice in three commands\n")
    )
    first, *others = [line.strip() for line in section.split("\n## ")[0].splitlines() if line[:4] == " " * 4]
    said = _run(first, tmp_path)
    path, *_, validating, publishing = said.split("\n")[:-1]
    assert [f"{others[0]} {path}", others[1]] == [validating.strip(), publishing.strip()]
    for command in others:
        _run(command, tmp_path)
    assert "Le relais est lent" in (tmp_path / ".demo/site/index.html").read_text(encoding="utf-8")
    assert "Le relais est lent" in (tmp_path / ".demo/site/feed.rss").read_text(encoding="utf-8")


def _run(command: str, folder: Path) -> str:
    """The output of one of our commands."""
    words = [*find_start_command(), "-q", *shlex.split(command)[1:]]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603 (our own documents)


def test_readme_cost_table_matches_the_forecast() -> None:
    command = [*find_start_command(), "cost", "--table", "--root", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own program)
    assert done.stdout.startswith("| samples per day |")
    assert done.stdout in (ROOT / "README.md").read_text(encoding="utf-8")
