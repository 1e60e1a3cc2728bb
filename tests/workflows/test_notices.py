"""The workflows for notices do what they say: their own scripts, run by bash against real repositories of git."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.support.fork_server import find_start_command
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

FORM = {
    "WHAT": "incident",
    "TITLE": "Le relais est lent",
    "SERVICES": "smtp",
    "IMPACT": "as it is",
    "STATE": "first",
    "TEXT": "Le courrier attend.",
    "TEMPLATE": "",
    "STARTS": "",
    "ENDS": "",
    "NEXT": "",
}


def script(workflow: str, step: str) -> str:
    """The script of a step. It may hold no expression: what people type would become part of the program."""
    text = (ROOT / ".github" / "workflows" / workflow).read_text(encoding="utf-8")
    (job,) = yaml.safe_load(text)["jobs"].values()
    (found,) = [each["run"] for each in job["steps"] if each.get("name") == step]
    assert "${{" not in found
    return str(found)


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 (our own words)


class Runner:
    """A checkout with its origin, and a `gh` that only writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.work, self.bin = folder / "origin.git", folder / "work", folder / "bin"
        self.asked, self.summary = folder / "asked", folder / "summary.md"
        self.bin.mkdir()
        self._program("gh", f'#!/bin/sh\necho "$@" >>{self.asked}\n')
        self._program(
            "python", f'#!/bin/sh\nshift\nexec {shlex.join(find_start_command())} "$@"\n'
        )  # of generate.py
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        git(folder, "clone", "--quiet", str(self.origin), str(self.work))
        write_project(self.work, format_service("smtp", "kind: tcp, host: smtp.example.org, port: 25"))
        (self.work / "generate.py").symlink_to(ROOT / "generate.py")
        self.commit("Begin")
        git(self.work, "push", "--quiet", "origin", "HEAD:main")

    def _program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def commit(self, message: str) -> None:
        git(self.work, "add", "-A")
        git(self.work, "commit", "--quiet", "-m", message)

    def run(self, text: str, more: Mapping[str, str] = {}) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_ACTOR": "someone",
            "GITHUB_ACTOR_ID": "1",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": "maxony/status",
            "GITHUB_RUN_ID": "42",
            "RUNNER_TEMP": str(self.bin),
            **more,
        }
        return subprocess.run(  # noqa: S603 (our own scripts)
            ["/bin/bash", "-e", "-c", text],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def post(self, **form: str) -> subprocess.CompletedProcess[str]:
        """Fill in the form and let both steps run."""
        filled = {**FORM, **form}
        ended = self.run(script("post.yml", "Write and validate"), filled)
        return (
            self.run(script("post.yml", "Commit, and publish or ask"), filled)
            if ended.returncode == 0
            else ended
        )

    def published(self, branch: str = "main") -> dict[str, str]:
        """The notices of a branch of the origin."""
        names = git(self.origin, "ls-tree", "-r", "--name-only", branch, "incidents").split()
        return {name: git(self.origin, "show", f"{branch}:{name}") for name in names}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_a_form_becomes_a_notice_that_is_published(runner: Runner) -> None:
    ended = runner.post(IMPACT="major", NEXT="30m")
    assert (ended.returncode, ended.stderr) == (0, "")
    ((path, text),) = runner.published().items()
    assert path.endswith("-le-relais-est-lent.md")
    assert "impact: major\n" in text
    assert "\nLe courrier attend.\n" in text
    assert "repos/maxony/status/dispatches --field event_type=publish" in runner.asked.read_text(
        encoding="utf-8"
    )
    assert "Le courrier attend." in runner.summary.read_text(encoding="utf-8")


def test_an_update_is_added_to_a_notice_that_is_there(runner: Runner) -> None:
    runner.post()
    ((path, _),) = runner.published().items()
    assert (
        runner.post(
            WHAT="update", TITLE=Path(path).stem, SERVICES="", STATE="resolved", TEXT="", TEMPLATE="resolved"
        ).returncode
        == 0
    )
    ((_, text),) = runner.published().items()
    assert " resolved\n\nL'incident est résolu." in text


def test_maintenance_uses_a_ready_wording(runner: Runner) -> None:
    ended = runner.post(
        WHAT="maintenance", TITLE="", TEXT="", TEMPLATE="interruption", STARTS="2030-12-01T22:00", ENDS="3h"
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    ((path, text),) = runner.published().items()
    assert path == "incidents/2030-12-01-maintenance-avec-interruptions.md"
    assert "starts: 2030-12-01T22:00+01:00\nends: 2030-12-02T01:00+01:00\n" in text


@pytest.mark.parametrize(
    "typed",
    [
        "$(touch pwned)",
        '"; touch pwned; #',
        "`touch pwned`",
        "--root=/tmp",
        "-v",
        "'; touch pwned '",
        "::set-output name=x::y",
    ],
)
def test_typed_text_is_never_executed(runner: Runner, typed: str) -> None:
    ended = runner.post(TITLE=typed, TEXT=typed)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (runner.work / "pwned").exists()
    ((_, text),) = runner.published().items()
    assert typed.replace('"', '\\"') in text.split("\n")[1]
    assert f"\n\n{typed}\n" in text


def test_invalid_notice_is_not_published(runner: Runner) -> None:
    ended = runner.post(SERVICES="smpt")
    assert ended.returncode == 1
    assert "did you mean smtp?" in ended.stdout
    assert runner.published() == {}
    assert not runner.asked.exists()
    assert runner.summary.read_text(encoding="utf-8") == (
        "### Nothing was written\n\n    constat: unknown service smpt\n    tip: did you mean smtp?\n"
    ), "a phone shows the summary before the log"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"TITLE": "two\nlines"}, "the title has more than one line"),
        ({"TITLE": "x\n::error::boo"}, "the title has more than one line"),
        ({"TEXT": "a\n##[add-mask]e"}, "a heading that is not an update"),
        ({"TEXT": "a\n\n## 2026-11-20T10:00+01:00 resolved\nb"}, "investigating comes after resolved"),
        ({"WHAT": "update", "TITLE": "../../status.yml", "STATE": "resolved"}, "there is no notice status"),
        (
            {"WHAT": "maintenance", "STATE": "in_progress", "STARTS": "3h", "ENDS": "3h"},
            "--state=in_progress",
        ),
        ({"IMPACT": "major", "WHAT": "maintenance", "STARTS": "3h", "ENDS": "3h"}, "--impact=major"),
    ],
)
def test_invalid_input_is_reported_on_one_log_line(runner: Runner, form: dict[str, str], told: str) -> None:
    ended = runner.post(**form)
    assert (ended.returncode, runner.published()) == (1, {})
    assert told in runner.summary.read_text(encoding="utf-8")
    assert not [line for line in ended.stdout.splitlines() if line.startswith("::")]


