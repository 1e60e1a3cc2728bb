"""What years of evidence weigh in git, and what a job that takes part of them and pushes costs: `python -m benchmarks.year`.

Commits are laid by `git fast-import` as pushes would have made them; four days are packed and scaled to a year. The job
is measured against two remotes over file://: one of a month and one of three years.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from constat.history import HEADER
from constat.interval import DAY_S, Instant, format_instant, parse_instant
from constat.wanted import for_watch
from outside import append, clone
from outside.git import Git

SERVICES = ("website", "applications", "api", "smtp", "gateway")
END = parse_instant("2026-11-24T12:00:00Z")
PACKED_DAYS = 4
MOST_MB_A_YEAR = {5: 60, 15: 25}
MOST_S, MOST_MB, MOST_GROWTH = 2.0, 15, 1.2
ROUNDS = 5
_ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
_AUTHOR = "Constat <constat@localhost>"


def rows(day: Instant) -> list[str]:
    """One day of one-minute samples of five services, in the order in which they are seen."""
    chance = random.Random(day)  # noqa: S311 (latencies, not secrets)
    return [
        f"{format_instant(at)},{service},main,up,{int(chance.gammavariate(6, 12))},1,60,gha,\n"
        for at in range(day, day + DAY_S, 60)
        for service in SERVICES
    ]


def commits(first: Instant, end: Instant, every_s: int) -> Iterator[bytes]:
    """A stream for `git fast-import`: the day file as it stood after each push."""
    for day in range(first, end, DAY_S):
        seen, name = rows(day), format_instant(day)[:10]
        for at in range(day + every_s, min(day + DAY_S, end) + 1, every_s):
            known = (at - day) // 60 * len(SERVICES)
            text = (f"{HEADER}\n" + "".join(seen[:known])).encode()
            yield f"commit refs/heads/history\ncommitter {_AUTHOR} {at} +0000\ndata 8\nevidence\n".encode()
            yield (
                f"M 100644 inline {name[:4]}/{name[5:7]}/{name}.csv\ndata {len(text)}\n".encode()
                + text
                + b"\n"
            )


def lay(folder: Path, first: Instant, end: Instant, every_s: int) -> Git:
    """A bare remote with such a history, packed."""
    folder.mkdir(parents=True)
    git = Git(folder, _ENVIRONMENT)
    git.run("init", "--quiet", "--bare", "--initial-branch=main")
    git.run("config", "uploadpack.allowFilter", "true")
    importing = ["git", "-C", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(importing, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None  # noqa: S101 (it is a pipe)
        for part in commits(first, end, every_s):
            importer.stdin.write(part)
    git.run("repack", "-adfq", "--depth=50", "--window=50")
    return git


def packed_mb(git: Git) -> float:
    """The size of a remote's packs."""
    return sum(pack.stat().st_size for pack in (git.folder / "objects/pack").iterdir()) / 1e6


def job(remote: Git, folder: Path) -> tuple[float, float]:
    """Prepare, commit one round and push it: wall seconds, and megabytes that the clone holds then."""
    url, git = remote.folder.as_uri(), Git(folder, _ENVIRONMENT)
    path = f"2026/11/{format_instant(END)[:10]}.csv"
    began = time.perf_counter()
    clone.prepare(git, url, lambda paths: for_watch(paths, END, 60), END)
    with (folder / path).open("a") as file:
        file.write(f"{format_instant(END + len(list(folder.parent.iterdir())))},api,main,up,9,1,60,gha,\n")
    append.push(git, "gha: evidence", END, append.Patience(time.sleep, random.random))
    took = time.perf_counter() - began
    return took, sum(file.stat().st_size for file in (folder / ".git").rglob("*") if file.is_file()) / 1e6


def lines() -> list[str]:
    """What is printed: each figure with its bound."""
    with tempfile.TemporaryDirectory() as name:
        return [*_weights(Path(name)), *_jobs(Path(name))]


def _weights(folder: Path) -> Iterator[str]:
    first = END // DAY_S * DAY_S - PACKED_DAYS * DAY_S
    for minutes, most in MOST_MB_A_YEAR.items():
        git = lay(folder / f"every{minutes}", first, first + PACKED_DAYS * DAY_S, minutes * 60)
        year = packed_mb(git) / PACKED_DAYS * 365.25
        yield f"a commit every {minutes} minutes: {year:.0f} MB packed a year (at most {most}): {_well(year <= most)}"


def _jobs(folder: Path) -> Iterator[str]:
    day = END // DAY_S * DAY_S
    month, years = (
        lay(folder / f"days{days}", day - days * DAY_S, END, DAY_S // 2) for days in (30, 3 * 365)
    )
    taken: dict[str, list[tuple[float, float]]] = {"month": [], "years": []}
    for turn in range(ROUNDS):
        taken["month"].append(job(month, folder / f"month{turn}"))
        taken["years"].append(job(years, folder / f"years{turn}"))
    seconds = {name: statistics.median(took for took, _ in each) for name, each in taken.items()}
    megabytes = {name: statistics.median(held for _, held in each) for name, each in taken.items()}
    what = "prepare, commit and push at the end of three years"
    yield f"{what}: {seconds['years']:.2f} s (at most {MOST_S}): {_well(seconds['years'] <= MOST_S)}"
    yield f"{what}: {megabytes['years']:.2f} MB (at most {MOST_MB}): {_well(megabytes['years'] <= MOST_MB)}"
    for unit, found in (("s", seconds), ("MB", megabytes)):
        growth = found["years"] / found["month"]
        yield f"{what}: {growth:.2f} x the {unit} of one month (at most {MOST_GROWTH}): {_well(growth <= MOST_GROWTH)}"


def _well(holds: bool) -> str:
    return "ok" if holds else "MISSED"


if __name__ == "__main__":
    told = lines()
    print("\n".join(told))
    sys.exit(int(any(line.endswith("MISSED") for line in told)))
