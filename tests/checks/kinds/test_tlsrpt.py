"""`tlsrpt` against a real name server."""

from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import tlsrpt
from demo.dns_server import DnsServer
from tests.support.probe_context import format_result, look

KIND: CheckKind[tlsrpt.Options] = tlsrpt

TEXTS = {
    "maxony": ["v=TLSRPTv1\\; rua=mailto:TLS@maxony.example,https://reports.example/v1\\;", "something else"],
    "twice": ["v=TLSRPTv1\\; rua=mailto:a@twice.example", "v=TLSRPTv1\\; rua=mailto:b@twice.example"],
    "late": [" v=TLSRPTv1\\; rua=mailto:a@late.example"],
    "norua": ["v=TLSRPTv1\\;"],
    "bare": ["v=TLSRPTv1\\; rua=a@bare.example"],
    "plain": ["v=TLSRPTv1\\; rua=http://plain.example/"],
    "junk": ["v=TLSRPTv1\\; what is this"],
}
ZONE = "\n".join(
    f'_smtp._tls.{name}.example. TXT "{text}"' for name, texts in TEXTS.items() for text in texts
)


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    with DnsServer(
        ZONE, {"_smtp._tls.sick.example": "servfail", "_smtp._tls.mute.example": "silent"}
    ) as running:
        yield running


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("maxony.example", {}, "up"),
    ("maxony.example", {"reports": ("tls@maxony.example",)}, "up"),
    (
        "maxony.example",
        {"reports": ("us@maxony.example",)},
        "down record TLSRPT reports do not go to us@maxony.example",
    ),
    ("nobody.example", {}, "down record no TLSRPT"),
    ("twice.example", {}, "down record 2 TLSRPT records in one place"),
    ("late.example", {}, "down record no TLSRPT but 'v=TLSRPTv1; rua=mailto:a@late.example'"),
    ("norua.example", {}, "down record TLSRPT has a wrong rua: ''"),
    ("bare.example", {}, "down record TLSRPT has a wrong rua: 'a@bare.example'"),
    ("plain.example", {}, "down record TLSRPT has a wrong rua: 'http://plain.example/'"),
    ("junk.example", {}, "down record TLSRPT has no tag and value in 'what is this'"),
    ("sick.example", {}, "down dns servfail"),
    ("mute.example", {}, "down timeout after 0.3 s"),
]


@pytest.mark.parametrize(("domain", "options", "expected"), CASES)
def test_each_record_has_its_outcome(
    server: DnsServer, domain: str, options: dict[str, Any], expected: str
) -> None:
    within = 0.3 if "timeout" in expected else 5
    assert (
        format_result(look(tlsrpt, within=within, domain=domain, resolvers=(server.address,), **options))
        == expected
    )
