"""`dkim` against a real name server, with real keys."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.contract import CheckKind
from checks.kinds import dkim
from checks.records.rsa_key import measure_modulus
from demo.dns_server import DnsServer
from tests.support.probe_context import format_result, look
from tests.support.rsa_public import make_public_rsa_key

KIND: CheckKind[dkim.Options] = dkim


GOOD = make_public_rsa_key(2048)
BARE = make_public_rsa_key(2048, PublicFormat.PKCS1)
ED25519 = base64.b64encode(
    ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
).decode()
ELLIPTIC = base64.b64encode(
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()

KEYS: list[tuple[str, str, str]] = [
    ("good", f"v=DKIM1; k=rsa; p={GOOD}", "up"),
    ("short-form", f"p={GOOD}", "up"),
    ("bare", f"v=DKIM1; p={BARE}", "up"),
    ("spaced", f"v=DKIM1; t=s:y ; s = email ; h=sha1:sha256; n=notes; p={GOOD[:90]} {GOOD[90:]};", "up"),
    ("ed", f"v=DKIM1; k=ed25519; p={ED25519}", "up"),
    ("weak", f"v=DKIM1; p={make_public_rsa_key(1024)}", "degraded record DKIM key has 1024 bits"),
    ("revoked", "v=DKIM1; p=", "down record DKIM key is revoked"),
    ("keyless", "v=DKIM1; k=rsa", "down record DKIM record without a key"),
    ("future", f"v=DKIM2; p={GOOD}", "down record DKIM key has another version 'DKIM2'"),
    ("late", f"p={GOOD}; v=DKIM1", "down record DKIM key has another version 'DKIM1'"),
    ("other", f"v=DKIM1; k=dsa; p={GOOD}", "down record DKIM key of an unknown kind 'dsa'"),
    ("chat", f"v=DKIM1; s=chat; p={GOOD}", "down record DKIM key is not for mail but for 'chat'"),
    ("sha1", f"v=DKIM1; h=sha1; p={GOOD}", "down record DKIM key allows only 'sha1'"),
    ("cut", f"v=DKIM1; p={GOOD[:-8]}", "down record DKIM key is not a valid RSA key"),
    ("elliptic", f"v=DKIM1; p={ELLIPTIC}", "down record DKIM key is not a valid RSA key"),
    ("umlaut", "v=DKIM1; p=MIGfM\\252", "down record DKIM key is not base64"),
    ("text", "v=DKIM1; p=*****", "down record DKIM key is not base64"),
    ("long-ed", f"v=DKIM1; k=ed25519; p={GOOD}", "down record DKIM key has 294 bytes; Ed25519 needs 32"),
    ("twice-p", f"v=DKIM1; p={GOOD}; p={GOOD}", "down record DKIM key has twice the tag 'p'"),
    ("words", "there is no key here", "down record DKIM key has no tag and value in 'there is no key here'"),
]


def _zone() -> str:
    lines = []
    for selector, text, _ in KEYS:
        strings = " ".join(
            f'"{text[start : start + 200]}"'.replace(";", r"\;") for start in range(0, len(text), 200)
        )
        lines.append(f"{selector}._domainkey.maxony.example. TXT {strings}")
    lines.append('double._domainkey.maxony.example. TXT "v=DKIM1\\; p="')
    lines.append('double._domainkey.maxony.example. TXT "v=DKIM1\\; p=x"')
    lines.append('beside._domainkey.maxony.example. TXT "site-verification=0123456789"')
    lines.append(f'beside._domainkey.maxony.example. TXT "p={ED25519}\\; k=ed25519"')
    lines += [f'noise._domainkey.maxony.example. TXT "{text}"' for text in ("v=spf1 -all", "hello")]
    lines.append("alias._domainkey.maxony.example. CNAME good._domainkey.maxony.example.")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    troubles: dict[str, Any] = {
        "sick._domainkey.maxony.example": "servfail",
        "mute._domainkey.maxony.example": "silent",
    }
    with DnsServer(_zone(), troubles) as running:
        yield running


def describe_look(server: DnsServer, selector: str, **options: Any) -> str:
    resolvers = (server.address,)
    return format_result(
        look(dkim, within=0.4, domain="maxony.example", selector=selector, resolvers=resolvers, **options)
    )


@pytest.mark.parametrize(("selector", "expected"), [(selector, expected) for selector, _, expected in KEYS])
def test_each_key_has_its_outcome(server: DnsServer, selector: str, expected: str) -> None:
    assert describe_look(server, selector) == expected


PLACES = [
    ("alias", "up"),
    ("missing", "down record no DKIM key"),
    ("double", "down record 2 DKIM keys in one place"),
    ("beside", "up"),
    ("noise", "down record no DKIM key"),
    ("sick", "down dns servfail"),
    ("mute", "down timeout after 0.4 s"),
]


@pytest.mark.parametrize(("selector", "expected"), PLACES)
def test_missing_key_is_reported_first(server: DnsServer, selector: str, expected: str) -> None:
    assert describe_look(server, selector) == expected


def test_minimum_key_length_can_be_lowered_to_what_receivers_accept(server: DnsServer) -> None:
    assert describe_look(server, "weak", bits=1024) == "up"
    assert describe_look(server, "good", bits=4096) == "degraded record DKIM key has 2048 bits"


@pytest.mark.parametrize("bits", [1024, 1536, 2048, 3072])
def test_key_length_is_that_of_the_modulus(bits: int) -> None:
    assert measure_modulus(base64.b64decode(make_public_rsa_key(bits))) == bits


def test_key_too_short_for_any_receiver_is_down() -> None:
    """768 bits are fewer than cryptography makes, so the key is put together by hand."""
    modulus = b"\x02\x61\x00" + b"\xff" * 96
    key = b"\x30\x68" + modulus + b"\x02\x03\x01\x00\x01"
    assert measure_modulus(key) == 768
    zone = f'old._domainkey.maxony.example. TXT "p={base64.b64encode(key).decode()}"'
    with DnsServer(zone) as server:
        assert describe_look(server, "old") == "down record DKIM key has 768 bits"
