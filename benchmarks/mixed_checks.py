"""One round of 1,000 checks of every network kind, of which 32, half the number of workers, hang: `python -m benchmarks.mixed_checks`."""

import socket
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from benchmarks import rounds
from benchmarks.rounds import TIMEOUT_S, WORKERS, Servers, target
from checks.confirming import ProbeTarget
from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.records.http_steps import Step

HERE = "127.0.0.1"
CHECKS = 1000
HANGING = WORKERS // 2
MOST_MEGABYTES = 150
SHORT_S = 5
"""The timeout of kinds that ask one question; conversations and handshakes have `TIMEOUT_S`."""


def targets(servers: Servers) -> list[ProbeTarget]:
    """Build checks of all kinds in turn. Those that hang are spread evenly, and cover every kind that talks to its target."""
    every = CHECKS // HANGING
    hanging = {number * every for number in range(HANGING)}
    return [_build_target(number, servers, hangs=number in hanging) for number in range(CHECKS)]


def _build_target(number: int, servers: Servers, *, hangs: bool) -> ProbeTarget:
    if hangs:
        ports = dict.fromkeys(servers.ports, servers.ports["hang"])
        return TARGET_KINDS[number // 31 % len(TARGET_KINDS)](number, servers._replace(ports=ports))
    kinds = (*TARGET_KINDS, *list_other_kinds())
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
    lambda number, at: target(
        number, "postgres", SHORT_S, host=HERE, port=at.ports["database"], username="u", expect="1"
    ),
    lambda number, at: target(number, "grpc", SHORT_S, host=HERE, port=at.ports["health"], tls=False),
    lambda number, at: target(number, "mqtt", SHORT_S, host=HERE, port=at.ports["broker"]),
    lambda number, at: target(
        number, "proxy", SHORT_S, host=HERE, port=at.ports["proxy"], target=HERE, banner="ready"
    ),
    lambda number, at: target(number, "smpp", host=HERE, port=at.ports["gateway"], system_id="u"),
    lambda number, at: target(
        number,
        "mail",
        smtp=SmtpServer(HERE, at.ports["mail"]),
        imap=ProbedMailServer(HERE, at.ports["mailbox"]),
        sender="a@maxony.example",
        recipient="b@maxony.example",
    ),
)
"""Kinds that are down where their target hangs."""


_PORTS = ("port", "policy_port")
"""Options whose value here is the name of a server, which becomes its port."""


def _of_domain(
    name: str,
    timeout_s: int = TIMEOUT_S,
    **options: Any,  # noqa: ANN401 (each kind has its own options)
) -> Callable[[int, Servers], ProbeTarget]:
    """Return a maker of checks of what the DNS says of a domain; options that name a port are looked up."""

    def make(number: int, at: Servers) -> ProbeTarget:
        asked = {key: at.ports[value] if key in _PORTS else value for key, value in options.items()}
        if name in ("mtasts", "bimi"):
            asked["ca"] = at.ca
        resolvers = (f"{HERE}:{at.ports['names']}",)
        return target(
            number, name, timeout_s, **{"domain": "maxony.example", "resolvers": resolvers, **asked}
        )

    return make


RECORD_KINDS: tuple[Callable[[int, Servers], ProbeTarget], ...] = (
    lambda number, at: target(
        number,
        "blocklist",
        targets=("192.0.2.1",),
        lists=("list.example",),
        resolvers=(f"{HERE}:{at.ports['names']}",),
    ),
    _of_domain("mx", port="mail"),
    _of_domain("spf"),
    _of_domain("dkim", selector="s"),
    _of_domain("dmarc"),
    _of_domain("tlsrpt"),
    _of_domain("mtasts", policy_port="policy", port="sealed mail"),
    _of_domain("dane", port="sealed mail"),
    _of_domain("bimi"),
)
"""Kinds that look at mail records. They run once an hour by default, so together they count as one kind."""
OTHER_KINDS: tuple[Callable[[int, Servers], ProbeTarget], ...] = (
    _of_domain("dns", SHORT_S, domain="www.maxony.example"),
    lambda number, at: target(
        number, "domain", SHORT_S, domain="maxony.example", server=_web(at, "registry")
    ),
    lambda number, at: target(number, "heartbeat", SHORT_S, url=_web(at, "report"), warn=3600, fail=3600),
    lambda number, at: RECORD_KINDS[number // 17 % len(RECORD_KINDS)](number, at),
)
"""Kinds that do not talk to their target directly. `icmp` joins them where this machine allows pings."""


def list_other_kinds() -> tuple[Callable[[int, Servers], ProbeTarget], ...]:
    """List the other kinds, with `icmp` where this machine allows it."""
    if not _may_ping():
        return OTHER_KINDS
    return (*OTHER_KINDS, lambda number, _: target(number, "icmp", SHORT_S, host=HERE, packets=1))


@cache
def _may_ping() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        return False
    return True


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound."""
    what = f"{CHECKS} checks of mixed kinds, {HANGING} hanging past 5 or {TIMEOUT_S} s, {WORKERS} workers"
    took = rounds.run_apart("benchmarks.mixed_checks")
    yield from rounds.describe(
        what, took, quick, expected=(CHECKS - HANGING, HANGING), most_mb=MOST_MEGABYTES
    )


if __name__ == "__main__":
    sys.exit(rounds.main(sys.argv[1:], targets, measure))
