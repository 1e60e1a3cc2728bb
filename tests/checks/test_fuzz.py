"""Fuzzing of each protocol client: no exception, no hang past the deadline, no secret in a reason."""

import base64
import struct
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import dns.exception
import dns.message
import dns.rdatatype
import dns.rrset
import pytest
from dns.nameserver import Do53Nameserver

from checks.kinds import (
    dkim,
    dmarc,
    grpc,
    http,
    mail,
    mqtt,
    mx,
    postgres,
    proxy,
    redis,
    smpp,
    smtp,
    spf,
    tcp,
    tls,
)
from checks.kinds import dns as dns_kind
from checks.kinds.smpp import Submit
from checks.network import connection, http_client, imap_session, smtp_session
from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.secrets import Secrets
from constat.model import Outcome
from tests.support.effort import scale_tries
from tests.support.nonsense_socket import Nonsense

ROUNDS = scale_tries(2000)
"""For each protocol client."""
SECRET = "s3cret/Pa"
SECRETS = Secrets(
    {"CONSTAT_S": SECRET, "CONSTAT_T": "hunter22"}, dict.fromkeys(("CONSTAT_S", "CONSTAT_T"), ("h",))
)
ENCODED = base64.b64encode(f"\0u\0{SECRET}".encode())
"""As AUTH PLAIN sends it: three bytes before the secret, so that it stands there as it is encoded alone."""
ACCOUNT: dict[str, Any] = {"host": "h", "username": "u", "password": "${CONSTAT_S}", "unencrypted": True}

