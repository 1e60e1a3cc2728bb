"""A history of 100,000 commits of Upptime imported: `python -m benchmarks.upptime`.

Reading it is compared with what git alone takes to print the same log and the same blobs; and its memory, including that
of git, must stay below a bound that does not depend on the number of files in a commit. The history is written by
`git fast-import`: it has as many sites as a large repository, and each look is a commit of its own.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from benchmarks.bounds import judge_at_most, report
from constat.interval import parse_instant
from tests.support.peak_memory import Measured, run_measured
from tests.support.upptime_repository import CLEAN, format_version

COMMITS, QUICK_COMMITS = 100_000, 10_000
SITES = 48
MOST_SECONDS_PER_COMMIT = 0.003
"""100,000 commits in five minutes, on two cores that others use too."""
MOST_TIMES_GIT = 8.0
MOST_MEMORY = 600 << 20
"""The bytes of our process and of each process of git, each at its own peak; git takes a third of it."""
MOST_MEMORY_PER_COMMIT = 3_000
"""The bytes that are kept of a look and of the name of its version."""
CODE = Path(__file__).resolve().parent.parent
BEGIN = parse_instant("2021-01-01T00:00:00Z")
_LONGEST_S = 1_200


def write(folder: Path, commits: int) -> None:
    """Write a repository with this many looks, at each site in turn; about one in fifty finds the site down."""
    git = ["git", "-C", str(folder), "fast-import", "--quiet"]
    make = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(folder)]
    subprocess.run(make, check=True, env=CLEAN)
    with subprocess.Popen(git, stdin=subprocess.PIPE, env=CLEAN) as process:
        stream = cast("IO[bytes]", process.stdin)
        stream.write(_write_commit(BEGIN, "Initial commit", ".upptimerc.yml", _write_config()))
        for number in range(commits):
            at = BEGIN + 60 * number
            status = "down" if number % 50 == number % SITES else "up"
            subject = f"🟩 Site {number % SITES} is {status} (200 in 120 ms) [skip ci] [upptime]"
            path = f"history/site-{number % SITES}.yml"
            stream.write(_write_commit(at + 1, subject, path, format_version(at, status)))


def _write_config() -> str:
    sites = "".join(
        f"  - {{name: Site {number}, url: 'https://s{number}.example'}}\n" for number in range(SITES)
    )
    return f"owner: o\nrepo: r\nsites:\n{sites}"


def _write_commit(at: int, subject: str, path: str, text: str) -> bytes:
    message, content = subject.encode(), text.encode()
    head = f"commit refs/heads/main\ncommitter U <u@example.org> {at} +0000\ndata {len(message)}\n".encode()
    change = f"\nM 100644 inline {path}\ndata {len(content)}\n".encode()
    return head + message + change + content + b"\n"


def _time_git(folder: Path) -> float:
    """Measure the seconds that git takes to print the log and every version, with nobody parsing them."""
    began = time.monotonic()
    log = ["git", "-C", str(folder), "log", "--raw", "--no-abbrev", "--root", "--format=%H", "--", "history"]
    printed = subprocess.run(log, capture_output=True, check=True, env=CLEAN).stdout
    blobs = b"".join(line.split()[3] + b"\n" for line in printed.splitlines() if line.startswith(b":"))
    batch = ["git", "-C", str(folder), "cat-file", "--batch"]
    subprocess.run(batch, input=blobs, stdout=subprocess.DEVNULL, check=True, env=CLEAN)
    return time.monotonic() - began


def _import(folder: Path, root: Path) -> Measured:
    command = [
        sys.executable,
        str(CODE / "generate.py"),
        "-q",
        "import",
        "upptime",
        str(folder),
        "--root",
        str(root),
    ]
    measured = run_measured(command, CLEAN, _LONGEST_S)
    if measured.code:
        raise RuntimeError(measured.err)
    return measured


def measure(quick: bool) -> Iterator[str]:
    """Measure an import, and judge it by each bound."""
    commits = QUICK_COMMITS if quick else COMMITS
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "upptime.git")
        write(folder, commits)
        alone = _time_git(folder)
        measured = _import(folder, Path(work, "page"))
        rows = Path(work, "page/history/imported/upptime.csv").read_text(encoding="utf-8").count("\n") - 1
    yield f"{commits:,} commits, {rows:,} rows: {measured.seconds:.1f} s; git alone {alone:.1f} s"
    each = measured.seconds / commits
    verdict = judge_at_most(each, MOST_SECONDS_PER_COMMIT, quick=quick)
    yield f"  seconds for each commit: {each:.5f} (at most {MOST_SECONDS_PER_COMMIT}) {verdict}"
    ratio = measured.seconds / max(alone, 0.5)
    yield f"  times git alone: {ratio:.1f} (at most {MOST_TIMES_GIT}) {judge_at_most(ratio, MOST_TIMES_GIT, quick=quick)}"
    limit = MOST_MEMORY if not quick else 150 * (1 << 20) + MOST_MEMORY_PER_COMMIT * commits
    verdict = judge_at_most(measured.peak, limit, quick=quick)
    yield f"  memory: {measured.peak / (1 << 20):.0f} MiB (at most {limit / (1 << 20):.0f}) {verdict}"


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
