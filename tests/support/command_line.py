"""The command line, as a user meets it."""

import ctypes
import io
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

from tests.support.fork_server import find_start_command
from tests.support.source_tree import ROOT


def build_command(root: Path, *words: str) -> list[str]:
    """`constat -q WORDS --root ROOT`: without the closing line, unless a test asks for it."""
    return [sys.executable, str(ROOT / "generate.py"), "-q", *words, "--root", str(root)]


def build_environment(**variables: str) -> dict[str, str]:
    """Build an environment: that of this process without variables that a CI job may have set, plus the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CONSTAT_"))}
    return kept | variables


def _obey_modes() -> None:
    """Give up the power of root to write where nobody may. Linux: prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def generate(
    root: Path, *words: str, powerless: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end, as a process of its own. `powerless`: it obeys the modes of files even if we are root.

    Only where rights are given up, or another clock is preloaded, does Python itself have to begin.
    """
    begins = powerless or "LD_PRELOAD" in variables or "PYTHONPATH" in variables
    return subprocess.run(  # noqa: S603 (our own program; this process has no other thread that holds a lock)
        build_command(root, *words) if begins else [*find_start_command(), "-q", *words, "--root", str(root)],
        preexec_fn=_obey_modes if powerless else None,
        capture_output=True,
        text=True,
        check=False,
        env=build_environment(**variables),
        timeout=60,
    )


@cache
def _load_main() -> Callable[[list[str]], int]:
    """Load `main` of the command line, once: nothing may import that module, so it is loaded from its file."""
    main: Callable[[list[str]], int] = runpy.run_path(str(ROOT / "generate.py"))["main"]
    return main


def generate_here(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end in this process: everything but the start of Python, which takes ten times as long.

    For tests of what a verb writes, prints and returns; signals, environments and broken pipes need `generate`.
    """
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = _load_main()(list(words))
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@contextmanager
def start_generate(
    root: Path, *words: str, quick: bool = False, **variables: str
) -> Iterator[subprocess.Popen[str]]:
    """Start a verb, and kill it afterwards if it still runs. `quick`: by way of the fork server, so its process id differs."""
    with subprocess.Popen(  # noqa: S603 (our own program)
        [*find_start_command(), "-q", *words, "--root", str(root)] if quick else build_command(root, *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=build_environment(**variables),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_lines_until(process: subprocess.Popen[str], count: int, word: str = "") -> list[str]:
    """Read the lines that a process prints, until this many contain a word."""
    assert process.stdout is not None
    lines: list[str] = []
    while sum(word in line for line in lines) < count:
        line = process.stdout.readline()
        assert line, f"it ended after {lines}: {process.stderr.read() if process.stderr else ''}"
        lines.append(line.rstrip("\n"))
    return lines


def read_rest(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Read the rest of both outputs of a process; `communicate` would lose what was read ahead."""
    assert process.stdout is not None
    assert process.stderr is not None
    printed = process.stdout.read(), process.stderr.read()
    process.wait(20)
    return printed
