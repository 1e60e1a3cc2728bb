"""Files merged into `main` in place of evidence are refused by every verb, and reach neither branch nor page."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from constat.errors import OutsideError
from tasks.evidence_branch import open_branch
from tasks.project import Project
from tasks.push import BranchActions
from tests.support.command_line import generate
from tests.support.git_remote import ENVIRONMENT, NOW, Remote, run
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

CANARY = "ghs_CANARY"
FORGED = {
    "2026/11/2026-11-28.csv": "at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason\n"
    "2026-11-28T09:00:00Z,smtp,check-0,up,1,1,300,here,\n",
    "register.jsonl": '{"at":"2026-11-01T00:00:00Z","kind":"page","timezone":"UTC"}\n',
    "derived/index.json": "{}\n",
}
HINT = "(remove it with: git rm -r --cached history; and add /history/ to .gitignore)"
LEAK = "history/statements/2026-09.tickets.csv"


class World:
    """A remote with a project on `main`, a contributor's clone of it, and the checkout of a job."""

    def __init__(self, folder: Path) -> None:
        self.remote = Remote(folder / "remote.git")
        self.contributor, self.job = folder / "contributor", folder / "job"
        run("git", "clone", "--quiet", self.remote.url, str(self.contributor))
        checked = format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9, timeout: 1s", interval="1m")
        write_project(self.contributor, checked)
        (self.contributor / ".gitignore").write_text("/history/\n/site/\n/.site/\n", encoding="utf-8")
        self.merge("Begin")
        run("git", "clone", "--quiet", "--depth", "1", self.remote.url, str(self.job))

    def merge(self, message: str) -> None:
        """What the contributor changed, as it stands on `main` after the merge."""
        git = ("git", "-C", str(self.contributor), "-c", "user.name=x", "-c", "user.email=x@example.org")
        run(*git, "add", "--all", "--force")
        run(*git, "commit", "--quiet", "--message", message)
        run(*git, "push", "--quiet", "origin", "HEAD:main")

    def plant_link(self) -> None:
        """A link to the environment of whoever opens it, under the name of published evidence."""
        path = self.contributor / LEAK
        path.parent.mkdir(parents=True)
        path.symlink_to("/proc/self/environ")

    def plant_history(self) -> None:
        for path, text in FORGED.items():
            file = self.contributor / "history" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def check_out(self) -> None:
        run("git", "-C", str(self.job), "fetch", "--quiet", "--depth", "1", "origin", "main")
        run("git", "-C", str(self.job), "reset", "--quiet", "--hard", "FETCH_HEAD")

    def head(self) -> str:
        return run("git", "-C", str(self.job), "rev-parse", "HEAD")

    def has_branch(self) -> bool:
        return (
            "history"
            in run("git", "-C", str(self.remote.folder), "branch", "--format=%(refname:short)").split()
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ("push", "--prepare", "page"),
        ("push", "--prepare", "watch"),
        ("push", "--record"),
        ("push",),
        ("build",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("plant", [World.plant_link, World.plant_history])
def test_a_merged_file_stops_every_step_before_it_is_opened(
    world: World, words: tuple[str, ...], plant: Callable[[World], None]
) -> None:
    plant(world)
    world.merge("Typo in a notice")
    world.check_out()
    done = generate(world.job, *words, GITHUB_TOKEN=CANARY)
    assert done.returncode == 2
    assert done.stdout == ""
    first = done.stderr.splitlines()[0]
    assert first.startswith("history/")
    assert first.endswith(HINT)
    assert not world.has_branch()
    assert not (world.job / "site").exists()
    assert CANARY not in "".join(
        file.read_text(errors="replace")
        for file in world.job.rglob("*")
        if file.is_file() and not file.is_symlink()
    )


def test_the_pull_request_fails_in_every_format(world: World) -> None:
    """Also where the planted register would keep anything else from being read."""
    world.plant_history()
    world.merge("Typo in a notice")
    world.check_out()
    told = {
        form: generate(world.job, "validate", "--format", form)
        for form in ("text", "github", "json", "review")
    }
    assert {form: done.returncode for form, done in told.items()} == dict.fromkeys(told, 1)
    assert told["text"].stdout == told["review"].stdout
    assert told["text"].stdout.splitlines()[-1] == (
        "history/register.jsonl: the repository tracks this file, but evidence comes only from the branch `history` "
        f"and from our own checks {HINT}"
    )
    assert (
        f"::error file={world.job}/history/2026/11/2026-11-28.csv,title=Constat::the repository"
        in told["github"].stdout
    )
    assert [problem["file"] for problem in json.loads(told["json"].stdout)] == [
        f"history/{path}" for path in sorted(FORGED)
    ]


def test_commit_with_evidence_merged_during_a_watch_is_refused(world: World) -> None:
    """The checkout stays as it was, and the maintainers are told once; a commit that mends it is followed again."""
    branch = open_branch(Project(world.job, ROOT, NOW), ENVIRONMENT, None)
    actions = BranchActions(branch, None, lambda: NOW, pytest.fail)
    world.plant_link()
    world.merge("Typo in a notice")
    before = world.head()
    with pytest.raises(
        OutsideError, match=f"the new commit of main is not followed: {LEAK}: the repository tracks"
    ):
        actions.follow_main()
    actions.follow_main()
    assert world.head() == before
    assert not (world.job / LEAK).is_symlink()
    run("git", "-C", str(world.contributor), "rm", "-r", "--quiet", "history")
    world.merge("Remove it again")
    actions.follow_main()
    assert world.head() != before
