"""What years of evidence weigh in git, and what a job that takes part of them and pushes costs: `python -m benchmarks.year`.

A year is scaled from eight days (`benchmarks/pushes.py` tells what they hold). What counts is the pack: it is what a
remote sends. The index that each side makes for itself stands beside it.

A watch's job prepares, commits a row and pushes, over file://. What it takes is what its clone holds of git's then. The
remotes of a month and of three years hold two pushes a day. The publishing's job is told beside it: it takes the
thirteen months of evidence that it publishes, as soon as there are so many.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.pushes import ENVIRONMENT, lay, pushes
from constat.history.fetch_plan import FetchPlan, plan_for_page, plan_for_watch
from constat.interval import DAY_S, format_instant, parse_instant
from outside.branch import append, clone
from outside.branch.git import Git

END = parse_instant("2026-11-24T12:00:00Z")
WEIGHED_DAYS = 8
MOST_MB_A_YEAR = {5: 60, 15: 25}
MONTH_DAYS, YEARS_DAYS = 30, 3 * 365
MOST_S, MOST_MB, MOST_GROWTH = 2.0, 15, 1.2
ROUNDS = 5


def weights(folder: Path) -> Iterator[str]:
    """What a year of pushes weighs, by how often they are made."""
    end = END // DAY_S * DAY_S
    for minutes, most in MOST_MB_A_YEAR.items():
        git = lay(folder / f"every{minutes}", pushes(end - WEIGHED_DAYS * DAY_S, end, minutes * 60))
        pack, index = (
            _held(git.folder / "objects/pack", f"*.{kind}") * 365.25 / WEIGHED_DAYS
            for kind in ("pack", "idx")
        )
        yield f"a commit every {minutes} minutes: {pack:.1f} MB packed a year (at most {most}): {_well(pack <= most)}"
        yield f"a commit every {minutes} minutes: {index:.1f} MB a year of git's own index beside it"


def jobs(folder: Path) -> Iterator[str]:
    """What a job takes after three years, and how much more than after one month."""
    day = END // DAY_S * DAY_S
    month, years = (
        lay(folder / f"days{days}", pushes(day - days * DAY_S, END, DAY_S // 2))
        for days in (MONTH_DAYS, YEARS_DAYS)
    )
    young, old, page = taken(
        folder,
        (month, plan_for_watch(END, 60)),
        (years, plan_for_watch(END, 60)),
        (years, plan_for_page(END)),
    )
    for unit, value, most in zip(("s", "MB"), old, (MOST_S, MOST_MB), strict=True):
        yield f"a watch after three years: {value:.2f} {unit} (at most {most}): {_well(value <= most)}"
    for unit, before, after in zip(("s", "MB"), young, old, strict=True):
        growth = after / before
        yield f"a watch: {growth:.2f} x the {unit} of one month (at most {MOST_GROWTH}): {_well(growth <= MOST_GROWTH)}"
    yield f"a publishing after three years, with thirteen months of evidence: {page[0]:.2f} s, {page[1]:.2f} MB"


def taken(folder: Path, *what: tuple[Git, FetchPlan]) -> list[tuple[float, float]]:
    """The medians of several jobs of each; they take turns, so that a busy machine is busy for all of them."""
    rounds = [
        [job(remote, folder / f"job{turn}-{number}", wanted) for number, (remote, wanted) in enumerate(what)]
        for turn in range(ROUNDS)
    ]
    return [
        (statistics.median(s for s, _ in each), statistics.median(mb for _, mb in each))
        for each in zip(*rounds, strict=True)
    ]


def job(remote: Git, folder: Path, wanted: FetchPlan) -> tuple[float, float]:
    """Prepare, commit one row and push it: wall seconds, and megabytes of git's that the clone holds then."""
    git = Git(folder, ENVIRONMENT)
    began = time.perf_counter()
    clone.prepare_clone(git, remote.folder.as_uri(), wanted, END)
    with (folder / f"2026/11/{format_instant(END)[:10]}.csv").open("a") as file:
        file.write(f"{format_instant(END)},api,main,up,{time.time_ns()},1,60,gha,\n")
    append.push(git, "gha: evidence", END, append.Backoff(time.sleep, random.random))
    return time.perf_counter() - began, _held(folder / ".git", "*")


def _held(folder: Path, names: str) -> float:
    """Megabytes of the files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob(names) if file.is_file()) / 1e6


def _well(holds: bool) -> str:
    return "ok" if holds else "MISSED"


if __name__ == "__main__":
    missed = False
    with tempfile.TemporaryDirectory() as name:
        for line in chain(weights(Path(name)), jobs(Path(name))):
            print(line, flush=True)
            missed |= line.endswith("MISSED")
    sys.exit(missed)
