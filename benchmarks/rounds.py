"""One round of many checks, measured in a process of its own against servers in another process."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bounds import judge, judge_at_most, report
from checks.confirming import ProbeTarget
from checks.registry import load_kind, warm_up
from checks.runner import Policy, Runner
from checks.world import ThreadedWorld
from constat.model import CheckConfig, Confirm, Outcome, Sample

TIMEOUT_S = 10
"""The longest timeout of a round."""
WORKERS = 64
MOST_TIME = 1.15


class Round(NamedTuple):
    """The cost of a round: seconds of wall time, megabytes at the peak, samples by outcome, descriptors left open."""

    wall_s: float
    peak_mb: float
    up: int
    down: int
    left_open: int


class Servers(NamedTuple):
    """The ports of the servers for measuring, and the authority of their certificates."""

    ports: Mapping[str, int]
    ca: str


Targets = Callable[[Servers], Sequence[ProbeTarget]]


def target(number: int, name: str, timeout_s: int = TIMEOUT_S, **options: Any) -> ProbeTarget:  # noqa: ANN401 (each kind has its own options)
    """Build one check that makes one attempt."""
    kind = load_kind(name)
    made = kind.Options(**options)
    check = CheckConfig(
        f"check-{number}",
        name,
        60,
        Decimal(timeout_s),
        Confirm(1, 0),
        "availability",
        1,
        ("here",),
        made,
        kind.subject(made),
    )
    return ProbeTarget("service", check)


def run_round(targets: Sequence[ProbeTarget]) -> Round:
    """Run a round in this process."""
    samples: list[Sample] = []
    warm_up(each.check.kind for each in targets)
    before = _count_descriptors()
    began = time.monotonic()
    Runner(Policy("here", workers=WORKERS), ThreadedWorld(time.time), samples.extend).once(targets)
    wall_s = time.monotonic() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcomes = [sample.outcome for sample in samples]
    return Round(
        wall_s,
        peak_mb,
        outcomes.count(Outcome.UP),
        outcomes.count(Outcome.DOWN),
        _count_descriptors() - before,
    )


def _count_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def run_apart(module: str) -> Round:
    """Run the round of a module in a process of its own, against servers in another."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as servers:
        where = servers.stdout.readline().strip() if servers.stdout else ""
        command = [sys.executable, "-m", module, where]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        if servers.stdin:
            servers.stdin.close()
    return Round(**json.loads(done.stdout))


def describe(
    what: str, took: Round, quick: bool, *, expected: tuple[int, int], most_mb: int
) -> Iterator[str]:
    """Judge each value by its bound; `expected`: how many checks have to be up, and how many down."""
    ratio = took.wall_s / TIMEOUT_S
    yield (
        f"{what}: {ratio:.2f} x the longest timeout "
        f"(at most {MOST_TIME}): {judge_at_most(ratio, MOST_TIME, quick=quick)}"
    )
    yield (
        f"{what}: {took.peak_mb:.0f} MB (at most {most_mb}): {judge_at_most(took.peak_mb, most_mb, quick=quick)}"
    )
    yield f"{what}: {took.up} up, {took.down} down: {judge((took.up, took.down) == expected)}"
    yield f"{what}: {took.left_open} descriptors left open: {judge(took.left_open == 0)}"


def main(argv: list[str], targets: Targets, measure: Callable[[bool], Iterable[str]]) -> int:
    """Run the round in this process if the servers are given as JSON, otherwise run it apart and report."""
    if argv and argv[0].startswith("{"):
        where = json.loads(argv[0])
        print(json.dumps(run_round(targets(Servers(where["ports"], where["ca"])))._asdict()))
        return 0
    return report(argv, measure)