SMTP = (
    *(
        b"220 ready\r\n",
        b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n",
        b"250 AUTH LOGIN\r\n",
        b"235 ok\r\n",
    ),
    *(b"250 ok\r\n", b"334 \r\n", b"354 go\r\n", b"221 bye\r\n", b"421 no\r\n", b"535 " + ENCODED + b"\r\n"),
    *(b"250-", b"\r\n", b"-1 x\r\n", b"99999 x\r\n", b"250", b"250-a\r\n" * 40, b"x" * 9000),
)
IMAP = (
    *(b"* OK ready\r\n", b"* PREAUTH hi\r\n", b"* BYE\r\n", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS\r\n"),
    *(
        b"+ \r\n",
        b"{T} OK done\r\n",
        b"{T} NO no\r\n",
        b"{T} BAD what\r\n",
        b"* SEARCH 1 2\r\n",
        b"* 3 EXISTS\r\n",
    ),
    *(
        b"* 1 FETCH (BODY {5}\r\nhello)\r\n",
        b"* OK {99999999999999}\r\n",
        b"* NO {}\r\n",
        b"* \xff\r\n",
        ENCODED,
    ),
    *(b"* CAPABILITY \xe9\r\n", b"* SEARCH x\xff\r\n", b"+\r\n" * 5, b"{T} OK\r\n* SEARCH\r\n"),
)


HTTP = (
    *(
        b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n",
        b'{"credit": 99}',
        b"HTTP/1.1 503 No\r\n\r\n",
        b"\r\n\r\n",
    ),
    *(b"HTTP/1.1 302 x\r\nLocation: http://h/2\r\n\r\n", b"HTTP/1.1 302 x\r\nLocation: \xff//[\r\n\r\n"),
    *(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n", b"zz\r\n", b"0\r\n\r\n"),
    *(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        b"\x1f\x8b\x08\0",
        b"X: y\r\n" * 120,
        b"HTTP/9 1\r\n",
    ),
    *(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
)


REDIS = (
    *(b"+OK\r\n", b"+PONG\r\n", b":7\r\n", b"$5\r\nhello\r\n", b"$-1\r\n", b"*2\r\n:1\r\n$1\r\nx\r\n"),
    *(
        b"-WRONGPASS no\r\n",
        b"-ERR " + ENCODED + b"\r\n",
        b"*1\r\n" * 20,
        b":-\r\n",
        b":99999999999999999999\r\n",
    ),
    *(b"$99999999999\r\nx", b"*99999999\r\n", b"*-1\r\n", b"+", b"\r\n", b"x" * 9000),
)


def _of_postgres(letter: bytes, body: bytes = b"") -> bytes:
    return letter + struct.pack(">I", len(body) + 4) + body


_READY = _of_postgres(b"Z", b"I")
_ROW = b"\0\x01\0\0\0\x01"
POSTGRES = (
    *(_of_postgres(b"R", b"\0\0\0\0") + _READY, _READY, _of_postgres(b"D", _ROW + b"7") + _READY),
    *(_of_postgres(b"R", bytes((0, 0, 0, code)) + b"SCRAM-SHA-256\0\0") for code in (3, 5, 7, 10, 11, 12)),
    *(
        _of_postgres(b"R", b"\0\0\0\x0br=x,s=eA==,i=4096"),
        _of_postgres(b"R", b"\0"),
        _of_postgres(b"D", b"\0\x09"),
    ),
    *(_of_postgres(b"E", b"SFATAL\0C28P01\0M" + ENCODED + b"\0\0"), _of_postgres(b"E"), _of_postgres(b"G")),
    *(_of_postgres(b"D", _ROW[:2] + b"\xff" * 4) + _READY, b"Z\xff\xff\xff\xff", b"Z\0\0\0\0", b"\0" * 9),
)


GRPC = (
    *(b"\0\0\0\4\0\0\0\0\0", b"\0\0\0\4\1\0\0\0\0", b"\0\0\6\4\0\0\0\0\0\0\3\0\0\0d"),
    *(b"\0\0\1\1\4\0\0\0\1\x88", b"\0\0\1\1\5\0\0\0\1\x8c", b"\0\0\2\1\4\0\0\0\1\xff\xff"),
    *(
        b"\0\0\x12\1\5\0\0\0\1\x88\0\x0bgrpc-status\x0216",
        b"\0\0\x10\1\5\0\0\0\1\0\x0bgrpc-status\x010",
        b"\0\0\7\0\0\0\0\0\1\0\0\0\0\2\x08\1",
    ),
    *(
        b"\0\0\4\3\0\0\0\0\1\0\0\0\7",
        b"\0\0\x08\7\0\0\0\0\0\0\0\0\0\0\0\0\1",
        b"\0\0\x08\6\0\0\0\0\0" + b"p" * 8,
    ),
    *(b"\0\0\4\x08\0\0\0\0\0\0\0\0\0", b"\0\x0b\xb8\0\0\0\0\0\1" + b"x" * 3000, b"\0\0" + ENCODED),
)
MQTT = (
    *(b"\x20\2\0\0", b"\x20\3\0\0\0", b"\x20\2\0\5", b"\x20\3\0\x87\0", b"\x90\3\0\1\0", b"\x90\4\0\1\0\x80"),
    *(b"\x40\2\0\2", b"\x40\4\0\2\x87\0", b"\x30\5\0\1txx", b"\xd0\0", b"\xe0\0", b"\xe0\1\x8e", b"\x90\0"),
    *(b"\x30" + bytes([len(ENCODED)]) + ENCODED, b"\x30\xff\xff\xff\x7f", b"\x20\x80\x80\x80\x80\1", b"\0\0"),
)
SOCKS = (
    *(b"\5\0", b"\5\2", b"\1\0", b"\5\2\1\0\5\0\0\1\x7f\0\0\1\0\x50", b"\5\xff", b"\5\2\1\1", b"\4\x5a"),
    *(
        b"\5\0\0\1\x7f\0\0\1\0\x50",
        b"\5\0\0\3\4name\0\x50",
        b"\5\5\0\1",
        b"\5\0\0\x09",
        ENCODED,
        SECRET.encode(),
    ),
)


def _pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


RECEIPT = b"\0\x01\x0141000\0\x01\x01900\0\x04\0\0\0\0\0\0\0\0\x12id:7 stat:DELIVRD "
SMPP = (
    *(_pdu(0x80000009, n, b"gateway\0") for n in range(1, 6)),
    *(_pdu(0x80000015, n) for n in range(1, 6)),
    *(_pdu(0x80000004, n, b"7\0") for n in range(1, 6)),
    *(_pdu(5, 1, RECEIPT), _pdu(0x15, 9), _pdu(6, 9), _pdu(0x80000006, 5), _pdu(0x80000000, 2, status=3)),
    *(
        _pdu(0x80000009, 2, b"hunter22\0"),
        _pdu(0x80000009, 2, b"x" * 40),
        _pdu(5, 1, RECEIPT + b"\x02\x04\0\x01\x02"),
    ),
    *(b"\0\0\0\x10", b"\xff" * 16, b"\0\0\0\0" * 4, _pdu(0x103, 2, b"\0" * 30)),
)


def _imap_answers(nonsense: Nonsense) -> Callable[..., Any]:
    """IMAP's tags are random, so `{T}` becomes whatever tag the client used last."""

    def connection(*_: Any, **__: Any) -> Any:
        made = nonsense.make_connection(*current)
        babbler: Any = made._stream
        send = babbler.sendall

        def sendall(data: bytes) -> None:
            tag = data.split(b" ")[0]
            babbler._says[:1] = [said.replace(b"{T}", tag) for said in babbler._says[:1]]
            send(data)

        babbler.sendall = sendall
        return made

    current: list[Any] = []
    connection.current = current  # type: ignore[attr-defined]
    return connection


Case = tuple[ModuleType, ModuleType, Sequence[bytes], dict[str, Any]]
MAILBOX = {"sender": "a@b.example", "recipient": "c@d.example"}
CASES: dict[str, Case] = {
    "smtp": (smtp, smtp_session, SMTP, {**ACCOUNT, **MAILBOX}),
    "smtp login": (smtp, smtp_session, SMTP, {**ACCOUNT, "auth": "login"}),
    "smtp starttls": (smtp, smtp_session, SMTP, {"host": "h", "starttls": True}),
    "tls of smtp": (tls, connection, SMTP, {"host": "h", "starttls": "smtp"}),
    "tls of imap": (tls, connection, [*IMAP, b"a1 OK go\r\n"], {"host": "h", "starttls": "imap"}),
    "imap": (
        mail,
        imap_session,
        IMAP,
        {"smtp": SmtpServer("h"), "imap": ProbedMailServer(**ACCOUNT), **MAILBOX},
    ),
    "smpp submit": (
        smpp,
        connection,
        SMPP,
        {"host": "h", "system_id": "u", "password": "${CONSTAT_T}", "submit": Submit("+41000000000", "M")},
    ),
    "http": (
        http,
        http_client,
        HTTP,
        {"url": "http://h/", "bearer": "${CONSTAT_S}", "unencrypted": True, "json": {"credit": ">= 5"}},
    ),
    "redis": (redis, connection, REDIS, {**ACCOUNT, "database": 1, "expect": "> 5"}),
    "postgres": (postgres, connection, POSTGRES, {**ACCOUNT, "expect": "> 5"}),
    "grpc": (
        grpc,
        connection,
        GRPC,
        {"host": "h", "tls": False, "metadata": {"x": "${CONSTAT_S}"}, "unencrypted": True},
    ),
    "mqtt": (mqtt, connection, MQTT, {**ACCOUNT, "topic": "t"}),
    "mqtt 5": (mqtt, connection, MQTT, {**ACCOUNT, "topic": "t", "version": "5"}),
    "proxy": (proxy, connection, HTTP, {**ACCOUNT, "port": 1, "target": "t", "banner": "x"}),
    "socks": (
        proxy,
        connection,
        SOCKS,
        {**ACCOUNT, "port": 1, "target": "t", "protocol": "socks5", "target_tls": True},
    ),
    "tcp": (tcp, connection, SMTP, {"host": "h", "port": 1, "banner": "ready"}),
}


FEWER = {
    **dict.fromkeys(
        ("smtp login", "smtp starttls", "tls of smtp", "tls of imap", "redis", "postgres"), ROUNDS // 3
    ),
    **dict.fromkeys(("mqtt", "mqtt 5", "proxy", "socks"), ROUNDS // 6),
    "grpc": ROUNDS // 10,
}
"""Rounds of the second and third way through a client that has had its own, and of clients that take long."""


EXCUSED = dict.fromkeys(("postgres", "mqtt", "mqtt 5"), "settings")
"""What nonsense may be taken for that is not the target's fault: here, a wish for Kerberos, or another version."""


@pytest.mark.parametrize("name", CASES)
def test_nonsense_gives_an_outcome_in_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round ends in its time, with a reason of the table and without a secret; not all of them end alike."""
    kind, place, phrases, written = CASES[name]
    options = kind.Options(**written)
    nonsense = Nonsense(len(name), phrases, SECRETS)
    make = _imap_answers(nonsense)
    monkeypatch.setattr(place, "connect", make)
    if name == "imap":
        monkeypatch.setattr(smtp_session, "connect", make)
    reasons = set()
    for _ in range(FEWER.get(name, ROUNDS)):
        clock, context = nonsense.make_world()
        make.current[:] = [clock, context]  # type: ignore[attr-defined]
        monkeypatch.setattr("time.sleep", clock.sleep)
        result = kind.probe(options, context)
        assert clock.now <= 1.02
        assert result.outcome in (Outcome.UP, Outcome.DOWN) or result.reason.startswith(
            EXCUSED.get(name, "-")
        )
        told = str(result)
        assert SECRET not in told
        assert "hunter22" not in told
        assert base64.b64encode(SECRET.encode()).decode() not in told
        reasons.add(result.reason.partition(" ")[0])
    assert len(reasons) >= 3


RECORDS = (
    '"v=spf1 ip4:192.0.2.0/24 include:x.example mx a -all"',
    '"v=spf1 redirect=y.example"',
    '"v=DMARC1; p=reject; rua=mailto:a@b.example"',
    '"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ"',
    '"v=DKIM1; k=ed25519; p=AAAA"',
    f'"{SECRET}"',
)


ANSWERS: dict[str, Sequence[str]] = {
    "TXT": RECORDS,
    "A": ("192.0.2.1",),
    "AAAA": ("2001:db8::1",),
    "MX": ("10 m.example.", "0 ."),
    "PTR": ("m.example.",),
    "CNAME": ("m.example.",),
}


class Wires:
    """Right answers as they go over the wire, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, str], bytes] = {}

    def answer(self, request: dns.message.Message, record: str) -> bytes:
        """The answer to a question with one record, under the number 0."""
        question = request.question[0]
        key = (question.name, record)
        if key not in self._made:
            answer = dns.message.make_response(request, recursion_available=True)
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, record))
            self._made[key] = answer.to_wire()
        return self._made[key]


