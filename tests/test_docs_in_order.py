"""The documents that lead somewhere: their commands are read from the page and run, one after the other."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.interval import parse_instant
from constat.register.corrections_file import parse_corrections
from demo.web_server import FixedAnswer, WebServer
from outside.project.starter import SYSTEMD
from tests.support.command_line import generate_here
from tests.support.source_tree import ROOT

WEBSITE = "https://www.example.org/"
SH = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """A website on this machine, in place of the one that the documents name."""
    with WebServer({"/": FixedAnswer("<h1>Ours</h1>")}) as server:
        yield f"http://{server.address}/"


def read_commands(name: str) -> Iterator[list[str]]:
    """The `constat` commands of a page, in their order, also those that another user runs."""
    for block in SH.findall((ROOT / "docs" / name).read_text(encoding="utf-8")):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("sudo -u constat "))
            if words[0] == "constat":
                yield words[1:]


def follow(name: str, website: str, places: dict[str, str]) -> None:
    for words in read_commands(name):
        there = [website if word == WEBSITE else places.get(word, word) for word in words]
        done = generate_here("-q", *there)
        assert done.returncode == 0, (words, done.stdout, done.stderr)


def test_own_machine_page_works_step_by_step(tmp_path: Path, website: str) -> None:
    project = tmp_path / "status"
    follow("own-machine.md", website, {"/srv/status": str(project)})
    assert (project / "site/index.html").exists()
    page = (ROOT / "docs/own-machine.md").read_text(encoding="utf-8")
    enabled = re.search(r"systemctl enable --now (.*)", page)
    assert enabled
    assert set(enabled[1].split()) <= {path.name for path in (project / SYSTEMD).iterdir()}


def test_tutorial_ends_with_an_incident_and_a_cancelled_maintenance(tmp_path: Path, website: str) -> None:
    project = tmp_path / "my-status"
    follow("tutorial.md", website, {"my-status": str(project)})
    index = (project / "site/index.html").read_text(encoding="utf-8")
    assert "The website is slow" in index
    [maintenance] = (project / "site/incidents").glob("*-new-server/index.html")
    assert "Cancelled" in maintenance.read_text(encoding="utf-8")


def test_documented_correction_is_valid() -> None:
    page = (ROOT / "docs/corrections.md").read_text(encoding="utf-8")
    block = page.partition("```yaml\n")[2].partition("```")[0]
    now = parse_instant("2026-11-24T12:00:00Z")
    corrections, problems = parse_corrections(block, "corrections.yml", ["api"], now)
    assert (len(corrections), problems) == (1, ())


def test_index_links_every_document() -> None:
    listed = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    documents = [path for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert [path.name for path in documents if f"({path.name}" not in listed] == []
