"""`spf` against a real name server, and its results against another implementation's (pyspf)."""

import ipaddress
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checks.contract import CheckKind
from checks.kinds import spf
from checks.network.dns_client import Lookups
from checks.probing import Context, Deadline
from checks.records.spf_evaluation import Cost, Sender, Zone, check_host, expand
from checks.records.spf_record import SpfError, parse_spf
from demo.dns_server import DnsServer
from tests.support.effort import scale_tries
from tests.support.probe_context import format_result, look

KIND: CheckKind[spf.Options] = spf


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its docstrings hold backslashes
    import spf as pyspf

RECORDS = """
good.example.        TXT "v=spf1 ip4:192.0.2.0/28 include:_spf.relay.example mx -all"
good.example.        TXT "another=text"
good.example.        MX 10 mail.good.example.
mail.good.example.   A 192.0.2.77
mail.good.example.   AAAA 2001:db8::77
_spf.relay.example.  TXT "v=spf1 ip4:198.51.100.7 a:out.relay.example ~all"
out.relay.example.   A 198.51.100.9
moved.example.       TXT "v=spf1 redirect=good.example"
split.example.       TXT "v=spf1 ip4:192.0.2.1 " "-all"
plain.example.       A 192.0.2.1
twice.example.       TXT "v=spf1 -all"
twice.example.       TXT "v=spf1 mx -all"
open.example.        TXT "v=spf1 +all"
joined.example.      TXT "v=spf1" "include:good.example" "-all"
early.example.       TXT " v=spf1 -all"
tab.example.         TXT "v=spf1\\009ip4:192.0.2.1 -all"
semi.example.        TXT "v=spf1\\; -all"
inquotes.example.    TXT "\\"v=spf1 -all\\""
endless.example.     TXT "v=spf1 ip4:192.0.2.1"
circle.example.      TXT "v=spf1 include:loop.example -all"
loop.example.        TXT "v=spf1 include:circle.example -all"
broken.example.      TXT "v=spf1 ipv4:192.0.2.1 -all"
wrong.example.       TXT "v=spf1 ip4:192.0.2.300 -all"
macro.example.       TXT "v=spf1 exists:%{i}.ok.example -all"
192.0.2.5.ok.example. A 127.0.0.2
dangling.example.    TXT "v=spf1 include:nothing.example -all"
voids.example.       TXT "v=spf1 a:no1.example a:no2.example a:no3.example -all"
many.example.        TXT "v=spf1 include:m1.example include:m2.example -all"
m1.example.          TXT "v=spf1 a:a1.many a:a1.many a:a1.many a:a1.many a:a1.many -all"
m2.example.          TXT "v=spf1 a:a1.many a:a1.many a:a1.many a:a1.many -all"
a1.many.             A 192.0.2.1
lookups.example.     TXT "v=spf1 include:sick.example -all"
names.example.       TXT "v=spf1 ptr -all"
9.2.0.192.in-addr.arpa. PTR host.names.example.
host.names.example.  A 192.0.2.9
"""
TROUBLES: dict[str, Any] = {"sick.example": "servfail", "mute.example": "silent", "no.example": "refused"}


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    with DnsServer(RECORDS, TROUBLES) as running:
        yield running


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("good.example", {}, "up"),
    ("good.example", {"allows": ("192.0.2.0/28", "198.51.100.7", "198.51.100.9", "192.0.2.77")}, "up"),
    ("good.example", {"allows": ("2001:db8::77",)}, "up"),
    ("moved.example", {"allows": ("192.0.2.3",)}, "up"),
    ("split.example", {"allows": ("192.0.2.1",)}, "up"),
    ("macro.example", {"allows": ("192.0.2.5",)}, "up"),
    ("names.example", {"allows": ("192.0.2.9",)}, "up"),
    ("endless.example", {"ends": ("?all",)}, "up"),
    ("good.example", {"allows": ("192.0.2.16",)}, "down record SPF gives 192.0.2.16 fail"),
    ("good.example", {"allows": ("192.0.2.8/29", "198.51.100.8")}, "down record SPF gives 198.51.100.8 fail"),
    ("macro.example", {"allows": ("192.0.2.6",)}, "down record SPF gives 192.0.2.6 fail"),
    ("endless.example", {}, "down record SPF ends in ?all"),
    ("open.example", {}, "down record SPF ends in +all"),
    ("good.example", {"ends": ("~all",)}, "down record SPF ends in -all"),
    ("plain.example", {}, "down record no SPF"),
    ("nobody.example", {}, "down record no SPF"),
    (
        "joined.example",
        {},
        "down record SPF needs one space after v=spf1 in 'v=spf1include:good.example-all'",
    ),
    ("early.example", {}, "down record SPF begins with a space in 'v=spf1 -all'"),
    ("tab.example", {}, "down record SPF needs one space after v=spf1 in 'v=spf1 ip4:192.0.2.1 -all'"),
    ("semi.example", {}, "down record SPF needs one space after v=spf1 in 'v=spf1; -all'"),
    ("inquotes.example", {}, "down record SPF does not begin with v=spf1 in '\"v=spf1 -all\"'"),
    ("twice.example", {}, "down record SPF has 2 records 'twice.example'"),
    ("circle.example", {}, "down record SPF refers to itself 'circle.example'"),
    ("broken.example", {}, "down record SPF has an unknown term 'ipv4:192.0.2.1'"),
    ("wrong.example", {}, "down record SPF has an invalid term 'ip4:192.0.2.300'"),
    ("dangling.example", {}, "down record SPF refers to a domain without a record 'nothing.example'"),
    ("voids.example", {}, "down record SPF looks up 3 names without an answer; 2 are allowed"),
    ("many.example", {}, "down record SPF needs 11 look-ups; 10 are allowed"),
    ("lookups.example", {}, "down dns servfail"),
    ("no.example", {}, "down dns refused"),
    ("mute.example", {}, "down timeout after 0.3 s"),
]


