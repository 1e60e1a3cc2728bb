"""A repository that holds only its data, with the starter's workflows and the action unchanged."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.web_server import FixedAnswer, WebServer
from tests.e2e.conftest import Stage, begin_main
from tests.support.fake_github import FakeGitHub
from tests.support.git_remote import Remote
from tests.support.git_remote import run as command
from tests.support.job_clock import Clock
from tests.support.source_tree import ROOT

STARTER = ROOT / "examples/starter"
DAY = "2026/11/2026-11-24.csv"
SECRET = "planted-5d1c77ab"
PLUGIN = "#!/bin/sh\necho fine\n"


class Adopter:
    """Somebody who changes the starter as its comments say, and pushes it."""

    def __init__(self, stage: Stage, address: str) -> None:
        self._stage = stage
        self.work, self.workflows = stage.folder / "main", stage.folder / "workflows"
        shutil.copytree(STARTER, self.work, ignore=shutil.ignore_patterns("history", "site", ".site"))
        shutil.copytree(STARTER / ".github/workflows", self.workflows)
        for workflow in (self.work / ".github/workflows").iterdir():  # as `init --action` does
            workflow.write_text(workflow.read_text().replace("owner/constat@v1", "maxony/constat@v1"))
        self.change(self.work / "status.yml", "https://www.example.org/", f"http://{address}/")
        self.change(self.work / "status.yml", "interval: 5m", "interval: 1m")
        self.change(self.work / "status.yml", "  canaries:", "  # canaries:")
        self.watch = self.workflows / "watch.yml"
        self.change(self.watch, "verb: watch", 'verb: watch\n          watch-minutes: "2"')

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def also(self, check: str) -> None:
        """Look at one thing more."""
        with (self.work / "status.yml").open("a") as file:
            file.write(f"      - {check}\n")

    def push(self) -> None:
        begin_main(self.work, self._stage.remote)


@pytest.fixture
def stage(github: FakeGitHub, clock: Clock, tmp_path: Path) -> Stage:
    """A remote without anything."""
    return Stage(tmp_path, Remote(tmp_path / "remote.git"), github, clock)


@pytest.fixture
def website() -> Iterator[WebServer]:
    with WebServer({"/": FixedAnswer("<!doctype html><title>Example</title>")}) as server:
        yield server


@pytest.fixture
def adopter(stage: Stage, website: WebServer) -> Adopter:
    return Adopter(stage, website.address)


def test_the_starter_is_watched_and_published(stage: Stage, adopter: Adopter) -> None:
    """The starter is pushed as `init` writes it, except for the target and the duration: evidence, then a page."""
    adopter.push()
    given: dict[str, Any] = {"workflows": adopter.workflows}
    assert stage.run("watch", "watch", **given).failed == ""
    assert ",website,home,up," in stage.remote.read_text(DAY)
    assert stage.github.list_dispatches("watch")
    published = stage.publish("publish", **given)
    assert "Everything is working" in (published.folder / "artifact/index.html").read_text()
    assert stage.run("check", "check", **given).failed == ""
    stage.merge("incidents/2026-11-24-bad.md", "---\ntitle: x\nkind: incdent\n---\n")
    refused = stage.run("check", "again", **given).failed
    assert (
        "::error file=incidents/2026-11-24-bad.md,line=3,col=7,title=Constat::unknown kind incdent" in refused
    )


@pytest.mark.long
def test_secret_reaches_checks_as_the_workflow_comment_shows(
    stage: Stage, adopter: Adopter, echo: tuple[int, list[str]]
) -> None:
    """The server refuses every request, and repeats what it was sent."""
    port, heard = echo
    adopter.change(adopter.watch, "# env: # a line", "env: # a line")
    adopter.change(adopter.watch, "#   CONSTAT_SMTP_PASSWORD", "  CONSTAT_SMTP_PASSWORD")
    adopter.change(
        adopter.work / "status.yml",
        "\nservices:",
        "\nsecrets: {CONSTAT_SMTP_PASSWORD: [127.0.0.1]}\n\nservices:",
    )
    adopter.also(
        f'{{name: in, kind: http, url: "http://127.0.0.1:{port}/", bearer: "${{CONSTAT_SMTP_PASSWORD}}", '
        "unencrypted: true, timeout: 10s}"
    )
    adopter.push()
    given: dict[str, Any] = {"workflows": adopter.workflows, "secrets": {"CONSTAT_SMTP_PASSWORD": SECRET}}
    run = stage.run("watch", "watch", **given)
    assert run.failed == ""
    assert f"Bearer {SECRET}" in heard
    assert ",website,in,down," in stage.remote.read_text(DAY)
    assert SECRET not in stage.remote.read_text(DAY) + str(run.output) + run.summary()


@pytest.mark.parametrize(("allowed", "outcome"), [("", "unknown"), ("true", "up")])
def test_programs_run_only_where_the_workflow_allows_it(
    stage: Stage, adopter: Adopter, allowed: str, outcome: str
) -> None:
    adopter.change(adopter.watch, "verb: watch", f'verb: watch\n          allow-exec: "{allowed}"')
    (adopter.work / "plugin").write_text(PLUGIN)
    (adopter.work / "plugin").chmod(0o755)
    adopter.also("{name: queue, kind: exec, command: [./plugin], timeout: 5s}")
    adopter.push()
    assert stage.run("watch", "watch", workflows=adopter.workflows).failed == ""
    assert f",website,queue,{outcome}," in stage.remote.read_text(DAY)


def test_evidence_may_be_in_another_repository(stage: Stage, adopter: Adopter) -> None:
    """A private `main`, and a public branch `history` elsewhere."""
    public = Remote(stage.folder / "public.git")
    adopter.change(adopter.watch, "verb: watch", f"verb: watch\n          remote: {public.url}")
    adopter.push()
    assert stage.run("watch", "watch", workflows=adopter.workflows).failed == ""
    assert ",website,home,up," in public.read_text(DAY)
    assert "history" not in command("git", "-C", str(stage.remote.folder), "branch")
