"""Whatever a target sends: the check ends in its time, with a reason of the table that is never `crash`.

Real servers on loopback answer with bytes that are nearly right, or not at all, and every kind of check reads them. The
examples are the same in every run.
"""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.kinds.smpp import Submit
from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.probing import ProbeResult
from checks.reason_words import WORDS
from checks.registry import KINDS, load_kind
from constat.model import Outcome
from tests.checks.test_fuzz import ANSWERS, GRPC, HTTP, IMAP, MQTT, POSTGRES, REDIS, SMPP, SMTP, SOCKS
from tests.support.probe_context import look

SECONDS = 2.0
"""The deadline of each probe. The servers close after their last word, so that almost none needs it."""

MALFORMED_HTTP = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 400 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1_0\r\n" + b"x" * 16,
    b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
    b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nab",
    b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nab",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate, br, zstd, gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\0",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\0idna\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=punycode\r\nContent-Length: 2\r\n\r\n\xff-",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=unicode_escape\r\nContent-Length: 2\r\n\r\n\\x",
    b"HTTP/1.1 302 x\r\nLocation: http://[::1\r\n\r\n",
    b"HTTP/1.1 302 x\r\nLocation: http://h:99999999/\r\n\r\n",
    b"HTTP/1.1 302 x\r\nLocation: http://\xc3\xbc" + b"x" * 80 + b".example/\r\n\r\n",
    b"HTTP/1.1 302 x\r\nLocation: http://..example/\r\n\r\n",
    b"HTTP/1.1 302 x\r\nLocation: javascript:alert(1)\r\n\r\n",
    b"HTTP/1.1 99999999999999999999 x\r\n\r\n",
    b"HTTP/1.1 -1 x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; expires=Thu, 99 Foo 99999 99:99:99 GMT; max-age="
    + b"9" * 5000
    + b"\r\n\r\n",
    b'HTTP/1.1 200 OK\r\n\r\n{"credit": 1e999999999}',
    b'HTTP/1.1 200 OK\r\n\r\n{"credit": ' + b"9" * 9000 + b"}",
    b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 50_000,
    b'HTTP/1.1 200 OK\r\n\r\n{"credit": "\\ud800"}',
    b"HTTP/1.1 200 OK\r\nX\r\n: y\r\n\0: z\r\n\r\n",
)
MALFORMED_HANDSHAKES = (
    b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \xff\r\n\r\n",
    b"HTTP/1.1 101 x\r\n\r\n\x81\x01x",
    b"HTTP/1.1 101\r\nUpgrade:\r\n websocket\r\nConnection: keep-alive, Upgrade\r\nContent-Length: -9\r\n\r\n",
)
MALFORMED_TIMES = tuple(
    b'HTTP/1.1 200 OK\r\n\r\n{"at": ' + at + b"}"
    for at in (
        b"null",
        b"[]",
        b'"now"',
        b"-1",
        b"1e99",
        b"9" * 14,
        b'"0001-01-01T00:00:00+23:59"',
        b'"\\u0664"',
    )
)
MALFORMED_REGISTRATIONS = tuple(
    b"HTTP/1.1 200 OK\r\n\r\n" + document
    for document in (
        b'{"events": [{"eventAction": "expiration", "eventDate": "0000-00-00T00:00:00Z"}]}',
        b'{"events": [{"eventAction": "expiration", "eventDate": 5}, null, []], "status": {"a": []}}',
        b'{"events": {"a": "b"}, "ldhName": [], "status": "client hold"}',
        b'{"services": [[["example"], ["http://[::1", "https:"]]]}',
        b'{"services": {"a": [[[[]]]]}}',
        b'{"services": [[["example"], ["http://127.0.0.1:99999/"]]]}',
    )
)
_ADDRESSES = count()
"""A list of servers is kept for each address: every example asks for another."""


def _list_scripts(phrases: Sequence[bytes]) -> st.SearchStrategy[list[bytes]]:
    """What a server says, one text at a time: phrases of its protocol, cut or with a byte changed, and noise."""
    phrase = st.sampled_from(phrases)
    cut = st.tuples(phrase, st.integers(0, 60)).map(lambda both: both[0][: both[1]])
    spoilt = st.tuples(phrase, st.integers(0, 200), st.binary(min_size=1, max_size=3)).map(
        lambda three: three[0][: three[1]] + three[2] + three[0][three[1] + 1 :]
    )
    return st.lists(st.one_of(phrase, phrase, cut, spoilt, st.binary(max_size=40)), max_size=8)


