"""`bimi` against a real name server, a real HTTPS server for logo and certificate, and hosts that hang and drip."""

import datetime as dt
import gzip
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from checks.contract import CheckKind
from checks.kinds import bimi
from checks.records.brand_logo import LogoError, inspect_logo
from checks.records.mark_certificate import parse_mark_certificate
from demo.dns_server import DnsServer
from tests.support.certificates import Certificates
from tests.support.http_threads import run_http_server
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import HEAR, SILENCE, ScriptedServer, Trickle

KIND: CheckKind[bimi.Options] = bimi

_DAY = dt.timedelta(days=1)
_KEY = ec.generate_private_key(ec.SECP256R1())
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">'
    '<title>Maxony</title><circle cx="32" cy="32" r="30" fill="#138572"/></svg>'
)


def certify(name: str, *, begins: int = -1, ends: int = 90, purpose: str = "1.3.6.1.5.5.7.3.31") -> bytes:
    """A certificate for a name and a purpose, which begins and ends so many days from now, as PEM."""
    now, someone = dt.datetime.now(dt.UTC), x509.Name([])
    builder = x509.CertificateBuilder(someone, someone, _KEY.public_key(), 4711)
    builder = builder.not_valid_before(now + begins * _DAY).not_valid_after(now + (ends + 0.5) * _DAY)
    for extension in (
        x509.SubjectAlternativeName([x509.DNSName(name)]),
        x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]),
    ):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


LOGOS: dict[str, tuple[str | bytes, str]] = {
    "good": (SVG, "up"),
    "packed": (gzip.compress(SVG.encode()), "up"),
    "square": (SVG.replace("64 64", "64 64.0"), "up"),
    "wide": (SVG.replace("64 64", "64 32"), "degraded record BIMI logo is not square"),
    "page": ("<html/>", "down record BIMI logo is no SVG"),
    "broken": (SVG[:-3], "down record BIMI logo is no SVG"),
    "torn": (gzip.compress(SVG.encode())[:-9], "down record BIMI logo is no SVG"),
    "tiny": (SVG.replace("tiny-ps", "tiny"), "down record BIMI logo is not SVG Tiny PS: 'baseProfile'"),
    "old": (SVG.replace("1.2", "1.1"), "down record BIMI logo is not SVG Tiny PS: 'version'"),
    "untitled": (SVG.replace("Maxony", " "), "down record BIMI logo is not SVG Tiny PS: 'title'"),
    "placed": (SVG.replace("viewBox", 'x="0" viewBox'), "down record BIMI logo is not SVG Tiny PS: 'x'"),
    "running": (
        SVG.replace("</svg>", "<script/></svg>"),
        "down record BIMI logo is not SVG Tiny PS: 'script'",
    ),
    "listening": (
        SVG.replace("<circle", '<circle onclick="x"'),
        "down record BIMI logo is not SVG Tiny PS: 'onclick'",
    ),
    "linking": (
        SVG.replace("</svg>", '<use href="https://evil.example/"/></svg>'),
        "down record BIMI logo is not SVG Tiny PS: 'href'",
    ),
    "typed": (
        f'<!DOCTYPE svg [<!ENTITY a "aaaa">]>{SVG}',
        "down record BIMI logo is not SVG Tiny PS: 'DOCTYPE'",
    ),
    "large": (SVG + " " * 40_000, "down size more than 32768 bytes (BIMI logo)"),
}
CERTIFICATES: dict[str, tuple[bytes, str]] = {
    "good": (certify("good.example"), "up"),
    "above": (certify("example.com"), "down record BIMI certificate is for another domain"),
    "stranger": (certify("stranger.org"), "down record BIMI certificate is for another domain"),
    "web": (
        certify("web.example", purpose="1.3.6.1.5.5.7.3.1"),
        "down record BIMI certificate is not for marks",
    ),
    "ending": (certify("ending.example", ends=5), "degraded record BIMI certificate ends in 5 days"),
    "over": (certify("over.example", begins=-9, ends=-3), "down record BIMI certificate ended 2 days ago"),
    "coming": (certify("coming.example", begins=5), "down record BIMI certificate is not valid yet"),
    "empty": (b"", "down record BIMI certificate cannot be read"),
    "sub.parent": (certify("parent.example"), "up"),
    "spoilt": (
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "down record BIMI certificate cannot be read",
    ),
}
RECORDS: list[tuple[str, dict[str, Any], str]] = [
    ("nobody.example", {}, "down record no BIMI"),
    ("sub.logo-good.example", {}, "up"),
    ("logo-good.example", {"certificate": True}, "down record no BIMI certificate"),
    ("logo-good.example", {"selector": "other"}, "down record no BIMI"),
    ("twice.example", {}, "down record 2 BIMI records in one place"),
    ("late.example", {}, "down record no BIMI but 'v=BIMI1; l=https://relay.example/'"),
    ("declined.example", {}, "down record BIMI declined"),
    ("nothing.example", {}, "down record BIMI has a wrong l: ''"),
    ("plain.example", {}, "down record BIMI has a wrong l: 'http://relay.example/good.svg'"),
    ("port.example", {}, "down record BIMI has a wrong l: 'https://relay.example:99999/'"),
    ("wrong.example", {}, "down record BIMI has a wrong a: 'self'"),
    ("junk.example", {}, "down record BIMI has no tag and value in 'what is this'"),
    (
        "none.example",
        {},
        "down record BIMI needs DMARC: the policy is none, for the domain or below it",
    ),
    (
        "testing.example",
        {},
        "down record BIMI needs DMARC: the policy is none, for the domain or below it",
    ),
    ("open.example", {}, "down record BIMI needs DMARC: there is none that can be read"),
    ("nowhere.example", {}, "down dns no address (BIMI logo)"),
    ("missing.example", {}, "down status 404 (BIMI logo)"),
    ("other.example", {}, "down content of type 'text/plain' (BIMI logo)"),
    ("lost.example", {}, "down status 404 (BIMI certificate)"),
    ("silent.example", {}, "down timeout after 0.5 s (BIMI logo)"),
    ("dripping.example", {}, "down timeout after 0.5 s (BIMI logo)"),
    ("garbage.example", {}, "down protocol not HTTP (BIMI logo)"),
    ("sick.example", {}, "down dns servfail"),
    ("mute.example", {}, "down timeout after 0.5 s"),
]
CASES = [
    *((f"logo-{name}.example", {}, expected) for name, (_, expected) in LOGOS.items()),
    *((f"{name}.example", {"certificate": True}, expected) for name, (_, expected) in CERTIFICATES.items()),
    *RECORDS,
]


