"""No verb ends in a traceback, wherever it is started: one line says what is wrong, and perhaps a tip what to type."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import build_environment, generate_here
from tests.support.own_project import STATUS
from tests.support.source_tree import ROOT

VERBS = """
run
check
build
serve --port 0
validate
probe tcp
new incident Slow --services nobody
new update relay resolved
new wordings
show --at 2026-11-01T00:00
statement 2026-10
statement --due
verify
witness {root} --store {root}/kept
notify
notify --dry-run
alarm
upload
push
push --prepare page
push --record
init {root}
cost
demo
completion bash
"""
COMMANDS = [line for line in VERBS.splitlines() if line]
FOLDERS = ("history", "site", ".site", "incidents", "support", "templates")


IDLE: dict[str, str | tuple[str, ...]] = {"broken": "serve", "read-only": "serve", "empty": ("demo", "init")}
"""Where a verb does its work: `serve` goes on until it is interrupted, and makes the page once a mistake is mended."""


def _end(*words: str) -> subprocess.CompletedProcess[str]:
    try:
        return generate_here(*words)
    except SystemExit as error:  # argparse has explained it
        return subprocess.CompletedProcess(words, int(error.code or 0), "", "usage")


def _lay(root: Path, what: str) -> None:
    if what == "broken":
        (root / "status.yml").write_text("page: [\n")
    elif what == "read-only":  # even root cannot write below a file
        (root / "status.yml").write_text(STATUS)
        for name in FOLDERS:
            (root / name).write_text("")
    elif what == "no folder":
        root.rmdir()
        root.write_text("")


@pytest.mark.parametrize("what", ["empty", "broken", "read-only", "no folder"])
def test_every_verb_ends_with_a_message(tmp_path: Path, what: str) -> None:
    """In an empty folder, beside a broken status.yml, where nothing can be written, and where the folder is a file."""
    root = tmp_path / "project"
    root.mkdir()
    for command in COMMANDS:
        if command.startswith(IDLE.get(what, ())):
            continue
        if root.is_dir():
            _lay(root, what)
        ended = _end("-q", "--root", str(root), *shlex.split(command.replace("{root}", str(root))))
        assert ended.returncode in (0, 1, 2), command
        assert ended.returncode == 0 or ended.stderr or ended.stdout, command


def test_every_verb_ends_with_stdout_closed(tmp_path: Path) -> None:
    """With standard output closed (`>&-`), in one process for all of them."""
    (tmp_path / "status.yml").write_text(STATUS)
    words = ["build", "check", "validate", "verify", "cost", "completion bash", "show --at 2026-11-01T00:00"]
    program = (
        "import runpy, shlex, sys\n"
        f"main = runpy.run_path({str(ROOT / 'generate.py')!r})['main']\n"
        f"ended = [main([*shlex.split(words), '--root', {str(tmp_path)!r}]) for words in {words!r}]\n"
        "sys.exit(any(ended))"
    )
    done = subprocess.run(  # noqa: S603 (our own program)
        ["/bin/sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, program],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=ROOT,
        env=build_environment(),
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
