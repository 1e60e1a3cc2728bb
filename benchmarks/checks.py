"""One round of 500 HTTP checks, 25 of which hang past their timeout: `python -m benchmarks.checks`."""

import sys
from collections.abc import Iterator

from benchmarks import rounds
from benchmarks.rounds import Servers, target
from checks.confirming import ProbeTarget

CHECKS = 500
HANGING = 25
MOST_MEGABYTES = 100


def targets(servers: Servers) -> list[ProbeTarget]:
    """Build the checks: those that hang are spread evenly among those that do not."""
    every = CHECKS // HANGING
    ports = [servers.ports["web" if number % every else "hang"] for number in range(CHECKS)]
    return [target(number, "http", url=f"http://127.0.0.1:{port}/") for number, port in enumerate(ports)]


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound."""
    what = f"{CHECKS} HTTP checks, {HANGING} hanging past {rounds.TIMEOUT_S} s, {rounds.WORKERS} workers"
    took = rounds.run_apart("benchmarks.checks")
    yield from rounds.describe(
        what, took, quick, expected=(CHECKS - HANGING, HANGING), most_mb=MOST_MEGABYTES
    )


if __name__ == "__main__":
    sys.exit(rounds.main(sys.argv[1:], targets, measure))
