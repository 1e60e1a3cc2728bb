"""`dmarc` against a real name server: RFC 9989, where a policy is found by walking up the tree."""

from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import dmarc
from demo.dns_server import DnsServer
from tests.support.probe_context import format_result, look

KIND: CheckKind[dmarc.Options] = dmarc

RECORDS = r"""
maxony.example.            A   192.0.2.1
mail.maxony.example.       A   192.0.2.1
_dmarc.maxony.example.     TXT "v=DMARC1\; p=reject\; sp=quarantine\; np=reject\; adkim=s\; rua=mailto:dmarc@maxony.example,mailto:out@reports.example!10m"
_dmarc.maxony.example.     TXT "google-site-verification=thing"
maxony.example._report._dmarc.reports.example. TXT "v=DMARC1"
_dmarc.mild.example.       TXT "v=DMARC1\;p=none"
_dmarc.silent-p.example.   TXT "v=DMARC1\; rua=mailto:a@silent-p.example"
_dmarc.testing.example.    TXT "v=DMARC1\; p=reject\; t=y"
_dmarc.twice.example.      TXT "v=DMARC1\; p=reject"
_dmarc.twice.example.      TXT "v=DMARC1\; p=none"
_dmarc.typo.example.       TXT "v=DMARC1\; p=rejct"
_dmarc.junk.example.       TXT "v=DMARC1\; what is this"
_dmarc.late.example.       TXT "p=reject\; v=DMARC1"
_dmarc.old.example.        TXT "v=DMARC1\; p=reject\; pct=50\; rf=afrf\; ri=86400\; fo=1"
_dmarc.nomail.example.     TXT "v=DMARC1\; p=reject\; rua=https://reports.example/"
_dmarc.away.example.       TXT "v=DMARC1\; p=reject\; rua=mailto:x@elsewhere.example"
_dmarc.both.example.       TXT "v=DMARC1\; p=reject\; rua=https://reports.example/x, mailto:a@both.example"
_dmarc.blanks.example.     TXT "v=DMARC1\; p=reject\; rua=mailto:a@blanks.example mailto:b@blanks.example"
_dmarc.quoted.example.     TXT "v=DMARC1\; p=reject\; rua=\"mailto:a@quoted.example\""
_dmarc.bare.example.       TXT "v=DMARC1\; p=reject\; rua=a@bare.example"
_dmarc.encoded.example.    TXT "v=DMARC1\; p=reject\; rua=MAILTO:a%2Bb@Encoded.Example."
_dmarc.asking.example.     TXT "v=DMARC1\; p=reject\; rua=mailto:a@asking.example?subject=x,\;"
_dmarc.sized.example.      TXT "v=DMARC1\; p=reject\; rua=mailto:a@xn--strae-oqa.sized.example!10m"
_dmarc.kin.example.        TXT "v=DMARC1\; p=reject"
_dmarc.news.kin.example.   TXT "v=DMARC1\; p=reject\; rua=mailto:x@reports.kin.example"
_dmarc.news.stranger.example. TXT "v=DMARC1\; p=reject\; rua=mailto:x@kin.example"
_dmarc.lower.example.      TXT "v=dmarc1\; p=reject"
_dmarc.puzzle.example.     TXT "v=DMARC1\; what is this"
_dmarc.topuzzle.example.   TXT "v=DMARC1\; p=reject\; rua=mailto:x@puzzle.example"
_dmarc.early.example.      TXT " v=DMARC1\; p=reject"
_dmarc.blank.example.      TXT "v=DMARC1 p=reject"
_dmarc.inquotes.example.   TXT "\"v=DMARC1\; p=reject\""
_dmarc.other.example.      TXT "some-verification=dmarc"
_dmarc.unit.example.       TXT "v=DMARC1\; p=reject\; psd=n"
_dmarc.bank.               TXT "v=DMARC1\; p=none\; sp=reject\; psd=y"
_dmarc.org.bank.           TXT "v=DMARC1\; p=quarantine"
www.unit.example.          A   192.0.2.1
a.b.c.d.e.f.g.h.maxony.example. A 192.0.2.1
lonely.bank.               A   192.0.2.1
www.org.bank.              A   192.0.2.1
"""


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    troubles: dict[str, Any] = {"_dmarc.sick.example": "servfail", "_dmarc.mute.example": "silent"}
    with DnsServer(RECORDS, troubles) as running:
        yield running


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("maxony.example", {}, "up"),
    (
        "maxony.example",
        {"policy": "reject", "subdomains": "quarantine", "dkim": "strict", "spf": "relaxed"},
        "up",
    ),
    ("maxony.example", {"reports": ("DMARC@maxony.example", "out@reports.example")}, "up"),
    ("old.example", {"policy": "reject"}, "up"),
    ("mail.maxony.example", {}, "up"),
    ("a.b.c.d.e.f.g.h.maxony.example", {}, "up"),
    ("nobody.maxony.example", {"policy": "reject"}, "up"),
    ("www.unit.example", {"policy": "reject"}, "up"),
    ("www.org.bank", {}, "up"),
    ("lonely.bank", {"policy": "reject"}, "up"),
    ("mail.maxony.example", {"policy": "reject"}, "down record DMARC policy is quarantine"),
    ("maxony.example", {"subdomains": "reject"}, "down record DMARC policy for subdomains is quarantine"),
    ("maxony.example", {"dkim": "relaxed"}, "down record DMARC alignment with DKIM is not relaxed"),
    ("maxony.example", {"spf": "strict"}, "down record DMARC alignment with SPF is not strict"),
    ("mild.example", {}, "down record DMARC policy is none without reports"),
    ("mild.example", {"policy": "none"}, "up"),
    ("silent-p.example", {}, "down record DMARC policy is none"),
    ("testing.example", {"policy": "reject"}, "down record DMARC policy is quarantine while testing"),
    ("testing.example", {}, "up"),
    ("twice.example", {}, "down record 2 DMARC records in one place"),
    ("none.example", {}, "down record no DMARC"),
    ("late.example", {}, "down record no DMARC"),
    ("typo.example", {}, "down record DMARC has a wrong p: 'rejct'"),
    ("junk.example", {}, "down record DMARC has no tag and value in 'what is this'"),
    ("nomail.example", {}, "up"),
    ("both.example", {"reports": ("a@both.example",)}, "up"),
    (
        "blanks.example",
        {},
        "down record DMARC has a wrong rua: 'mailto:a@blanks.example mailto:b@blanks.example'",
    ),
    ("quoted.example", {}, "down record DMARC has a wrong rua: '\"mailto:a@quoted.example\"'"),
    ("bare.example", {}, "down record DMARC has a wrong rua: 'a@bare.example'"),
    ("encoded.example", {"reports": ("A+b@encoded.example",)}, "up"),
    ("asking.example", {"reports": ("a@asking.example",)}, "up"),
    ("sized.example", {"reports": ("a@xn--strae-oqa.sized.example",)}, "up"),
    ("news.kin.example", {}, "up"),
    (
        "news.stranger.example",
        {},
        "down record DMARC reports go to kin.example, which has not agreed to take them",
    ),
    ("lower.example", {}, "down record no DMARC but 'v=dmarc1; p=reject'"),
    (
        "topuzzle.example",
        {},
        "down record DMARC reports go to puzzle.example, which has not agreed to take them",
    ),
    ("early.example", {}, "down record no DMARC but a space and 'v=DMARC1; p=reject'"),
    ("blank.example", {}, "down record no DMARC but 'v=DMARC1 p=reject'"),
    ("inquotes.example", {}, "down record no DMARC but '\"v=DMARC1; p=reject\"'"),
    ("other.example", {}, "down record no DMARC"),
    (
        "away.example",
        {},
        "down record DMARC reports go to elsewhere.example, which has not agreed to take them",
    ),
    (
        "maxony.example",
        {"reports": ("us@maxony.example",)},
        "down record DMARC reports do not go to us@maxony.example",
    ),
    ("sick.example", {}, "down dns servfail"),
    ("mute.example", {}, "down timeout after 0.3 s"),
]


@pytest.mark.parametrize(("domain", "options", "expected"), CASES)
def test_each_record_has_its_outcome(
    server: DnsServer, domain: str, options: dict[str, Any], expected: str
) -> None:
    within = 0.3 if "timeout" in expected else 5
    assert (
        format_result(look(dmarc, within=within, domain=domain, resolvers=(server.address,), **options))
        == expected
    )


def test_tree_walk_makes_at_most_eight_queries(server: DnsServer) -> None:
    """A domain of ten labels: itself, then the last seven and upwards (RFC 9989 4.10)."""
    server.asked.clear()
    look(dmarc, domain="a.b.c.d.e.f.g.h.maxony.example", resolvers=(server.address,))
    asked = [name for name, kind in server.asked if kind == "TXT" and name.startswith("_dmarc.")]
    assert asked[:3] == [
        "_dmarc.a.b.c.d.e.f.g.h.maxony.example",
        "_dmarc.d.e.f.g.h.maxony.example",
        "_dmarc.e.f.g.h.maxony.example",
    ]
    assert len(asked) <= 8