FOLDERS: dict[str, Any] = {"svg": LOGOS, "txt": LOGOS, "pem": CERTIFICATES}


class Files(BaseHTTPRequestHandler):
    """Serves the logos and the certificates by their names."""

    def do_GET(self) -> None:
        name, _, ending = self.path.strip("/").rpartition(".")
        found = FOLDERS[ending].get(name)
        self.send_response(200 if found else 404)
        body = found[0].encode() if found and isinstance(found[0], str) else found[0] if found else b""
        self.send_header("Content-Type", "image/svg+xml" if ending == "svg" else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Ports(NamedTuple):
    """Where logos are: on a real server, and on hosts that are none."""

    real: int
    silent: int
    dripping: int
    garbage: int


def _write_zone(ports: Ports) -> str:
    """Every domain of the cases. Those that nothing else is said of reject forged mail."""
    there, text = f"https://relay.example:{ports.real}", {}
    for name in LOGOS:
        text[f"logo-{name}"] = f"l={there}/{name}.svg"
    for name in CERTIFICATES:
        text[name] = f"l={there}/good.svg\\; a={there}/{name}.pem"
    for name in ("none", "testing", "open"):
        text[name] = f"l={there}/good.svg"
    for name in ("silent", "dripping", "garbage"):
        text[name] = f"l=https://relay.example:{getattr(ports, name)}/"
    text |= {
        "declined": "l=\\; a=\\;",
        "nothing": "a=https://relay.example/",
        "plain": "l=http://relay.example/good.svg",
        "port": "l=https://relay.example:99999/",
        "wrong": f"l={there}/good.svg\\; a=self",
        "junk": "what is this",
        "nowhere": "l=https://nowhere.relay.example/",
        "missing": f"l={there}/nothing.svg",
        "other": f"l={there}/good.txt",
        "lost": f"l={there}/good.svg\\; a={there}/nothing.pem",
    }
    policies = {"none": "p=reject\\; sp=none", "testing": "p=quarantine\\; t=y"}
    lines = [f'default._bimi.{name}.example. TXT "v=BIMI1\\; {each}"' for name, each in text.items()]
    lines += [
        f'_dmarc.{name}.example. TXT "v=DMARC1\\; {policies.get(name, "p=reject")}"'
        for name in text
        if name != "open"
    ]
    twice = "default._bimi.twice.example. TXT"
    lines += [f'{twice} "v=BIMI1\\; l=https://a.example/"', f'{twice} "v=BIMI1\\; l=https://b.example/"']
    lines += ['default._bimi.late.example. TXT " v=BIMI1\\; l=https://relay.example/"']
    return "\n".join([*lines, "relay.example. A 127.0.0.1"])


@pytest.fixture(scope="module")
def place(certificates: Certificates) -> Iterator[tuple[str, str]]:
    """The address of the name server, and the file of the authority."""
    with ExitStack() as running:
        web = running.enter_context(run_http_server(Files, certificates.good))
        acts = ((HEAR, SILENCE), (HEAR, Trickle(b"HTTP/1.1 200 OK\r\n" * 99)), (HEAR, b"\xff\0 SSH\r\n"))
        hosts = [running.enter_context(ScriptedServer(certificates.good, *each)).port for each in acts]
        zone = _write_zone(Ports(web.server_port, *hosts))
        ill: Any = {"default._bimi.sick.example": "servfail", "default._bimi.mute.example": "silent"}
        names = running.enter_context(DnsServer(zone, ill))
        yield names.address, certificates.ca


@pytest.mark.parametrize(("domain", "options", "expected"), CASES)
def test_each_domain_has_its_outcome(
    place: tuple[str, str], domain: str, options: dict[str, Any], expected: str
) -> None:
    resolver, ca = place
    within = 0.5 if "timeout" in expected else 5
    found = look(bimi, within=within, domain=domain, resolvers=(resolver,), ca=ca, **options)
    assert format_result(found) == expected


def test_subject_names_a_non_default_selector() -> None:
    assert bimi.subject(bimi.Options(domain="maxony.example")) == "maxony.example"
    other = bimi.Options(domain="maxony.example", selector="news")
    assert bimi.subject(other) == "news._bimi.maxony.example"


def test_truncated_certificate_is_refused_or_read() -> None:
    """Never any other error: the encoding comes from strangers."""
    whole = ssl.PEM_cert_to_DER_cert(certify("good.example").decode())
    for length in range(0, len(whole), 3):
        pem = ssl.DER_cert_to_PEM_cert(whole[:length]).encode()
        with pytest.raises(ValueError, match=r"another element|cut off|no certificate"):
            parse_mark_certificate(pem)


def test_logo_decompression_bomb_is_refused() -> None:
    with pytest.raises(LogoError):
        inspect_logo(gzip.compress(b" " * 3_000_000))