class Target:
    """A TCP server that says one text when a client has come, and another whenever it has heard something, then closes."""

    def __init__(self) -> None:
        self.says: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Answer clients until the listener is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client, list(self.says)), daemon=True).start()

    def _talk(self, client: socket.socket, says: list[bytes]) -> None:
        with client, suppress(OSError):
            client.settimeout(0.01)
            for text in says:
                client.sendall(text)
                with suppress(TimeoutError):
                    client.recv(65536)
            client.shutdown(socket.SHUT_WR)
            client.settimeout(SECONDS)
            while client.recv(65536):
                pass

    def close(self) -> None:
        """Accept nobody any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def _serving() -> Iterator[Target]:
    target = Target()
    thread = threading.Thread(target=target.serve, daemon=True)
    thread.start()
    try:
        yield target
    finally:
        target.close()
        thread.join(5)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with _serving() as serving:
        yield serving


SUBMIT = Submit("+41000000000", "M")
BOX = {"sender": "a@b.example", "recipient": "c@d.example"}


def _mail(port: int) -> dict[str, Any]:
    sign_in: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "username": "u",
        "password": "p",
        "unencrypted": True,
    }
    return {"smtp": SmtpServer("127.0.0.1", port), "imap": ProbedMailServer(**sign_in), "spam": "Junk", **BOX}


SPEAKERS: dict[str, tuple[str, Sequence[bytes], Any]] = {
    "http": (
        "http",
        (*HTTP, *MALFORMED_HTTP),
        lambda port: {"url": f"http://127.0.0.1:{port}/", "contains": "x"},
    ),
    "http json": (
        "http",
        (*HTTP, *MALFORMED_HTTP),
        lambda port: {"url": f"http://127.0.0.1:{port}/", "json": {"credit": ">= 5", "/a/0": "x"}},
    ),
    "https": ("http", (b"\x16\x03\x01\0\x05", *HTTP), lambda port: {"url": f"https://127.0.0.1:{port}/"}),
    "websocket": (
        "websocket",
        (*HTTP, *MALFORMED_HTTP, *MALFORMED_HANDSHAKES),
        lambda port: {"url": f"ws://127.0.0.1:{port}/", "expect": "x"},
    ),
    "tcp": ("tcp", SMTP, lambda port: {"host": "127.0.0.1", "port": port, "banner": "ready"}),
    "tls": ("tls", (b"\x16\x03\x03\0\x31", *SMTP), lambda port: {"host": "127.0.0.1", "port": port}),
    "tls smtp": ("tls", SMTP, lambda port: {"host": "127.0.0.1", "port": port, "starttls": "smtp"}),
    "tls imap": ("tls", IMAP, lambda port: {"host": "127.0.0.1", "port": port, "starttls": "imap"}),
    "smtp": (
        "smtp",
        SMTP,
        lambda port: {
            "host": "127.0.0.1",
            "port": port,
            "username": "u",
            "password": "p",
            "unencrypted": True,
            **BOX,
        },
    ),
    "mail": ("mail", (*SMTP, *IMAP), _mail),
    "smpp": (
        "smpp",
        SMPP,
        lambda port: {"host": "127.0.0.1", "port": port, "system_id": "u", "submit": SUBMIT},
    ),
    "redis": (
        "redis",
        (*REDIS, *SMTP),
        lambda port: {
            "host": "127.0.0.1",
            "port": port,
            "password": "p",
            "unencrypted": True,
            "expect": "> 5",
        },
    ),
    "postgres": (
        "postgres",
        (*POSTGRES, *SMTP),
        lambda port: {"host": "127.0.0.1", "port": port, "username": "u", "expect": "> 5"},
    ),
    "grpc": ("grpc", (*GRPC, *HTTP), lambda port: {"host": "127.0.0.1", "port": port, "tls": False}),
    "mqtt": (
        "mqtt",
        (*MQTT, *SMTP),
        lambda port: {"host": "127.0.0.1", "port": port, "topic": "t"},
    ),
    "mqtt 5": (
        "mqtt",
        (*MQTT, *SMTP),
        lambda port: {"host": "127.0.0.1", "port": port, "topic": "t", "version": "5"},
    ),
    "proxy": (
        "proxy",
        (*HTTP, *MALFORMED_HTTP),
        lambda port: {"host": "127.0.0.1", "port": port, "target": "x.example", "banner": "x"},
    ),
    "socks": (
        "proxy",
        (*SOCKS, *SMTP),
        lambda port: {
            "host": "127.0.0.1",
            "port": port,
            "target": "x.example",
            "protocol": "socks5",
            "username": "u",
            "password": "p",
            "unencrypted": True,
            "target_tls": True,
        },
    ),
    "domain": (
        "domain",
        (*HTTP, *MALFORMED_HTTP, *MALFORMED_REGISTRATIONS),
        lambda port: {"domain": "x.example", "server": f"http://127.0.0.1:{port}/"},
    ),
    "domain list": (
        "domain",
        (*HTTP, *MALFORMED_HTTP, *MALFORMED_REGISTRATIONS),
        lambda port: {"domain": "x.example", "bootstrap": f"http://127.0.0.1:{port}/{next(_ADDRESSES)}"},
    ),
    "heartbeat": (
        "heartbeat",
        (*HTTP, *MALFORMED_HTTP, *MALFORMED_TIMES),
        lambda port: {"url": f"http://127.0.0.1:{port}/", "time": "at", "warn": 60, "fail": 60},
    ),
}
EXCUSED = {
    **dict.fromkeys(("heartbeat", "domain", "domain list"), "unanswered"),
    "postgres": "settings",
    "mqtt": "settings",
    "mqtt 5": "settings",
}
"""What nonsense may be taken for that is not the target's fault: who was asked about it did not answer; a wish for Kerberos, another version."""


