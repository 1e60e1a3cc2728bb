"""`blocklist` against a name server that plays lists: a refusal or silence is never a listing."""

from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import blocklist
from demo.dns_server import DnsServer
from tests.support.probe_context import format_result, look

KIND: CheckKind[blocklist.Options] = blocklist

LISTS = """
clean.list.           A 127.0.0.1
9.2.0.192.bad.list.   A 127.0.0.4
9.2.0.192.two.list.   A 127.0.0.2
9.2.0.192.two.list.   A 127.0.0.3
1.2.0.192.full.list.  A 127.255.255.254
1.2.0.192.park.list.  A 203.0.113.80
maxony.example.dbl.list. A 127.0.1.2
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bad.list. A 127.0.0.9
"""
TROUBLES: dict[str, Any] = {
    "1.2.0.192.mute.list": "silent",
    "1.2.0.192.sick.list": "servfail",
    "1.2.0.192.no.list": "refused",
}


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    with DnsServer(LISTS, TROUBLES) as running:
        yield running


CASES: list[tuple[tuple[str, ...], tuple[str, ...], str]] = [
    (("192.0.2.1",), ("clean.list", "bad.list"), "up"),
    (("maxony.example",), ("clean.list",), "up"),
    (("192.0.2.9",), ("clean.list", "bad.list"), "down listed 192.0.2.9 on bad.list (127.0.0.4)"),
    (("192.0.2.1", "192.0.2.9"), ("two.list",), "down listed 192.0.2.9 on two.list (127.0.0.2)"),
    (("2001:db8::1",), ("bad.list",), "down listed 2001:db8::1 on bad.list (127.0.0.9)"),
    (("maxony.example",), ("dbl.list",), "down listed maxony.example on dbl.list (127.0.1.2)"),
    (("192.0.2.1",), ("full.list",), "unknown unanswered full.list refuses us (127.255.255.254)"),
    (("192.0.2.1",), ("park.list",), "unknown unanswered park.list gives no code of a list (203.0.113.80)"),
    (("192.0.2.1",), ("mute.list",), "unknown unanswered mute.list (timeout)"),
    (("192.0.2.1",), ("sick.list",), "unknown unanswered sick.list (dns)"),
    (("192.0.2.1",), ("no.list", "clean.list"), "unknown unanswered no.list (dns)"),
    (
        ("192.0.2.1", "192.0.2.9"),
        ("mute.list", "full.list", "bad.list"),
        "down listed 192.0.2.9 on bad.list (127.0.0.4)",
    ),
]


@pytest.mark.parametrize(("targets", "lists", "expected"), CASES)
def test_each_answer_of_a_list_has_its_outcome(
    server: DnsServer, targets: tuple[str, ...], lists: tuple[str, ...], expected: str
) -> None:
    within = 0.6 if "mute.list" in lists else 5
    result = look(blocklist, within=within, targets=targets, lists=lists, resolvers=(server.address,))
    assert format_result(result) == expected


def test_options_with_nothing_to_look_up_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to look up"):
        blocklist.Options(targets=("192.0.2.1",), lists=())
