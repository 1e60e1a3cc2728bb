"""What every workflow, and the action, keeps to: nothing here can run on GitHub, so its text is examined."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.registry import KINDS, load_kind
from outside.branch.tracked import FOLDERS
from outside.project.files import read_config
from tests.support.source_tree import CODE_FOLDERS, ROOT

OURS = sorted((ROOT / ".github/workflows").glob("*.yml"))
STARTER = sorted((ROOT / "examples/starter/.github/workflows").glob("*.yml"))
TWO_VANTAGES = ROOT / "examples/two-vantages/.github/workflows/watch.yml"
ACTION = ROOT / "action.yml"
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
LOOKS = re.compile(r"\b(check|run|probe)\b.*(--from|--until|--for)|generate\.py (check|run|probe)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(path: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def jobs(path: Path) -> list[dict[str, Any]]:
    return list(read(path)["jobs"].values())


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Every step, with the environment of its job in its own."""
    given = [read(path)["runs"]] if path == ACTION else jobs(path)
    for job in given:
        for step in job["steps"]:
            yield {**step, "env": {**job.get("env", {}), **step.get("env", {})}}


def on(path: Path) -> dict[str, Any]:
    """What starts it; YAML reads the word `on` as true."""
    triggers = read(path)[True]
    return triggers if isinstance(triggers, dict) else {triggers: None}


@pytest.mark.parametrize("path", [*OURS, *STARTER, TWO_VANTAGES, ACTION], ids=name)
def test_no_expression_is_interpolated_into_a_shell(path: Path) -> None:
    """What others wrote would become part of the program: it goes through the environment."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", [*OURS, *STARTER, TWO_VANTAGES], ids=name)
def test_a_job_has_only_the_permissions_that_it_names(path: Path) -> None:
    assert read(path)["permissions"] == {}
    for job in jobs(path):
        assert job["permissions"]
        assert job["timeout-minutes"] <= 90


@pytest.mark.parametrize("path", [*OURS, *STARTER, TWO_VANTAGES, ACTION], ids=name)
def test_a_checkout_keeps_no_credentials_and_actions_are_pinned(path: Path) -> None:
    for step in steps(path):
        action = str(step.get("uses", ""))
        if action.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if action and not action.startswith(("./", "owner/constat@")):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)


@pytest.mark.parametrize("path", [*OURS, *STARTER, ACTION], ids=name)
def test_checking_step_has_no_token(path: Path) -> None:
    looking = [step for step in steps(path) if LOOKS.search(step.get("run", "").replace("\\\n", ""))]
    assert [step for step in looking if step["env"].keys() & set(TOKENS)] == []


def test_two_vantage_example_is_valid_and_each_run_uses_one() -> None:
    """A run that was called looks from the vantage that called it; the cron starts all that GitHub hosts."""
    config = read_config(ROOT / "examples/two-vantages", KINDS, load_kind)
    [job] = jobs(TWO_VANTAGES)
    [hosted] = re.findall(r"'(\[[^']+\])'\)", job["strategy"]["matrix"]["vantage"].replace('["{0}"]', ""))
    [own] = re.findall(r"matrix.vantage == '(\w+)' && 'ubuntu-24.04' \|\| matrix.vantage", job["runs-on"])
    assert json.loads(hosted) == [own]
    assert {own} < set(config.monitor.vantages)
    assert job["steps"][-1]["with"]["vantage"] == "${{ matrix.vantage }}"
    assert "concurrency" not in read(TWO_VANTAGES)


def test_watch_and_action_have_a_checking_step() -> None:
    """Else the test before this one would say nothing."""
    for path in (ROOT / ".github/workflows/watch.yml", ACTION):
        assert any("check" in step.get("run", "") and "nohup" in step["run"] for step in steps(path))


@pytest.mark.parametrize("path", [path for path in [*OURS, *STARTER] if "pull_request" in on(path)], ids=name)
def test_pull_request_workflows_have_no_secrets_and_run_no_checks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    started = [job for job in jobs(path) if job.get("if") != "github.event_name == 'push'"]
    assert all(set(job["permissions"].values()) == {"read"} for job in started)
    for step in steps(path):
        if step.get("if") != "github.event_name == 'push'":
            assert not LOOKS.search(step.get("run", ""))
            assert step.get("with", {}).get("verb") not in {"check", "run", "watch", "probe"}


def test_some_workflow_runs_on_pull_requests() -> None:
    assert {path.name for path in [*OURS, *STARTER] if "pull_request" in on(path)} == {
        "check.yml",
        "ci.yml",
        "docs.yml",
        "notices.yml",
        "selftest.yml",
    }


@pytest.mark.parametrize("folder", [ROOT / ".github", ROOT / "examples/starter/.github"], ids=name)
def test_schedules_avoid_the_full_hour_and_all_are_kept_alive(folder: Path) -> None:
    """Every workflow with a schedule is switched on again each month, that which does it among them."""
    scheduled = {
        path.name: on(path)["schedule"]
        for path in (folder / "workflows").glob("*.yml")
        if "schedule" in on(path)
    }
    minutes = [re.match(r"[^ ]+", entry["cron"])[0] for cron in scheduled.values() for entry in cron]  # type: ignore[index]
    assert all(not minute.startswith(("0", "*")) for minute in minutes)
    kept = (folder / "workflows/keepalive.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"[a-z]+\.yml", kept)) == set(scheduled)


def test_watches_are_concurrent_and_publishing_is_serial() -> None:
    for folder in (OURS, STARTER):
        by_name = {path.name: read(path) for path in folder}
        assert "concurrency" not in by_name["watch.yml"]
        assert "concurrency" not in next(iter(by_name["watch.yml"]["jobs"].values()))
        assert by_name["publish.yml"]["concurrency"] == {"group": "pages", "cancel-in-progress": False}


DATA = {"/status.yml", "/corrections.yml", "/checks/", "/templates/", "/.github/"} | {
    f"/{folder}{end}" for folder in FOLDERS for end in ("", "/")
}
"""What decides where we connect, what is promised and what runs, and where nobody but the job may write."""


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        (
            ".github/CODEOWNERS",
            DATA
            | {f"/{folder}/" for folder in CODE_FOLDERS}
            | {"/generate.py", "/action.yml", "/requirements*.txt", "/pyproject.toml"},
        ),
        ("examples/starter/.github/CODEOWNERS", DATA),
    ],
)
def test_code_and_evidence_have_code_owner_lines(file: str, wanted: set[str]) -> None:
    """The owner is a placeholder, and the file says so."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^#?(/\S+) +@owner$", text)) - {"/incidents/"} == wanted
    assert "in place of @owner" in re.sub(r"\n# ", " ", text)


