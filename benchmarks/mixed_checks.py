"""One round of 1,000 checks of five kinds, half as many hanging as there are workers: `python -m benchmarks.mixed_checks`."""

import sys
from collections.abc import Iterator

from benchmarks import rounds
from benchmarks.rounds import WORKERS, Servers, target
from checks.confirming import ProbeTarget

CHECKS = 1000
HANGING = WORKERS // 2
MOST_MEGABYTES = 150
SHORT_S = 5
"""The timeout of the kinds with one question and one answer; conversations and handshakes have the longest."""


def targets(servers: Servers) -> list[ProbeTarget]:
    """Checks of all kinds in turn; those that hang are spread evenly among the others, and are of every kind over TCP."""
    every = CHECKS // HANGING
    hanging = {number * every for number in range(HANGING)}
    return [_target(number, servers, hangs=number in hanging) for number in range(CHECKS)]


def _target(number: int, servers: Servers, *, hangs: bool) -> ProbeTarget:
    ports = dict.fromkeys(servers.ports, servers.ports["hang"]) if hangs else servers.ports
    here = "127.0.0.1"
    match (number // 31 if hangs else number) % (4 if hangs else 5):
        case 0:
            return target(number, "http", SHORT_S, url=f"http://{here}:{ports['web']}/")
        case 1:
            return target(number, "tcp", SHORT_S, host=here, port=ports["greet"], banner="ready")
        case 2:
            return target(number, "smtp", host=here, port=ports["mail"])
        case 3:
            return target(number, "tls", host=here, port=ports["secure"], ca=servers.ca)
        case _:
            resolvers = (f"{here}:{ports['names']}",)
            return target(number, "dns", SHORT_S, domain="www.maxony.example", resolvers=resolvers)


def measure(quick: bool) -> Iterator[str]:
    """Each ratio with its bound."""
    what = (
        f"{CHECKS} checks of mixed kinds, {HANGING} hanging past 5 or {rounds.TIMEOUT_S} s, {WORKERS} workers"
    )
    took = rounds.run_apart("benchmarks.mixed_checks")
    yield from rounds.describe(
        what, took, quick, expected=(CHECKS - HANGING, HANGING), most_mb=MOST_MEGABYTES
    )


if __name__ == "__main__":
    sys.exit(rounds.main(sys.argv[1:], targets, measure))