def _judge(name: str, result: ProbeResult) -> None:
    word = result.reason.partition(" ")[0]
    assert result.outcome is Outcome.UP or word in WORDS
    assert word != "crash"
    assert result.outcome is not Outcome.UNKNOWN or word == EXCUSED.get(name), result.reason


EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("name", SPEAKERS)
@EXAMPLES
@given(data=st.data())
def test_malformed_target_is_down_or_up_but_never_a_crash(
    name: str, target: Target, data: st.DataObject
) -> None:
    kind, phrases, write = SPEAKERS[name]
    target.says = data.draw(_list_scripts(phrases))
    _judge(name, look(load_kind(kind), within=SECONDS, **write(target.port)))


@pytest.mark.parametrize("number", range(len(MALFORMED_HTTP)))
@pytest.mark.parametrize("name", ["http", "http json"])
def test_each_known_malformed_answer_has_a_reason_of_the_table(
    name: str, number: int, target: Target
) -> None:
    kind, _, write = SPEAKERS[name]
    target.says = [MALFORMED_HTTP[number]]
    _judge(name, look(load_kind(kind), within=SECONDS, **write(target.port)))


class NameServer:
    """A name server over UDP that answers every question with what `spoil` makes of a right answer."""

    def __init__(self) -> None:
        self.record = ""
        self.at, self.noise, self._closed = 0, b"", False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        """Answer until `close` is called."""
        with self._socket:
            while True:
                wire, client = self._socket.recvfrom(4096)
                if self._closed:
                    return
                self._socket.sendto(self._answer(wire), client)

    def _answer(self, wire: bytes) -> bytes:
        answer = dns.message.make_response(dns.message.from_wire(wire), recursion_available=True)
        question, right = answer.question[0], answer.to_wire()
        with suppress(dns.exception.DNSException, ValueError):  # the record may be one that cannot be sent
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, self.record))
            right = answer.to_wire()
        return right[: self.at] + self.noise + right[self.at + len(self.noise) :]

    def close(self) -> None:
        """Answer nobody any more; an empty message ends the wait for the next one."""
        self._closed = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))


@pytest.fixture(scope="module")
def name_server() -> Iterator[NameServer]:
    server = NameServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(5)


LOOKUPS: dict[str, dict[str, Any]] = {
    "dns": {"domain": "x.example", "type": "TXT", "expect": ("x",)},
    "spf": {"domain": "x.example", "allows": ("192.0.2.1",)},
    "dkim": {"domain": "x.example", "selector": "s"},
    "dmarc": {"domain": "x.example"},
    "mtasts": {"domain": "x.example"},
    "tlsrpt": {"domain": "x.example"},
    "dane": {"domain": "x.example"},
    "bimi": {"domain": "x.example"},
    "mx": {"domain": "x.example", "connect": False},
    "blocklist": {"targets": ("192.0.2.1",), "lists": ("list.example",)},
}
MALFORMED_RECORDS = (
    '"v=spf1 ip4:999.0.0.1/99 exists:%{q}.example -all"',
    '"v=spf1 include:' + "a" * 200 + '.example -all"',
    '"v=spf1 a:..//129 mx:\\200.example ?all"',
    '"v=DMARC1; p=; rua=mailto:a@b@c, mailto:%zz, https://[; pct=' + "9" * 200 + '"',
    '"v=DKIM1; p=%%%; k=rsa"',
    '"v=BIMI1; l=https://[::1; a=https://x.example:0/"',
    '"v=BIMI1; l=https://..x.example/%zz?\\"; a="',
    '"v=DKIM1; p=' + "A" * 101 + '"',
    '"\\255\\000\\237"',
)


@pytest.mark.parametrize("kind", LOOKUPS)
@EXAMPLES
@given(data=st.data())
def test_malformed_name_server_answer_never_crashes(
    kind: str, name_server: NameServer, data: st.DataObject
) -> None:
    records = (*(record for each in ANSWERS.values() for record in each), *MALFORMED_RECORDS)
    name_server.record = data.draw(st.sampled_from(records))
    name_server.at = data.draw(st.integers(2, 200))
    name_server.noise = data.draw(st.binary(max_size=4))
    options = {**LOOKUPS[kind], "resolvers": (f"127.0.0.1:{name_server.port}",)}
    result = look(load_kind(kind), within=0.3, **options)
    word = result.reason.partition(" ")[0]
    assert result.outcome is Outcome.UP or (word in WORDS and word != "crash")


def test_every_kind_that_reads_from_a_target_is_covered() -> None:
    """The answers to `icmp` come through the kernel: its own test spoils them."""
    tried = {kind for kind, _, _ in SPEAKERS.values()} | set(LOOKUPS)
    assert tried == set(KINDS) - {"exec", "icmp"}, "add what a bad server says to it to SPEAKERS or LOOKUPS"