@pytest.mark.parametrize(("domain", "options", "expected"), CASES)
def test_each_record_has_its_outcome(
    server: DnsServer, domain: str, options: dict[str, Any], expected: str
) -> None:
    within = 0.3 if "timeout" in expected else 5
    assert (
        format_result(look(spf, within=within, domain=domain, resolvers=(server.address,), **options))
        == expected
    )


def test_each_include_is_listed_with_its_lookups(server: DnsServer) -> None:
    result = look(spf, domain="good.example", resolvers=(server.address,), allows=("198.51.100.9",))
    told = [f"{step.name}: {step.detail}" for step in result.steps if step.name.startswith("spf")]
    assert told == [
        "spf _spf.relay.example: 1 look-ups; v=spf1 ip4:198.51.100.7 a:out.relay.example ~all",
        "spf good.example: 3 look-ups; v=spf1 ip4:192.0.2.0/28 include:_spf.relay.example mx -all",
        "spf 198.51.100.9: pass after 2 look-ups",
    ]


def test_each_query_is_made_once(server: DnsServer) -> None:
    server.asked.clear()
    look(spf, domain="good.example", resolvers=(server.address,), allows=("192.0.2.77", "198.51.100.9"))
    assert len(server.asked) == len(set(server.asked))


def test_oversized_address_range_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        spf.Options(domain="good.example", allows=("10.0.0.0/8",))


@pytest.mark.parametrize(
    ("text", "what", "quoted"),
    [
        ("v=spf1 include -all", "has an invalid term", "include"),
        ("v=spf1 include: -all", "has no domain", "include:"),
        ("v=spf1 a:/24", "has an invalid term", "a:/24"),
        ("v=spf1 a/33", "has an invalid term", "a/33"),
        ("v=spf1 a//129", "has an invalid term", "a//129"),
        ("v=spf1 mx/024", "has no domain", "mx/024"),
        ("v=spf1 all:x", "has an invalid term", "all:x"),
        ("v=spf1 ip4", "has an invalid term", "ip4"),
        ("v=spf1 ip4:192.0.2.1/33", "has an invalid term", "ip4:192.0.2.1/33"),
        ("v=spf1 ip6:192.0.2.1", "has an invalid term", "ip6:192.0.2.1"),
        ("v=spf1 redirect=a.example redirect=b.example", "has redirect twice", ""),
        ("v=spf1 exists:%{x}.example", "has an invalid macro", "exists:%{x}.example"),
        ("v=spf1 exists:%(i).example", "has an invalid macro", "exists:%(i).example"),
        ("v=spf1 include:localhost", "has no domain", "include:localhost"),
        ("v=spf1 include:192.0.2.1", "has no domain", "include:192.0.2.1"),
        ("v=spf1 ¿", "has an unknown term", "¿"),
    ],
)
def test_invalid_term_is_named(text: str, what: str, quoted: str) -> None:
    with pytest.raises(SpfError) as raised:
        parse_spf(text)
    assert (raised.value.what, raised.value.text) in ((what, quoted), ("has an invalid term", quoted))


@pytest.mark.parametrize(
    ("macro", "value"),
    [
        ("%{s}", "postmaster@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "postmaster"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{L-}.%%.%{S}.%_x", "postmaster.%.postmaster%40email.example.com. x"),
    ],
)
def test_macros_expand_as_in_the_standard(macro: str, value: str) -> None:
    """The examples of RFC 7208 7.4, with postmaster for the sender."""
    sender = Sender(ipaddress.ip_address("192.0.2.3"), "email.example.com")
    assert expand(macro, sender, "email.example.com") == value


