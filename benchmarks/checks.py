"""One round of 500 HTTP checks, 25 of which hang past their timeout: `python -m benchmarks.checks`."""

import json
import resource
import subprocess
import sys
import time
from decimal import Decimal
from typing import NamedTuple

from checks.confirming import Target
from checks.http import Options
from checks.registry import warm_up
from checks.runner import Policy, Runner
from checks.world import ThreadedWorld
from constat.model import CheckConfig, Confirm, Outcome, Sample

CHECKS = 500
HANGING = 25
TIMEOUT_S = 10
WORKERS = 64
MOST_TIME = 1.15
MOST_MEGABYTES = 100


class Round(NamedTuple):
    """What a round took: seconds of wall time, megabytes at the peak, samples by outcome."""

    wall_s: float
    peak_mb: float
    up: int
    down: int


def _target(number: int, port: int) -> Target:
    hangs = number % (CHECKS // HANGING) == 0
    options = Options(f"http://127.0.0.1:{port}/{'hang' if hangs else 'well'}")
    check = CheckConfig(
        f"check-{number}",
        "http",
        60,
        Decimal(TIMEOUT_S),
        Confirm(1, 0),
        "availability",
        1,
        ("here",),
        options,
    )
    return Target("website", check)


def measure(port: int) -> Round:
    """Run the round in this process."""
    samples: list[Sample] = []
    warm_up(["http"])
    began = time.monotonic()
    runner = Runner(Policy("here", workers=WORKERS), ThreadedWorld(time.time), samples.extend)
    runner.once([_target(number, port) for number in range(CHECKS)])
    wall_s = time.monotonic() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcomes = [sample.outcome for sample in samples]
    return Round(wall_s, peak_mb, outcomes.count(Outcome.UP), outcomes.count(Outcome.DOWN))


def _measured_apart() -> Round:
    """The round in a process of its own, against a server in another."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        port = server.stdout.readline().strip() if server.stdout else ""
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.checks", port], capture_output=True, text=True, check=True
        )
        server.terminate()
    return Round(**json.loads(told.stdout))


def lines() -> list[str]:
    """What is printed: each ratio with its bound."""
    took = _measured_apart()
    ratio = took.wall_s / TIMEOUT_S
    what = f"{CHECKS} HTTP checks, {HANGING} of them hanging past {TIMEOUT_S} s, {WORKERS} workers"
    return [
        f"{what}: {ratio:.2f} x the timeout (at most {MOST_TIME}): {_well(ratio <= MOST_TIME)}",
        f"{what}: {took.peak_mb:.0f} MB (at most {MOST_MEGABYTES}): {_well(took.peak_mb <= MOST_MEGABYTES)}",
        f"{what}: {took.up} up, {took.down} down: {_well((took.up, took.down) == (CHECKS - HANGING, HANGING))}",
    ]


def _well(holds: bool) -> str:
    return "ok" if holds else "MISSED"


def main(argv: list[str]) -> int:
    """Measure in this process where a port is given, else apart; 1 where a bound is missed."""
    if argv:
        print(json.dumps(measure(int(argv[0]))._asdict()))
        return 0
    told = lines()
    print("\n".join(told))
    return int(any(line.endswith("MISSED") for line in told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
