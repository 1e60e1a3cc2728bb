"""`dns` against a real name server on loopback, and against servers that are not name servers."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import dns
from checks.network.dns_client import Lookups, SystemResolver
from checks.probing import Context, Deadline
from checks.reasons import Trouble
from constat.config.fields.network_fields import parse_name_server
from demo.dns_server import DnsServer
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[dns.Options] = dns

ZONE = """
www.maxony.example.   A     192.0.2.1
www.maxony.example.   A     192.0.2.2
www.maxony.example.   AAAA  2001:db8::1
web.maxony.example.   CNAME www.maxony.example.
sharp.maxony.example. CNAME xn--strae-oqa.example.
maxony.example.       MX    10 mail.maxony.example.
maxony.example.       NS    ns1.maxony.example.
maxony.example.       CAA   0 issue "ca.example"
maxony.example.       TXT   "v=spf1 " "-all"
broken.maxony.example. A    192.0.2.9
long.maxony.example.  TXT   "found by TCP"
"""
TROUBLES: dict[str, Any] = {
    "servfail.maxony.example": "servfail",
    "refused.maxony.example": "refused",
    "silent.maxony.example": "silent",
    "junk.maxony.example": "junk",
    "long.maxony.example": "truncated",
    "other.maxony.example": "wrong_id",
}


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    with DnsServer(ZONE, TROUBLES) as running:
        yield running


ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"domain": "www.maxony.example"}, "up"),
    ({"domain": "www.maxony.example", "protocol": "tcp"}, "up"),
    ({"domain": "www.maxony.example", "expect": ("192.0.2.1",)}, "up"),
    ({"domain": "www.maxony.example", "expect": ("192.0.2.1", "192.0.2.2"), "match": "exactly"}, "up"),
    ({"domain": "www.maxony.example", "expect": ("192.0.2.7", "192.0.2.2"), "match": "any"}, "up"),
    ({"domain": "web.maxony.example", "expect": ("192.0.2.1",)}, "up"),
    ({"domain": "web.maxony.example", "type": "CNAME", "expect": ("WWW.maxony.example.",)}, "up"),
    ({"domain": "sharp.maxony.example", "type": "CNAME", "expect": ("straße.example",)}, "up"),
    ({"domain": "www.maxony.example", "type": "AAAA", "expect": ("2001:DB8:0::1",)}, "up"),
    ({"domain": "maxony.example", "type": "MX", "expect": ("10 mail.maxony.example",)}, "up"),
    ({"domain": "maxony.example", "type": "TXT", "expect": ("v=spf1 -all",)}, "up"),
    ({"domain": "maxony.example", "type": "CAA", "expect": ('0 issue "ca.example"',)}, "up"),
    ({"domain": "nobody.maxony.example", "absent": True}, "up"),
    ({"domain": "long.maxony.example", "type": "TXT", "expect": ("found by TCP",)}, "up"),
    ({"domain": "nobody.maxony.example"}, "down dns no such name"),
    ({"domain": "servfail.maxony.example"}, "down dns servfail"),
    ({"domain": "refused.maxony.example"}, "down dns refused"),
    ({"domain": "www.maxony.example", "absent": True}, "down value the name exists"),
    ({"domain": "www.maxony.example", "type": "MX"}, "down value no MX record"),
    ({"domain": "www.maxony.example", "expect": ("192.0.2.7",)}, "down value A '192.0.2.1 192.0.2.2'"),
    (
        {"domain": "www.maxony.example", "expect": ("192.0.2.1",), "match": "exactly"},
        "down value A '192.0.2.1 192.0.2.2'",
    ),
    (
        {"domain": "www.maxony.example", "expect": ("192.0.2.7", "192.0.2.8"), "match": "any"},
        "down value A '192.0.2.1 192.0.2.2'",
    ),
    ({"domain": "maxony.example", "type": "TXT", "expect": ("V=SPF1 -all",)}, "down value TXT 'v=spf1 -all'"),
    ({"domain": "www.maxony.example", "dnssec": True}, "down value not validated by DNSSEC"),
    ({"domain": "junk.maxony.example", "protocol": "tcp"}, "down dns malformed answer"),
    ({"domain": "silent.maxony.example"}, "down timeout after 0.3 s"),
    ({"domain": "silent.maxony.example", "protocol": "tcp"}, "down dns malformed answer"),
    ({"domain": f"{'x' * 63}.{'x' * 63}.{'x' * 63}.{'x' * 63}.example"}, "down dns malformed name or answer"),
    ({"domain": "junk.maxony.example"}, "down timeout after 0.3 s"),
    ({"domain": "other.maxony.example"}, "down timeout after 0.3 s"),
]


@pytest.mark.parametrize(("options", "expected"), ANSWERS)
def test_each_answer_has_its_outcome(server: DnsServer, options: dict[str, Any], expected: str) -> None:
    within = 0.3 if "timeout" in expected else 5
    result = look(dns, within=within, resolvers=(server.address,), **options)
    assert format_result(result) == expected
    assert result.latency_ms < (within + 3) * 1000


def _length(client: Any) -> None:
    """Promise more than is sent."""
    client.sendall(struct.pack("!H", 500) + b"\0" * 20)


TCP_FAILURES: dict[str, tuple[tuple[Act, ...], str]] = {
    "silence": ((SILENCE,), "down timeout after 0.3 s"),
    "a trickle": ((Trickle(struct.pack("!H", 500) + b"\0" * 99),), "down timeout after 0.3 s"),
    "half a message": ((_length, SILENCE), "down timeout after 0.3 s"),
    "half a message, then closed": ((_length,), "down dns malformed answer"),
    "closed": ((), "down dns malformed answer"),
    "torn down": ((lambda client: client.recv(9), RESET), "down reset"),
    "junk": ((b"\xff" * 99, SILENCE), "down timeout after 0.3 s"),
    "no message": ((b"\x00\x05hello",), "down dns malformed answer"),
}


@pytest.mark.parametrize(("acts", "expected"), TCP_FAILURES.values(), ids=TCP_FAILURES.keys())
def test_each_failure_of_tcp_has_its_reason(acts: tuple[Act, ...], expected: str) -> None:
    within = 0.3 if "timeout" in expected else 5
    with ScriptedServer(*acts) as server:
        resolver = f"127.0.0.1:{server.port}"
        result = look(dns, within=within, domain="www.maxony.example", protocol="tcp", resolvers=(resolver,))
    assert format_result(result) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        resolvers = (f"127.0.0.1:{port}",)
        result = look(dns, domain="www.maxony.example", protocol="tcp", resolvers=resolvers)
    assert format_result(result) == "down refused"


def test_next_resolver_is_asked_if_one_fails(server: DnsServer) -> None:
    with DnsServer("", {"www.maxony.example": "servfail"}) as failing:
        resolvers = (failing.address, server.address)
        assert format_result(look(dns, domain="www.maxony.example", resolvers=resolvers)) == "up"


def test_a_validated_answer_is_up() -> None:
    with DnsServer(ZONE, authenticated=True) as server:
        result = look(dns, domain="www.maxony.example", resolvers=(server.address,), dnssec=True)
    assert format_result(result) == "up"
    assert result.steps[0].name == "dns A www.maxony.example"
    assert result.steps[0].detail == "192.0.2.1, 192.0.2.2"


@pytest.mark.parametrize(("answers", "expected"), [(True, "timeout"), (False, "resolver does not answer")])
def test_timeout_is_unknown_if_our_own_resolver_is_dead(tmp_path: Path, answers: bool, expected: str) -> None:
    """With the system's resolvers, a timeout is the domain's fault only if they answer anything at all."""
    configuration = tmp_path / "resolv.conf"
    configuration.write_text("nameserver 127.9.9.9\n")
    system = SystemResolver(str(configuration), lambda _seconds: answers)
    lookups = Lookups(Context(Deadline(0.3), now=0), system=system)
    with pytest.raises((Trouble, TimeoutError)) as raised:
        lookups.ask("www.maxony.example", "A")
    assert (str(raised.value) or "timeout") == expected


def test_missing_resolver_configuration_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="resolver none is configured"):
        Lookups(Context(Deadline(1), now=0), system=SystemResolver(str(tmp_path / "missing")))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1:53"),
        ("192.0.2.1:5353", "192.0.2.1:5353"),
        ("2001:DB8::1", "[2001:db8::1]:53"),
        ("[2001:db8::1]", "[2001:db8::1]:53"),
        ("[2001:db8::1]:5353", "[2001:db8::1]:5353"),
    ],
)
def test_a_name_server_is_an_address_with_or_without_a_port(text: str, address: str) -> None:
    assert parse_name_server(text) == address


@pytest.mark.parametrize(
    "text", ["dns.example", "192.0.2.1:0", "192.0.2.1:99999", "[192.0.2", "192.0.2.1.1", ""]
)
def test_invalid_name_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a name server"):
        parse_name_server(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"absent": True, "expect": ("192.0.2.1",)}, "absent has no values"),
        ({"match": "exactly"}, "exactly without any value"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dns.Options(domain="maxony.example", **options)