def test_ipv6_macro_expands_to_nibbles() -> None:
    sender = Sender(ipaddress.ip_address("2001:db8::cb01"), "example.com")
    assert expand("%{ir}.%{v}", sender, "example.com") == (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6"
    )


ZONE = """
o.example.      A 192.0.2.1
o.example.      A 192.0.2.2
o.example.      AAAA 2001:db8::1
o.example.      MX 5 x.example.
x.example.      A 192.0.2.3
i.example.      TXT "v=spf1 a:x.example ?all"
n.example.      TXT "v=spf1 ip4:192.0.2.3"
bad.example.    TXT "v=spf1 what:is.this -all"
twice.example.  TXT "v=spf1 -all"
twice.example.  TXT "v=spf1 ~all"
3.ok.example.   A 127.0.0.1
"""
TERMS = st.sampled_from(
    [
        *("a", "mx", "ptr", "a/31", "mx/30", "all", "ip4:192.0.2.0/31", "ip4:192.0.2.3", "ip6:2001:db8::/64"),
        *("a:o.example", "a:x.example/30", "mx:o.example", "include:i.example", "include:n.example"),
        *("include:bad.example", "include:twice.example", "include:none.example", "a:none.example"),
        *(
            "exists:%{i4r}.none.example",
            "exists:%{i1r}.ok.example",
            "redirect=i.example",
            "redirect=none.example",
        ),
        *(
            "unknown=thing",
            "foo:bar.example",
            "exp=why.example",
            "a//64",
            "a:o.example/24//64",
            "redirect=n.example",
        ),
    ]
)
RECORD = st.lists(st.tuples(st.sampled_from(["", "+", "-", "~", "?"]), TERMS), max_size=8)
SENDERS = st.sampled_from(
    ["192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.1", "2001:db8::1", "2001:db9::1"]
)


@pytest.fixture(scope="module")
def zone() -> Iterator[DnsServer]:
    with DnsServer(ZONE) as running:
        yield running


def evaluate_with_pyspf(zone: DnsServer, record: str, address: str) -> str:
    """What pyspf makes of a record of o.example."""

    def look_up(name: str, kind: str, *_: object) -> list[tuple[tuple[str, str], object]]:
        lookups = Lookups(Context(Deadline(5), now=0), (zone.address,))
        answers = lookups.ask(name, kind).records if kind != "SPF" else ()
        values: dict[str, Any] = {
            "A": lambda one: one.address,
            "AAAA": lambda one: one.address,
            "MX": lambda one: (one.preference, one.exchange.to_text(omit_final_dot=True)),
            "PTR": lambda one: one.target.to_text(omit_final_dot=True),
            "TXT": lambda one: one.strings,
        }
        found = [((name, kind), values[kind](one)) for one in answers]
        own: list[tuple[tuple[str, str], object]] = [((name, kind), (record.encode(),))]
        return own if (name, kind) == ("o.example", "TXT") else found

    pyspf.DNSLookup = look_up
    query = pyspf.query(address, "postmaster@o.example", "o.example", timeout=5, querytime=0)
    return str(query.check()[0])


class OwnRecord(Zone):
    """The zone, with one record of o.example's own."""

    def __init__(self, lookups: Lookups, context: Context, text: str) -> None:
        super().__init__(lookups, context)
        object.__setattr__(self, "text", text)

    def find_record(self, domain: str) -> Any:
        return parse_spf(self.text) if domain == "o.example" else super().find_record(domain)  # type: ignore[attr-defined]


def evaluate_with_ours(zone: DnsServer, record: str, address: str) -> str:
    context = Context(Deadline(5), now=0)
    own = OwnRecord(Lookups(context, (zone.address,)), context, record)
    sender = Sender(ipaddress.ip_address(address), "o.example")
    try:
        return check_host(own, sender, "o.example", Cost())
    except SpfError:
        return "permerror"


@settings(max_examples=scale_tries(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORD, SENDERS)
def test_results_match_pyspf(zone: DnsServer, terms: list[tuple[str, str]], address: str) -> None:
    """Where pyspf keeps to the standard: it refuses an unknown modifier that is there twice (section 6 ignores it)."""
    assume(sum(term.startswith("unknown") for _, term in terms) < 2)
    record = " ".join(["v=spf1", *(term if "=" in term else mark + term for mark, term in terms)])
    assert evaluate_with_ours(zone, record, address) == evaluate_with_pyspf(zone, record, address)
