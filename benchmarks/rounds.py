"""One round of many checks, measured in a process of its own against servers in another."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from checks.confirming import Target
from checks.registry import load_kind, warm_up
from checks.runner import Policy, Runner
from checks.world import ThreadedWorld
from constat.model import CheckConfig, Confirm, Outcome, Sample

TIMEOUT_S = 10
"""The longest timeout of a round."""
WORKERS = 64
MOST_TIME = 1.15


class Round(NamedTuple):
    """What a round took: seconds of wall time, megabytes at the peak, samples by outcome, descriptors left open."""

    wall_s: float
    peak_mb: float
    up: int
    down: int
    left_open: int


class Servers(NamedTuple):
    """Where the servers for measuring listen, and whom their certificates trust."""

    ports: Mapping[str, int]
    ca: str


Targets = Callable[[Servers], Sequence[Target]]


def target(number: int, name: str, timeout_s: int = TIMEOUT_S, **options: Any) -> Target:  # noqa: ANN401 (each kind has its own options)
    """One check with one attempt."""
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
    return Target("service", check)


def measure(targets: Sequence[Target]) -> Round:
    """Run a round in this process."""
    samples: list[Sample] = []
    warm_up(each.check.kind for each in targets)
    before = _descriptors()
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
        _descriptors() - before,
    )


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def apart(module: str) -> Round:
    """The round of a module, in a process of its own, against servers in another."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as servers:
        where = servers.stdout.readline().strip() if servers.stdout else ""
        told = subprocess.run(
            [sys.executable, "-m", module, where], capture_output=True, text=True, check=True
        )
        if servers.stdin:
            servers.stdin.close()
    return Round(**json.loads(told.stdout))


def told(what: str, took: Round, *, checks: int, hanging: int, most_mb: int) -> list[str]:
    """What is printed: each ratio with its bound."""
    ratio = took.wall_s / TIMEOUT_S
    counts = (took.up, took.down) == (checks - hanging, hanging)
    return [
        f"{what}: {ratio:.2f} x the longest timeout (at most {MOST_TIME}): {_well(ratio <= MOST_TIME)}",
        f"{what}: {took.peak_mb:.0f} MB (at most {most_mb}): {_well(took.peak_mb <= most_mb)}",
        f"{what}: {took.up} up, {took.down} down: {_well(counts)}",
        f"{what}: {took.left_open} descriptors left open: {_well(took.left_open == 0)}",
    ]


def _well(holds: bool) -> str:
    return "ok" if holds else "MISSED"


def main(argv: list[str], targets: Targets, lines: Callable[[], list[str]]) -> int:
    """Measure in this process where servers are given, else apart; 1 where a bound is missed."""
    if argv:
        where = json.loads(argv[0])
        print(json.dumps(measure(targets(Servers(where["ports"], where["ca"])))._asdict()))
        return 0
    said = lines()
    print("\n".join(said))
    return int(any(line.endswith("MISSED") for line in said))
