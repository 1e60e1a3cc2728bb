"""The `http` check against real servers: what is up, what is not, and in which words."""

import datetime as dt
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from checks.contract import CheckKind
from checks.kinds import http
from checks.kinds.http import Basic, Options
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.model import Outcome
from tests.support.configured_probe import look, read_outcome
from tests.support.tcp_speakers import (
    Script,
    hang,
    hold_closed_port,
    reset,
    send_and_wait,
    serve_script,
    shut,
    trickle,
)

KIND: CheckKind[http.Options] = http

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def answer_with(body: bytes, head: str = "200 OK", *headers: str) -> Script:
    """Read the request, then give one answer."""
    lines = [f"HTTP/1.1 {head}", f"Content-Length: {len(body)}", *headers, "", ""]

    def script(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall("\r\n".join(lines).encode() + body)

    return script


class Listening:
    """A script that keeps the requests it was sent, and gives its answers in turn (the last one for ever)."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        """Keep what is asked, and answer."""
        request = connection.recv(65_536)
        while request.startswith(b"POST") and not request.partition(b"\r\n\r\n")[2]:
            request += connection.recv(65_536)
        self.requests.append(request)
        connection.sendall(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


def redirect(status: int, location: str) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def visit(
    script: Script, seconds: float = 5, *, secrets: Secrets | None = None, **options: Any
) -> ProbeResult:
    with serve_script(script) as port:
        asked = Options(url=f"http://127.0.0.1:{port}/", unencrypted=True, **options)
        return look("http", seconds, asked, secrets or Secrets())


def test_expected_answer_is_up_without_a_reason() -> None:
    result = visit(answer_with(b"hello"), contains="ell", absent="error")
    assert read_outcome(result) == ("up", "")
    assert [step.name for step in result.steps] == ["resolve", "connect", "first byte", "body"]
    assert 0 <= result.latency_ms < 5000


SLOW = ("down", "timeout after 0.4 s")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FAILURES: dict[str, tuple[Script, dict[str, Any], tuple[str, str]]] = {
    "silence": (hang, {}, SLOW),
    "half a status line": (trickle(b"HTTP/1.1 2"), {}, SLOW),
    "headers that never end": (trickle(b"HTTP/1.1 200 OK\r\nX: "), {}, SLOW),
    "a body that trickles": (trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), {}, SLOW),
    "chunks that trickle": (trickle(CHUNKED, endless=b"1\r\nx\r\n"), {}, SLOW),
    "a torn connection": (reset, {}, ("down", "reset")),
    "closing unasked": (shut, {}, ("down", "closed")),
    "nothing said": (send_and_wait(b""), {}, ("down", "closed")),
    "another protocol": (
        send_and_wait(b"220 smtp.maxony.example ESMTP\r\n"),
        {},
        ("down", "protocol not HTTP"),
    ),
    "a body that ends early": (
        send_and_wait(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello"),
        {},
        ("down", "closed"),
    ),
    "an endless header": (
        send_and_wait(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000),
        {},
        ("down", "protocol line too long"),
    ),
    "countless headers": (
        send_and_wait(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300_000 + b"\r\n"),
        {},
        ("down", "protocol"),
    ),
    "chunks that are none": (send_and_wait(CHUNKED + b"zz\r\n"), {}, ("down", "protocol broken chunks")),
    "a body that is not gzip": (
        answer_with(b"hello", "200 OK", "Content-Encoding: gzip"),
        {},
        ("down", "protocol not compressed as it says"),
    ),
    "an error of the server": (answer_with(b"", "503 Busy"), {}, ("down", "status 503")),
    "a status not asked for": (answer_with(b""), {"status": ((204, 204),)}, ("down", "status 200")),
    "a redirect not followed": (
        send_and_wait(redirect(302, "/x")),
        {"follow_redirects": False},
        ("down", "status 302"),
    ),
    "a redirect to itself": (send_and_wait(redirect(302, "/")), {}, ("down", "redirect more than 10 times")),
    "a redirect to a file": (
        send_and_wait(redirect(302, "file:///etc/passwd")),
        {},
        ("down", "redirect to no web address"),
    ),
    "a redirect to nowhere": (
        send_and_wait(redirect(302, "http://[/")),
        {},
        ("down", "redirect to no web address"),
    ),
    "a missing text": (
        answer_with(b"hello"),
        {"contains": "Bon, jour"},
        ("down", "content 'Bon, jour' missing"),
    ),
    "a forbidden text": (
        answer_with(b"Fatal error"),
        {"absent": "error"},
        ("down", "content 'error' present"),
    ),
    "a text beyond what is read": (
        answer_with(b"x" * 2000 + b"hello"),
        {"contains": "hello", "max_body": 1024},
        ("down", "content 'hello' missing in the first 1024 bytes"),
    ),
    "no JSON": (answer_with(b"<html>"), {"json": {"status": "ok"}}, ("down", "protocol not JSON")),
    "JSON that is too deep": (
        answer_with(b"[" * 200_000),
        {"json": {"a": "b"}},
        ("down", "protocol not JSON"),
    ),
    "JSON that is too long": (
        answer_with(b'"' + b"x" * 3000 + b'"'),
        {"json": {"a": "b"}, "max_body": 1024},
        ("down", "size above 1024 bytes"),
    ),
    "a value that is not there": (
        answer_with(b"{}"),
        {"json": {"a.b": "ok"}},
        ("down", "value 'a.b' missing"),
    ),
    "another value": (
        answer_with(b'{"db": [{"state": "=broken, \\u00e9"}]}'),
        {"json": {"/db/0/state": "ok"}},
        ("down", "value '/db/0/state' is 'broken, é'"),
    ),
    "too little credit": (
        answer_with(b'{"credit": 12.50}'),
        {"json": {"credit": ">= 100"}},
        ("down", "value 'credit' is '12.50'"),
    ),
}


@pytest.mark.parametrize(("script", "options", "expected"), FAILURES.values(), ids=FAILURES)
def test_each_failure_has_its_outcome_and_reason(
    script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    began = time.monotonic()
    assert read_outcome(visit(script, 0.4 if expected == SLOW else 5, **options)) == expected
    assert time.monotonic() - began < 4, "no server outlives the deadline"


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(look("http", 2, Options(url=f"http://127.0.0.1:{port}/"))) == ("down", "refused")


def test_port_blocked_at_this_vantage_is_unknown() -> None:
    with hold_closed_port() as port:
        result = look("http", 2, Options(url=f"http://127.0.0.1:{port}/"), blocked=(port,))
    assert read_outcome(result) == ("unknown", f"blocked port {port} cannot be reached from here")


def test_the_family_of_addresses_can_be_chosen() -> None:
    with serve_script(answer_with(b"")) as port:
        four = look("http", 2, Options(url=f"http://127.0.0.1:{port}/", ip="4"))
        six = look("http", 2, Options(url=f"http://127.0.0.1:{port}/", ip="6"))
    assert read_outcome(four) == ("up", "")
    assert read_outcome(six) == ("down", "dns no address of that family")


def test_an_answer_above_the_agreed_time_is_degraded() -> None:
    def late(connection: socket.socket) -> None:
        connection.recv(65_536)
        time.sleep(0.05)
        connection.sendall(OK)

    result = visit(late, degraded_above=20)
    assert result.outcome is Outcome.DEGRADED
    assert result.reason == f"slow {result.latency_ms} ms"
    assert result.latency_ms >= 50


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("ok", '"ok"'),
        ("100", "100.0"),
        ("true", "true"),
        ("null", "null"),
        (">= 100", "100"),
        ("!= error", '"ok"'),
    ],
)
def test_a_json_value_is_compared_as_status_yml_writes_it(expected: str, found: str) -> None:
    body = f'{{"a": [{{"b": {found}}}]}}'.encode()
    assert read_outcome(visit(answer_with(body), json={"a.0.b": expected})) == ("up", "")


def test_request_follows_the_options() -> None:
    listening = Listening(OK)
    visit(
        listening,
        method="POST",
        query={"user": "a b"},
        headers={"X-Kind": "probe"},
        body='{"ask": true}',
        basic=Basic("user", "pass"),
    )
    head, _, body = listening.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /?user=a+b HTTP/1.1\r\n")
    assert b"X-Kind: probe" in head
    assert b"Authorization: Basic dXNlcjpwYXNz" in head
    assert body == b'{"ask": true}'


def test_environment_does_not_affect_the_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, no netrc, no other bundle of certificates."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    listening = Listening(OK)
    assert read_outcome(visit(listening)) == ("up", "")
    assert b"Authorization" not in listening.requests[0]


SECRETS = Secrets({"CONSTAT_TOKEN": "hunter2-token"}, {"CONSTAT_TOKEN": ("127.0.0.1",)})
TOKEN = "${CONSTAT_TOKEN}"


def test_a_secret_is_sent_to_its_host_and_not_to_the_origin_of_a_redirect() -> None:
    elsewhere = Listening(OK)
    headers = {"X-Key": TOKEN, "X-Kind": "probe", "Cookie": "a=b"}
    with serve_script(elsewhere) as port:
        first = Listening(redirect(302, "/again"), redirect(302, f"http://127.0.0.1:{port}/"))
        result = visit(first, secrets=SECRETS, bearer=TOKEN, headers=headers)
    assert read_outcome(result) == ("up", "")
    assert [b"Bearer hunter2-token" in request for request in first.requests] == [True, True]
    assert b"X-Kind: probe" in elsewhere.requests[0]
    assert not [word for word in (b"hunter2", b"Authorization", b"Cookie") if word in elsewhere.requests[0]]


def test_redirect_that_would_leak_a_secret_is_not_followed() -> None:
    elsewhere = Listening(OK)
    refusal = ("down", "redirect would take a secret to another origin")
    with serve_script(elsewhere) as port:
        away = Listening(redirect(307, f"http://127.0.0.1:{port}/"))
        body = visit(away, secrets=SECRETS, method="POST", body=f"token={TOKEN}")
        echo = Listening(redirect(302, f"http://127.0.0.1:{port}/?t=hunter2-token"))
        echoed = visit(echo, secrets=SECRETS)
    assert (read_outcome(body), read_outcome(echoed)) == (refusal, refusal)
    assert not elsewhere.requests


def test_undeclared_or_unset_secret_is_unknown() -> None:
    foreign = Secrets({"CONSTAT_TOKEN": "hunter2"}, {"CONSTAT_TOKEN": ("www.maxony.example",)})
    unset = Secrets({}, {"CONSTAT_TOKEN": ("127.0.0.1",)})
    listening = Listening(OK)
    results = [visit(listening, secrets=known, bearer=TOKEN) for known in (foreign, unset)]
    assert [read_outcome(each) for each in results] == [
        ("unknown", "secret CONSTAT_TOKEN is not declared for this host"),
        ("unknown", "secret CONSTAT_TOKEN is not set"),
    ]
    assert not listening.requests


def test_echoed_secret_is_redacted() -> None:
    body = b'{"error": "bad token hunter2-token"}'
    result = visit(answer_with(body), secrets=SECRETS, bearer=TOKEN, json={"error": "none"})
    assert read_outcome(result) == ("down", "value 'error' is 'bad token [secret]'")


class Certificates:
    """An authority of our own, and its file."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.file = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.file))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("ca"))


@contextmanager
def serve_https(certificates: Certificates, name: str = "127.0.0.1", **issue: Any) -> Iterator[str]:
    """An https server with a certificate for a name; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates.authority.issue_cert(name, **issue).configure_cert(context)
    with serve_script(answer_with(b"hello"), context) as port:
        yield f"https://127.0.0.1:{port}/"


def test_a_certificate_of_a_trusted_authority_is_up(certificates: Certificates) -> None:
    with serve_https(certificates) as url:
        result = look("http", 5, Options(url=url, ca=str(certificates.file), contains="hello"))
    assert read_outcome(result) == ("up", "")
    assert next(step.detail for step in result.steps if step.name == "tls") == "TLSv1.3, verified"


def test_unknown_authority_is_down_unless_verification_is_off(
    certificates: Certificates,
) -> None:
    with serve_https(certificates) as url:
        assert read_outcome(look("http", 5, Options(url=url))) == (
            "down",
            "tls certificate from an unknown authority",
        )
        result = look("http", 5, Options(url=url, verify=False))
    assert read_outcome(result) == ("up", "")
    assert next(step.detail for step in result.steps if step.name == "tls") == "TLSv1.3, NOT verified"


def test_a_wrong_name_and_an_expired_certificate_are_down(certificates: Certificates) -> None:
    ca = str(certificates.file)
    with serve_https(certificates, "www.maxony.example") as url:
        wrong_name = look("http", 5, Options(url=url, ca=ca))
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with serve_https(certificates, not_after=past) as url:
        expired = look("http", 5, Options(url=url, ca=ca))
    assert read_outcome(wrong_name) == ("down", "tls certificate for another address")
    assert read_outcome(expired) == ("down", "tls certificate expired")


TLS_FAILURES: dict[str, tuple[Script, str]] = {
    "plain text on the port": (
        send_and_wait(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        "tls not spoken on this port",
    ),
    "silence in the handshake": (hang, "timeout after 0.4 s"),
    "a handshake that trickles": (
        trickle(b"\x16\x03\x03\x40\x00", endless=b"\x02"),
        "timeout after 0.4 s",
    ),
    "tearing the handshake": (reset, "reset"),
    "closing in the handshake": (send_and_wait(b""), "closed"),
}


@pytest.mark.parametrize(("script", "reason"), TLS_FAILURES.values(), ids=TLS_FAILURES)
def test_a_handshake_that_fails_is_down(script: Script, reason: str) -> None:
    with serve_script(script) as port:
        assert read_outcome(look("http", 0.4, Options(url=f"https://127.0.0.1:{port}/"))) == ("down", reason)


def test_unreadable_ca_file_is_unknown(tmp_path: Path, certificates: Certificates) -> None:
    with serve_https(certificates) as url:
        result = look("http", 5, Options(url=url, ca="missing.pem"), root=tmp_path)
    assert read_outcome(result) == ("unknown", "authorities missing.pem cannot be used")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"basic": Basic("user", TOKEN), "bearer": TOKEN, "unencrypted": True}, "both basic and bearer"),
        ({"bearer": TOKEN}, "a secret would travel unencrypted"),
        ({"basic": Basic("user", TOKEN)}, "a secret would travel unencrypted"),
        ({"query": {"key": TOKEN}}, "a secret would travel unencrypted"),
        ({"headers": {"X-Key": TOKEN}}, "a secret would travel unencrypted"),
        ({"body": f"key={TOKEN}"}, "a secret would travel unencrypted"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Options(url="http://www.maxony.example/", **options)


def test_secret_is_allowed_over_tls() -> None:
    assert Options(url="https://www.maxony.example/", bearer=TOKEN).bearer == TOKEN
