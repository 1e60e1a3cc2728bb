"""`draft` as a job runs it: with the token and the address of the host in the environment."""

from pathlib import Path

import pytest

from tests.support.command_line import generate_here
from tests.support.drafting_scene import BRANCH, STATUS, Scene
from tests.support.fake_hosts import TOKEN, FakeHost, serve_host
from tests.support.git_remote import run

NIGHT = ("--now", "2026-11-29T03:01:00Z")


def test_result_and_address_of_the_draft_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a host in the environment it says what to set; without something to draft it needs none."""
    scene = Scene(tmp_path, FakeHost(tmp_path / "remote.git"))
    scene.settings = STATUS.format(by="pull_request", languages="fr, en")
    scene.set_up({"api": "02:56-04:00"})
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "CI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    words = ("draft", "--root", str(scene.work))
    homeless = generate_here(*words, *NIGHT)
    assert homeless.returncode == 2
    assert "tip: set GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL" in homeless.stderr
    assert generate_here(*words, "--now", "2026-11-29T02:50:00Z").stderr == "nothing to draft\n"
    with serve_host(scene.host):
        monkeypatch.setenv("GITHUB_REPOSITORY", "maxony/status")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_API_URL", scene.host.api)
        done = generate_here(*words, *NIGHT)
    assert (done.returncode, done.stderr) == (0, "done\n")
    assert done.stdout.splitlines() == [
        f"pushed to {BRANCH}: API: down since 2026-11-29 03:56",
        "proposed: https://github.example/maxony/status/pull/1",
    ]
    assert TOKEN not in done.stdout + (scene.work / "history/.troubles").read_text()


def test_a_job_of_gitlab_drafts_from_a_fresh_detached_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the job in docs/notices.md: the evidence comes from its branch, the token is in no file."""
    scene = Scene(tmp_path, FakeHost(tmp_path / "remote.git"))
    scene.settings = STATUS.format(by="pull_request", languages="fr, en")
    scene.set_up({"api": "02:56-04:00"})
    evidence, job = scene.work / "history", tmp_path / "job"
    run("git", "init", "--quiet", "--initial-branch=history", str(evidence))
    git = ("git", "-C", str(evidence), "-c", "user.name=A", "-c", "user.email=a@localhost")
    for words in (("add", "."), ("commit", "-qm", "Seen"), ("push", "-q", str(scene.remote), "history")):
        run(*git, *words)
    run("git", "clone", "--quiet", "--depth=1", f"file://{scene.remote}", str(job))
    run("git", "-C", str(job), "checkout", "--quiet", "--detach")
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with serve_host(scene.host):
        monkeypatch.setenv("CI_API_V4_URL", scene.host.api)
        monkeypatch.setenv("CI_PROJECT_ID", "maxony/status")
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        for verb in (("push", "--prepare", "page"), ("draft",)):
            done = generate_here(*verb, "--root", str(job), *NIGHT)
            assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("proposed: https://gitlab.example/maxony/status/-/merge_requests/1\n")
    files = [path for path in job.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