DNS_KINDS: dict[str, tuple[ModuleType, int, dict[str, Any]]] = {
    "dns": (dns_kind, ROUNDS, {"type": "TXT", "expect": ("x",)}),
    "spf": (spf, ROUNDS // 3, {"allows": ("192.0.2.1",)}),
    "dkim": (dkim, ROUNDS // 3, {"selector": "s"}),
    "dmarc": (dmarc, ROUNDS // 3, {}),
    "mx": (mx, ROUNDS // 3, {"connect": False}),
}


@pytest.mark.parametrize("name", DNS_KINDS)
def test_nonsense_from_a_name_server_gives_an_outcome(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages that are nearly right, as dnspython reads them from the wire: whatever it makes of them."""
    kind, rounds, written = DNS_KINDS[name]
    options = kind.Options(domain="x.example", resolvers=("127.0.0.1:1",), **written)
    nonsense, wires = Nonsense(7, [b"\0" * 12], SECRETS), Wires()
    now: list[Any] = []

    def query(_server: Any, request: Any, _patience: float, **_: Any) -> Any:
        now[0].sleep(0.05)
        record = nonsense.choose(ANSWERS[dns.rdatatype.to_text(request.question[0].rdtype)])
        wire = nonsense.maybe_break(wires.answer(request, record))
        answer = dns.message.from_wire(request.id.to_bytes(2, "big") + wire[2:])
        if not request.is_response(answer):
            raise dns.exception.Timeout
        return answer

    monkeypatch.setattr(Do53Nameserver, "query", query)
    reasons = set()
    for _ in range(rounds):
        clock, context = nonsense.make_world()
        now[:] = [clock]
        result = kind.probe(options, context)
        assert clock.now <= 1.1
        assert SECRET not in str(result)
        reasons.add(result.reason.partition(" ")[0])
    assert len(reasons) >= 2