def test_pull_request_check_covers_files_that_nobody_may_commit() -> None:
    paths = read(ROOT / ".github/workflows/notices.yml")[True]["pull_request"]["paths"]
    assert {f"{folder}{end}" for folder in FOLDERS for end in ("", "/**")} <= set(paths)
    assert read(ROOT / "examples/starter/.github/workflows/check.yml")[True] == {"pull_request": None}


def test_dependabot_directories_contain_manifests() -> None:
    """For another folder than the root, it looks for workflows in that very folder."""
    for update in read(ROOT / ".github/dependabot.yml")["updates"]:
        for folder in update.get("directories", [update.get("directory")]):
            wanted = {
                "github-actions": ".github/workflows/*.yml" if folder == "/" else "*.yml",
                "pip": "requirements*.txt",
                "npm": "package-lock.json",
            }[update["package-ecosystem"]]
            assert list((ROOT / folder.strip("/")).glob(wanted))


def _named(*sections: object) -> set[str]:
    """The secrets that some sections of `status.yml` use."""
    return set(re.findall(r"\$\{(CONSTAT_[A-Z0-9_]+)\}", yaml.safe_dump(sections)))


@pytest.mark.parametrize(
    ("verb", "sections"),
    [("check", ("services",)), ("notify", ("notify", "monitor")), ("alarm", ("notify", "monitor"))],
)
def test_each_step_is_given_the_secrets_that_its_part_of_status_yml_names_and_no_other(
    verb: str, sections: tuple[str, ...]
) -> None:
    """A check without its secret would stay unknown unnoticed."""
    settings = yaml.safe_load((ROOT / "status.yml").read_text(encoding="utf-8"))
    needed = _named(*(settings[section] for section in sections))
    callers = [step for path in OURS for step in steps(path) if f"generate.py {verb}" in step.get("run", "")]
    assert needed
    assert callers
    for step in callers:
        passed = {key for key, value in step["env"].items() if "secrets." in str(value)}
        assert passed == needed, step["name"]
