"""`mx` against a real name server and real listeners."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import mx
from checks.probing import Context, Deadline
from demo.dns_server import DnsServer, Trouble
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import HEAR, RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[mx.Options] = mx

RECORDS = """
maxony.example.        MX 10 mail.maxony.example.
mail.maxony.example.   A  127.0.0.1
1.0.0.127.in-addr.arpa. PTR other.maxony.example.
1.0.0.127.in-addr.arpa. PTR mail.maxony.example.
two.example.           MX 20 second.two.example.
two.example.           MX 10 mail.maxony.example.
second.two.example.    A  127.0.0.2
2.0.0.127.in-addr.arpa. PTR second.two.example.
unnamed.example.       MX 10 unnamed.example.
unnamed.example.       A  127.0.0.3
misnamed.example.      MX 10 misnamed.example.
misnamed.example.      A  127.0.0.4
4.0.0.127.in-addr.arpa. PTR mail.maxony.example.
none.example.          A  127.0.0.1
partly.example.        MX 10 lost.partly.example.
partly.example.        MX 20 mail.maxony.example.
null.example.          MX 0 .
alias.example.         MX 10 in.alias.example.
in.alias.example.      CNAME mail.maxony.example.
lost.example.          MX 10 nowhere.lost.example.
half.example.          MX 10 mail.half.example.
mail.half.example.     A  127.0.0.1
mail.half.example.     A  255.255.255.255
far.example.           MX 10 mail.far.example.
mail.far.example.      A  255.255.255.255
"""
GREETING = (b"220 mail.maxony.example ESMTP\r\n", HEAR)


@pytest.fixture(scope="module")
def names() -> Iterator[DnsServer]:
    troubles: dict[str, Trouble] = {"sick.example": "servfail", "mute.example": "silent"}
    with DnsServer(RECORDS, troubles) as running:
        yield running


def describe_look(names: DnsServer, domain: str, *acts: Act, within: float = 5, **options: Any) -> str:
    with ScriptedServer(*(acts or GREETING)) as server:
        options = {"port": server.port, **options}
        return format_result(look(mx, within=within, domain=domain, resolvers=(names.address,), **options))


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("maxony.example", {}, "up"),
    ("maxony.example", {"hosts": ("mail.maxony.example",)}, "up"),
    ("maxony.example", {"hosts": ("mx.maxony.example",)}, "down value MX 'mail.maxony.example'"),
    ("none.example", {"reverse": False}, "up"),
    ("none.example", {"hosts": ("mail.none.example",)}, "down value MX 'none.example'"),
    (
        "partly.example",
        {"reverse": False},
        "degraded record MX names 'lost.partly.example' without an address",
    ),
    ("nobody.example", {}, "down record no MX"),
    ("alias.example", {}, "degraded record MX names 'in.alias.example' which is an alias"),
    ("null.example", {}, "down record MX says that the domain takes no mail"),
    ("lost.example", {}, "down record MX names a host without an address"),
    ("sick.example", {}, "down dns servfail"),
    (
        "unnamed.example",
        {"connect": False},
        "degraded record 127.0.0.3 has no name that leads back to it",
    ),
    (
        "misnamed.example",
        {"connect": False},
        "degraded record 127.0.0.4 has no name that leads back to it",
    ),
    ("unnamed.example", {"connect": False, "reverse": False}, "up"),
]


@pytest.mark.parametrize(("domain", "options", "expected"), CASES)
def test_each_record_has_its_outcome(
    names: DnsServer, domain: str, options: dict[str, Any], expected: str
) -> None:
    assert describe_look(names, domain, **options) == expected


FAILURES: dict[str, tuple[tuple[Act, ...], str]] = {
    "silence": ((SILENCE,), "down timeout after 0.4 s"),
    "a trickle": ((Trickle(b"220 " + b"x" * 99),), "down timeout after 0.4 s"),
    "closes": ((b"",), "down closed"),
    "torn down": ((RESET,), "down reset"),
    "refuses": ((b"554 go away\r\n",), "down status to greeting '554 go away'"),
    "busy": ((b"421 later\r\n",), "down status to greeting '421 later'"),
    "another protocol": ((b"SSH-2.0-x\r\n",), "down status to greeting 'SSH-2.0-x'"),
    "junk": ((b"\xff\x00\r\n",), "down status to greeting '\ufffd?'"),
}


@pytest.mark.parametrize(("acts", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_each_failure_to_greet_has_its_reason(names: DnsServer, acts: tuple[Act, ...], expected: str) -> None:
    within = 0.4 if "timeout" in expected else 5
    assert describe_look(names, "maxony.example", *acts, within=within) == expected


def test_closed_port_is_refused(names: DnsServer) -> None:
    with hold_closed_port() as port:
        assert describe_look(names, "maxony.example", port=port) == "down refused"


def test_one_host_of_two_is_degraded(names: DnsServer) -> None:
    """The script listens on 127.0.0.1 only, so the second host refuses."""
    assert describe_look(names, "two.example") == "degraded refused"


@pytest.mark.parametrize(("domain", "expected"), [("half.example", "up"), ("far.example", "unknown route")])
def test_unroutable_address_is_ignored(names: DnsServer, domain: str, expected: str) -> None:
    """There is no route to the broadcast address: the other address decides; without one the outcome is unknown."""
    assert describe_look(names, domain, reverse=False) == expected


def test_blocked_port_is_not_connected_to(names: DnsServer) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(hold_closed_port())
        options = mx.Options(domain="maxony.example", resolvers=(names.address,), port=port)
        result = mx.probe(options, Context(Deadline(5), now=0, blocked=(port,)))
    assert format_result(result) == "up"
    assert not [step for step in result.steps if step.name.startswith("greet")]