def test_an_update_of_the_only_open_notice_needs_no_name(runner: Runner) -> None:
    runner.post()
    ended = runner.post(WHAT="update", TITLE="", SERVICES="", STATE="resolved", TEXT="Fini.")
    assert (ended.returncode, ended.stderr) == (0, "")
    ((path, text),) = runner.published().items()
    assert text.endswith(" resolved\n\nFini.\n")
    assert git(runner.origin, "log", "-1", "--format=%s", "main") == f"Update: {path}\n"


def test_a_protected_branch_gets_a_pull_request(runner: Runner) -> None:
    hook = runner.origin / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n', encoding="utf-8")
    hook.chmod(0o755)
    assert runner.post().returncode == 0
    assert runner.published() == {}
    assert len(runner.published("notice-42")) == 1
    asked = runner.asked.read_text(encoding="utf-8")
    assert "pr create --base main --head notice-42 --fill" in asked
    assert "event_type=publish" not in asked


def test_concurrent_push_is_handled(runner: Runner, tmp_path: Path) -> None:
    filled = dict(FORM)
    assert runner.run(script("post.yml", "Write and validate"), filled).returncode == 0
    git(tmp_path, "clone", "--quiet", str(runner.origin), str(tmp_path / "other"))
    (tmp_path / "other" / "note.txt").write_text("x", encoding="utf-8")
    git(tmp_path / "other", "add", "-A")
    git(tmp_path / "other", "commit", "--quiet", "-m", "Meanwhile")
    git(tmp_path / "other", "push", "--quiet", "origin", "HEAD:main")
    assert runner.run(script("post.yml", "Commit, and publish or ask"), filled).returncode == 0
    assert len(runner.published()) == 1
    assert "event_type=publish" in runner.asked.read_text(encoding="utf-8")


def test_a_pull_request_is_summarised_by_what_it_changes(runner: Runner) -> None:
    runner.post(TITLE="Une autre")
    runner.post(TITLE="Une panne")
    assert runner.run(script("notices.yml", "Say what merging would publish")).returncode == 0
    summary = runner.summary.read_text(encoding="utf-8").rpartition("## What this would publish")[2]
    assert "une-panne" in summary
    assert "une-autre`" not in summary
    assert "- the rules of smtp" in summary


def test_a_pull_request_without_notices_says_so(runner: Runner) -> None:
    (runner.work / "note.txt").write_text("x", encoding="utf-8")
    runner.commit("Something else")
    assert runner.run(script("notices.yml", "Say what merging would publish")).returncode == 0
    assert "No notice that can be shown now." in runner.summary.read_text(encoding="utf-8")


@pytest.mark.parametrize("workflow", ["notices.yml", "post.yml"])
def test_the_workflow_asks_for_no_secret(workflow: str) -> None:
    assert "secrets." not in (ROOT / ".github" / "workflows" / workflow).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("step", "of_the_action"),
    [
        ("Write and validate", "Write and validate a notice"),
        ("Commit, and publish or ask", "Commit the notice, and publish or ask"),
    ],
)
def test_action_form_behaves_like_our_workflow(step: str, of_the_action: str) -> None:
    """The scripts above, but for the program, and for a project that is a folder of its repository."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    (found,) = [each["run"] for each in action["runs"]["steps"] if each.get("name") == of_the_action]
    ours = found.replace('"$RUNNER_TEMP/constat/bin/constat"', "python generate.py")
    assert ours.replace('cd "$PROJECT"\n', "").replace(" --relative", "") == script("post.yml", step)


def test_starter_form_has_the_same_fields() -> None:
    starter = ROOT / "examples/starter/.github/workflows/post.yml"
    fields, ours = (
        yaml.safe_load(path.read_text(encoding="utf-8"))[True]
        for path in (starter, ROOT / ".github/workflows/post.yml")
    )
    assert fields == ours
