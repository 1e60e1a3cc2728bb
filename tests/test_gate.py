"""The tools that examine the code examine all of it."""

import importlib
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from coverage import Coverage, CoverageData

from tests.support.source_tree import CODE_FOLDERS, ROOT, list_files, name_module


def _lines(*command: str) -> set[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    return set(done.stdout.splitlines())


def test_ruff_sees_every_python_file_of_the_repository() -> None:
    """An exclusion that is too wide leaves code unformatted and unlinted, and nobody notices."""
    ruff = Path(sys.executable).with_name("ruff")
    seen = {str(Path(path).relative_to(ROOT)) for path in _lines(str(ruff), "check", "--show-files", ".")}
    tracked = _lines("git", "ls-files", "*.py")
    assert sorted(tracked - seen) == []


STARTER = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, *sys.argv[1:]]).returncode)"
"""A program that starts another one, as a test starts `generate.py`."""
CODE = list_files(*CODE_FOLDERS)


def test_coverage_counts_what_child_processes_run(tmp_path: Path) -> None:
    starter, data = tmp_path / "starter.py", tmp_path / "data"
    starter.write_text(STARTER)
    coverage = [sys.executable, "-m", "coverage"]
    apart = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    for command in (
        [*coverage, "run", f"--data-file={data}", str(starter), "generate.py", "cost"],
        [*coverage, "combine", "--quiet", f"--data-file={data}", str(tmp_path)],
    ):
        subprocess.run(command, cwd=ROOT, env=apart, check=True, capture_output=True)  # noqa: S603 (our own words)
    combined = CoverageData(str(data))
    combined.read()
    assert combined.arcs(str(ROOT / "generate.py"))
    assert combined.arcs(str(ROOT / "verbs" / "cost.py"))


def test_coverage_looks_at_every_folder_of_the_code() -> None:
    patterns = Coverage(config_file=str(ROOT / "pyproject.toml")).get_option("run:include")
    assert isinstance(patterns, list)
    code = (ROOT / "generate.py", *CODE)
    assert [path for path in code if not any(fnmatch(str(path), pattern) for pattern in patterns)] == []


def test_every_module_can_be_imported() -> None:
    """Including modules that no other test imports, so that coverage counts their lines as missed."""
    for path in CODE:
        assert importlib.import_module(name_module(path))


def _hooks() -> list[dict[str, str]]:
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    return [
        {"repo": repository["repo"], **hook}
        for repository in settings["repos"]
        for hook in repository["hooks"]
    ]


@pytest.mark.parametrize("hook", _hooks(), ids=lambda hook: hook["id"])
def test_commit_hook_runs_the_commands_of_make_check_without_network(hook: dict[str, str]) -> None:
    assert (hook["repo"], hook["language"]) == ("local", "system")
    program = hook["entry"].split()[0]
    assert (ROOT / program).exists()
    assert program.replace(".venv/bin", "$(BIN)") in (ROOT / "Makefile").read_text(encoding="utf-8")
