"""A repository that holds only its data: the starter's workflows and the action, as they stand."""

import shutil
from pathlib import Path

from constat.interval import parse_instant
from demo.maxony import Maxony
from tests.support.github_api import FakeGitHub
from tests.support.remotes import Remote, run
from tests.support.source import ROOT
from tests.support.workflow import Clock, Run

START = parse_instant("2026-11-24T09:00:00Z")
STARTER = ROOT / "examples/starter"


def commit(work: Path, message: str) -> None:
    run("git", "-C", str(work), "add", "--all")
    who = ("-c", "user.name=A", "-c", "user.email=a@localhost")
    run("git", "-C", str(work), *who, "commit", "--quiet", "-m", message)


def test_the_starter_is_watched_and_published(servers: Maxony, github: FakeGitHub, tmp_path: Path) -> None:
    """Pushed as `init` lays it down, but for what it looks at and for how long: evidence, then a page."""
    remote, work = Remote(tmp_path / "remote.git"), tmp_path / "main"
    shutil.copytree(STARTER, work, ignore=shutil.ignore_patterns("history", "site", ".site"))
    settings = (
        (work / "status.yml").read_text().replace("https://www.example.org/", f"http://{servers.website}/")
    )
    lines = [line for line in settings.splitlines() if "canaries" not in line]
    (work / "status.yml").write_text("\n".join(lines).replace("interval: 5m", "interval: 1m"))
    run("git", "-C", str(work), "init", "--quiet", "--initial-branch=main")
    commit(work, "Begin")
    run("git", "-C", str(work), "push", "--quiet", remote.url, "main")
    workflows = tmp_path / "workflows"
    shutil.copytree(STARTER / ".github/workflows", workflows)
    watch = workflows / "watch.yml"
    watch.write_text(watch.read_text().replace("verb: watch", 'verb: watch\n          watch-minutes: "2"'))
    watched = Run(
        "watch", tmp_path / "watch", remote.url, Clock.bearable(START), github.url, workflows=workflows
    )
    assert watched.execute().failed == ""
    assert ",website,home,up," in remote.text("2026/11/2026-11-24.csv")
    assert github.dispatched("watch")
    clock = Clock.showing(START + 180)
    published = Run(
        "publish", tmp_path / "publish", remote.url, clock, github.url, workflows=workflows
    ).execute()
    assert published.failed == ""
    assert "Everything is working" in (published.folder / "artifact/index.html").read_text()
    assert Run("check", tmp_path / "check", remote.url, clock, workflows=workflows).execute().failed == ""
    (work / "incidents/2026-11-24-bad.md").write_text("---\ntitle: x\nkind: incdent\n---\n")
    commit(work, "Say something")
    run("git", "-C", str(work), "push", "--quiet", remote.url, "main")
    refused = Run("check", tmp_path / "again", remote.url, clock, workflows=workflows).execute().failed
    assert (
        "::error file=incidents/2026-11-24-bad.md,line=3,col=7,title=Constat::unknown kind incdent" in refused
    )
