"""The size of years of evidence in git, and the cost of a job that fetches some of it and pushes: `python -m benchmarks.year`.

A year is extrapolated from eight days, which `benchmarks/pushes.py` describes. The bound is on the pack, since that is what
a remote sends; the index, which each side makes for itself, is printed beside it.

A watch's job prepares its clone, commits one row and pushes it, over file://. Its cost is its time and the size of its
clone's `.git` afterwards. The remotes of one month and of three years hold two pushes a day. The publishing job is
printed beside it: it fetches the thirteen months of evidence that it publishes.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bounds import judge_at_most, report
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


def measure_sizes(folder: Path) -> Iterator[str]:
    """Measure the size of a year of pushes, by how often they are made."""
    end = END // DAY_S * DAY_S
    for minutes, most in MOST_MB_A_YEAR.items():
        git = lay(folder / f"every{minutes}", pushes(end - WEIGHED_DAYS * DAY_S, end, minutes * 60))
        pack, index = (
            _measure_mb(git.folder / "objects/pack", f"*.{kind}") * 365.25 / WEIGHED_DAYS
            for kind in ("pack", "idx")
        )
        yield (
            f"a commit every {minutes} minutes: {pack:.1f} MB packed a year "
            f"(at most {most}): {judge_at_most(pack, most)}"
        )
        yield f"a commit every {minutes} minutes: {index:.1f} MB a year of git's own index beside it"


def compare_jobs(folder: Path) -> Iterator[str]:
    """Compare the cost of a job after three years with that after one month."""
    day = END // DAY_S * DAY_S
    month, years = (
        lay(folder / f"days{days}", pushes(day - days * DAY_S, END, DAY_S // 2))
        for days in (MONTH_DAYS, YEARS_DAYS)
    )
    young, old, page = measure_jobs(
        folder,
        (month, plan_for_watch(END, 60)),
        (years, plan_for_watch(END, 60)),
        (years, plan_for_page(END)),
    )
    for unit, value, most in zip(("s", "MB"), old, (MOST_S, MOST_MB), strict=True):
        yield f"a watch after three years: {value:.2f} {unit} (at most {most}): {judge_at_most(value, most)}"
    for unit, before, after in zip(("s", "MB"), young, old, strict=True):
        growth = after / before
        yield (
            f"a watch: {growth:.2f} x the {unit} of one month "
            f"(at most {MOST_GROWTH}): {judge_at_most(growth, MOST_GROWTH)}"
        )
    yield f"a publishing after three years, with thirteen months of evidence: {page[0]:.2f} s, {page[1]:.2f} MB"


def measure_jobs(folder: Path, *subjects: tuple[Git, FetchPlan]) -> list[tuple[float, float]]:
    """Measure the medians of several jobs of each kind; they take turns, so that a busy machine slows them equally."""
    rounds = [
        [
            run_job(remote, folder / f"job{turn}-{number}", plan)
            for number, (remote, plan) in enumerate(subjects)
        ]
        for turn in range(ROUNDS)
    ]
    return [
        (statistics.median(s for s, _ in each), statistics.median(mb for _, mb in each))
        for each in zip(*rounds, strict=True)
    ]


def run_job(remote: Git, folder: Path, plan: FetchPlan) -> tuple[float, float]:
    """Prepare a clone, commit one row and push it; return wall seconds, and megabytes of the clone's `.git` afterwards."""
    git = Git(folder, ENVIRONMENT)
    began = time.perf_counter()
    clone.prepare_clone(git, remote.folder.as_uri(), plan, END)
    with (folder / f"2026/11/{format_instant(END)[:10]}.csv").open("a") as file:
        file.write(f"{format_instant(END)},api,main,up,{time.time_ns()},1,60,gha,\n")
    append.push(git, "gha: evidence", END, append.Backoff(time.sleep, random.random))
    return time.perf_counter() - began, _measure_mb(folder / ".git", "*")


def _measure_mb(folder: Path, names: str) -> float:
    """Sum up the sizes of the files below a folder, in megabytes."""
    return sum(file.stat().st_size for file in folder.rglob(names) if file.is_file()) / 1e6


def measure(_quick: bool) -> Iterator[str]:
    """Measure each value, and judge it by its bound."""
    with tempfile.TemporaryDirectory() as name:
        yield from measure_sizes(Path(name))
        yield from compare_jobs(Path(name))


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
