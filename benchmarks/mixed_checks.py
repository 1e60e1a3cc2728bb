"""One round of 1,000 checks of nine kinds, half as many hanging as there are workers: `python -m benchmarks.mixed_checks`."""

import sys
from collections.abc import Callable, Iterator

from benchmarks import rounds
from benchmarks.rounds import WORKERS, Servers, target
from checks.confirming import ProbeTarget
from checks.records.http_steps import Step

HERE = "127.0.0.1"
CHECKS = 1000
HANGING = WORKERS // 2
MOST_MEGABYTES = 150
SHORT_S = 5
"""The timeout of the kinds with one question and one answer; conversations and handshakes have the longest."""


def targets(servers: Servers) -> list[ProbeTarget]:
    """Checks of all kinds in turn; those that hang are spread evenly among the others, and are of every kind that talks to its target."""
    every = CHECKS // HANGING
    hanging = {number * every for number in range(HANGING)}
    return [_target(number, servers, hangs=number in hanging) for number in range(CHECKS)]


def _target(number: int, servers: Servers, *, hangs: bool) -> ProbeTarget:
    if hangs:
        ports = dict.fromkeys(servers.ports, servers.ports["hang"])
        return TARGET_KINDS[number // 31 % len(TARGET_KINDS)](number, servers._replace(ports=ports))
    kinds = (*TARGET_KINDS, *OTHER_KINDS)
    return kinds[number % len(kinds)](number, servers)


def _web(servers: Servers, name: str = "web") -> str:
    return f"http://{HERE}:{servers.ports[name]}/"


TARGET_KINDS: tuple[Callable[[int, Servers], ProbeTarget], ...] = (
    lambda number, at: target(number, "http", SHORT_S, url=_web(at)),
    lambda number, at: target(number, "http", SHORT_S, url=_web(at), steps=(Step(_web(at)),)),
    lambda number, at: target(number, "tcp", SHORT_S, host=HERE, port=at.ports["greet"], banner="ready"),
    lambda number, at: target(number, "smtp", host=HERE, port=at.ports["mail"]),
    lambda number, at: target(number, "tls", host=HERE, port=at.ports["secure"], ca=at.ca),
    lambda number, at: target(
        number, "websocket", SHORT_S, url=f"ws://{HERE}:{at.ports['socket']}/", expect="ready"
    ),
    lambda number, at: target(number, "redis", SHORT_S, host=HERE, port=at.ports["store"]),
)
"""Kinds that are down where their target hangs."""
OTHER_KINDS: tuple[Callable[[int, Servers], ProbeTarget], ...] = (
    lambda number, at: target(
        number, "dns", SHORT_S, domain="www.maxony.example", resolvers=(f"{HERE}:{at.ports['names']}",)
    ),
    lambda number, at: target(
        number, "domain", SHORT_S, domain="maxony.example", server=_web(at, "registry")
    ),
    lambda number, at: target(number, "heartbeat", SHORT_S, url=_web(at, "report"), warn=3600, fail=3600),
)
"""Kinds that ask somebody else about their target. `icmp` is not measured: few machines let everybody ping."""


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
