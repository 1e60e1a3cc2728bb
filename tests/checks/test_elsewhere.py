"""From Globalping results to an outcome, for one probe and for all probes at one place."""

from dataclasses import fields
from typing import Any

import pytest

from checks.elsewhere.asking import ask_elsewhere
from checks.elsewhere.judging import join, judge
from checks.probing import Context, Deadline
from checks.registry import load_kind
from constat.config.globalping_rules import OPTIONS_BY_KIND
from constat.config.loading import load_options
from constat.text.yaml_source import read_yaml_at
from tests.support.globalping_api import (
    make_dns_result,
    make_empty_result,
    make_http_result,
    make_ping_result,
)

HTTP = "kind: http, url: 'https://www.maxony.example/shop?from=status', follow_redirects: false"
FAILED, OFFLINE = make_empty_result("failed"), make_empty_result("offline")


def read_check(text: str) -> tuple[str, Any]:
    """The kind of a check and its options, from the inside of its braces."""
    data: Any = read_yaml_at(f"{{{text}}}", "status.yml").data
    kind = data.pop("kind")
    return kind, load_options(kind, load_kind(kind), data)


ASKED: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        HTTP,
        "http",
        "www.maxony.example",
        {
            "protocol": "HTTPS",
            "port": 443,
            "request": {"method": "GET", "path": "/shop", "query": "from=status", "headers": {}},
        },
    ),
    (
        "kind: http, url: 'http://203.0.113.7:8080', method: HEAD, ip: 4, headers: {Host: maxony.example, Accept: text/html}",
        "http",
        "203.0.113.7",
        {
            "protocol": "HTTP",
            "port": 8080,
            "request": {
                "method": "HEAD",
                "path": "/",
                "headers": {"Accept": "text/html"},
                "host": "maxony.example",
            },
        },
    ),
    (
        "kind: tcp, host: maxony.example, port: 25, ip: 6",
        "ping",
        "maxony.example",
        {"protocol": "TCP", "port": 25, "packets": 3, "ipVersion": 6},
    ),
    ("kind: icmp, host: maxony.example, packets: 4", "ping", "maxony.example", {"packets": 4}),
    (
        "kind: dns, domain: maxony.example, type: MX, resolvers: ['[2001:db8::1]:5353'], protocol: tcp",
        "dns",
        "maxony.example",
        {"query": {"type": "MX"}, "protocol": "TCP", "resolver": "2001:db8::1", "port": 5353},
    ),
]


@pytest.mark.parametrize("kind", OPTIONS_BY_KIND)
def test_only_supported_options_validate(kind: str) -> None:
    assert OPTIONS_BY_KIND[kind] <= {each.name for each in fields(load_kind(kind).Options)}
    checks = [*(each[0] for each in ASKED), *(each[0] for each in CASES)]
    assert {read_check(check)[0] for check in checks} == set(OPTIONS_BY_KIND)


@pytest.mark.parametrize(("check", "kind", "target", "options"), ASKED)
def test_check_becomes_a_measurement_request(
    check: str, kind: str, target: str, options: dict[str, Any]
) -> None:
    assert ask_elsewhere(*read_check(check)) == (kind, target, options)


CASES: list[tuple[str, list[Any], tuple[str, ...]]] = [
    (
        HTTP,
        [make_http_result(503), make_http_result(503), make_http_result()],
        ("down", "120", "status 503 (2 of 3 probes)"),
    ),
    (HTTP, [make_http_result(503), make_http_result(), make_http_result()], ("up", "120", "")),
    (HTTP, [make_http_result(503), make_http_result()], ("up", "120", "")),
    (
        HTTP,
        [make_http_result(authorized=False, error="CERT_HAS_EXPIRED")],
        ("down", "120", "tls 'CERT_HAS_EXPIRED'"),
    ),
    (f"{HTTP}, verify: false", [make_http_result(authorized=False)], ("up", "120", "")),
    (f"{HTTP}, degraded_above: 100ms", [make_http_result()], ("degraded", "120", "slow 120 ms")),
    (HTTP, [FAILED, FAILED, FAILED], ("unknown", "0", "unanswered Globalping's probe failed")),
    (
        HTTP,
        [OFFLINE, make_http_result(503), make_http_result(503)],
        ("down", "120", "status 503 (2 of 2 probes)"),
    ),
    (
        HTTP,
        [FAILED, OFFLINE, make_http_result(503)],
        ("unknown", "0", "unanswered Globalping's probe failed"),
    ),
    (HTTP, [], ("unknown", "0", "unanswered Globalping has no probe there")),
    *(
        (HTTP, [odd], ("unknown", "0", "unanswered Globalping does not answer as documented"))
        for odd in (
            None,
            {"status": "finished"},
            {"status": ["finished"]},
            make_http_result() | {"timings": {"total": -1}},
            make_http_result() | {"timings": {"total": float("inf")}},
            make_http_result() | {"statusCode": None},
            make_http_result()
            | {"tls": None},  # the check wants a certificate verified, and nobody says whether it was
        )
    ),
    ("kind: tcp, host: maxony.example, port: 25", [make_ping_result(12.4, 11)], ("up", "11", "")),
    (
        "kind: tcp, host: maxony.example, port: 25",
        [make_ping_result()],
        ("down", "0", "timeout no connection"),
    ),
    (
        "kind: icmp, host: maxony.example",
        [make_ping_result(9, sent=5)],
        ("degraded", "9", "loss 4 of 5 packets"),
    ),
    ("kind: icmp, host: maxony.example", [make_ping_result(sent=5)], ("down", "0", "loss 5 of 5 packets")),
    (
        "kind: dns, domain: maxony.example, expect: [203.0.113.7]",
        [make_dns_result("203.0.113.7")],
        ("up", "18", ""),
    ),
    (
        "kind: dns, domain: maxony.example",
        [make_dns_result(code=3, name="NXDOMAIN")],
        ("down", "18", "dns no such name"),
    ),
    (
        "kind: dns, domain: maxony.example",
        [make_dns_result(code=2, name="SERVFAIL")],
        ("down", "18", "dns 'SERVFAIL'"),
    ),
    (
        "kind: dns, domain: maxony.example",
        [make_dns_result(code=5, name="REFUSED")],
        ("unknown", "0", "resolver that of Globalping's probe"),
    ),
    (
        "kind: dns, domain: maxony.example, type: TXT, expect: ['v=spf1 -all']",
        [make_dns_result('"v=spf1" " -all"', kind="TXT")],
        ("up", "18", ""),
    ),
    (
        "kind: dns, domain: maxony.example, type: MX, expect: ['10 mx.maxony.example']",
        [make_dns_result("20 mx.maxony.example.", kind="MX")],
        ("down", "18", "value MX '20 mx.maxony.example'"),
    ),
]


@pytest.mark.parametrize(("check", "results", "row"), CASES)
def test_probe_results_become_an_outcome(check: str, results: list[Any], row: tuple[str, ...]) -> None:
    kind, options = read_check(check)
    context = Context(Deadline(10.0), now=0, vantage="frankfurt")
    outcome, latency_ms, reason, _ = join([judge(kind, options, each, context) for each in results])
    assert (outcome.value, str(latency_ms), reason) == row
