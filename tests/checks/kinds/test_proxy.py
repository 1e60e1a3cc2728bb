"""The `proxy` check: through real proxies of both sorts, and against servers that break the protocol."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from checks.contract import CheckKind
from checks.kinds import proxy, tcp
from checks.kinds.proxy import Options
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.certificates import NAME, Certificates
from tests.support.configured_probe import look, read_outcome
from tests.support.required_programs import needs
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

KIND: CheckKind[proxy.Options] = proxy

PASSWORD = "hunter2-4711-xyz"
SECRETS = Secrets({"CONSTAT_PROXY": PASSWORD}, {"CONSTAT_PROXY": ("127.0.0.1",)})
ACCOUNT: dict[str, Any] = {"username": "status", "password": "${CONSTAT_PROXY}", "unencrypted": True}


class Proxies(NamedTuple):
    """Where the real proxies listen; each lets in who has the account."""

    http: int
    socks5: int


class Targets(NamedTuple):
    """What lies behind them: a server that greets, one that speaks TLS, and a port where nobody listens."""

    greeting: int
    secure: int
    closed: int


@pytest.fixture(scope="module")
def proxies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxies]:
    tinyproxy, microsocks = needs("tinyproxy", "tinyproxy"), needs("microsocks", "microsocks")
    with hold_closed_port() as http, hold_closed_port() as socks:
        pass
    settings = tmp_path_factory.mktemp("tinyproxy") / "tinyproxy.conf"
    settings.write_text(
        f"Port {http}\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nBasicAuth status {PASSWORD}\nLogLevel Critical\n",
        encoding="ascii",
    )
    socks_command = [microsocks, "-i", "127.0.0.1", "-p", str(socks), "-u", "status", "-P", PASSWORD]
    with ExitStack() as running:
        for command in ([tinyproxy, "-d", "-c", str(settings)], socks_command):
            server = running.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))  # noqa: S603 (our own words)
            running.callback(server.kill)
        _wait_for(http, socks)
        yield Proxies(http, socks)


def _wait_for(*ports: int) -> None:
    until = time.monotonic() + 10
    while any(read_outcome(look("tcp", 1, tcp.Options("127.0.0.1", port)))[0] != "up" for port in ports):
        assert time.monotonic() < until, "the proxies must start"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def targets(certificates: Certificates) -> Iterator[Targets]:
    with (
        serve_script(send_and_wait(b"220 ready\r\n")) as greeting,
        serve_script(hang, certificates.good) as secure,
        hold_closed_port() as closed,
    ):
        yield Targets(greeting, secure, closed)


def visit(protocol: Any, port: int, seconds: float = 5, **options: Any) -> ProbeResult:
    asked = Options("127.0.0.1", port, protocol=protocol, **{"target": "127.0.0.1", **options})
    return look("proxy", seconds, asked, SECRETS)


BOTH = pytest.mark.parametrize("protocol", Proxies._fields)


@BOTH
def test_real_proxy_forwards(
    proxies: Proxies, targets: Targets, certificates: Certificates, protocol: str
) -> None:
    port = getattr(proxies, protocol)
    assert read_outcome(visit(protocol, port, target_port=targets.secure, **ACCOUNT)) == ("up", "")
    greeted = visit(
        protocol, port, target="localhost", target_port=targets.greeting, banner="ready", **ACCOUNT
    )
    assert read_outcome(greeted) == ("up", "")
    other = visit(protocol, port, target_port=targets.greeting, banner="mail", **ACCOUNT)
    assert read_outcome(other) == ("down", "banner '220 ready'")
    trusted = {"target_port": targets.secure, "target_tls": True, **ACCOUNT}
    assert read_outcome(visit(protocol, port, **trusted, ca=certificates.ca)) == ("up", "")
    assert read_outcome(visit(protocol, port, **trusted))[1].startswith("tls certificate")


@pytest.mark.parametrize(
    ("protocol", "account", "expected"),
    [
        ("http", {}, "auth 407 'Proxy Authentication Required'"),
        ("http", {**ACCOUNT, "password": "wrong"}, "auth 401 'Unauthorized'"),
        ("socks5", {}, "auth the proxy takes none of our ways to sign in"),
        ("socks5", {**ACCOUNT, "password": "wrong"}, "auth the proxy refuses username and password"),
    ],
)
def test_a_wrong_account_is_a_refused_login(
    proxies: Proxies, targets: Targets, protocol: str, account: dict[str, Any], expected: str
) -> None:
    result = visit(protocol, getattr(proxies, protocol), target_port=targets.secure, **account)
    assert read_outcome(result) == ("down", expected)


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [("http", "status 500 'Unable to connect'"), ("socks5", "status connection refused")],
)
def test_target_unreachable_through_the_proxy_is_down(
    proxies: Proxies, targets: Targets, protocol: str, expected: str
) -> None:
    result = visit(protocol, getattr(proxies, protocol), target_port=targets.closed, **ACCOUNT)
    assert read_outcome(result) == ("down", expected)


def test_the_proxy_itself_may_speak_tls(certificates: Certificates) -> None:
    with serve_script(send_and_wait(b"HTTP/1.1 200 OK\r\n\r\n220 ready\r\n"), certificates.good) as port:
        through: dict[str, Any] = {
            "tls": True,
            "banner": "ready",
            "server_name": NAME,
            "target": "mail.maxony.example",
        }
        assert read_outcome(visit("http", port, **through, ca=certificates.ca)) == ("up", "")


GREETED, LET_IN = b"\5\0", b"\5\2\1\0"
WAY = b"\5\0\0\1\x7f\0\0\1\0\x50"
BROKEN: dict[str, tuple[str, Script, dict[str, Any], tuple[str, str]]] = {
    "silence": ("http", hang, {}, ("down", "timeout after 0.3 s")),
    "silence in SOCKS": ("socks5", hang, {}, ("down", "timeout after 0.3 s")),
    "a drip": ("http", trickle(b"HTTP/1.1 200 OK\r\n"), {}, ("down", "timeout after 0.3 s")),
    "a drip of names": (
        "socks5",
        trickle(GREETED + b"\5\0\0\3\xff", pause_s=0.05),
        {},
        ("down", "timeout after 0.3 s"),
    ),
    "a torn connection": ("http", reset, {}, ("down", "reset")),
    "nothing": ("http", shut, {}, ("down", "closed")),
    "nothing in SOCKS": ("socks5", shut, {}, ("down", "closed")),
    "garbage": ("http", send_and_wait(b"\xff\0\xff\r\n\r\n"), {}, ("down", "protocol not HTTP")),
    "garbage in SOCKS": ("socks5", send_and_wait(b"\xff\0"), {}, ("down", "protocol not SOCKS 5 '\ufffd?'")),
    "the other protocol": (
        "socks5",
        send_and_wait(b"HTTP/1.1 400 x\r\n"),
        {},
        ("down", "protocol not SOCKS 5 'HT'"),
    ),
    "a way that was not offered": (
        "socks5",
        send_and_wait(b"\5\2"),
        {},
        ("down", "protocol a way to sign in that was not offered"),
    ),
    "a later login": ("socks5", send_and_wait(LET_IN + WAY), ACCOUNT, ("up", "")),
    "half a reply": ("socks5", send_and_wait(GREETED + b"\5\0"), {}, ("down", "closed")),
    "a reply of SOCKS 4": (
        "socks5",
        send_and_wait(GREETED + b"\4\0\0\1"),
        {},
        ("down", "protocol not SOCKS 5"),
    ),
    "an unknown address": (
        "socks5",
        send_and_wait(GREETED + b"\5\0\0\2xx"),
        {},
        ("down", "protocol an address of an unknown type"),
    ),
    "rules": (
        "socks5",
        send_and_wait(GREETED + b"\5\2\0\1"),
        {},
        ("down", "status not allowed by the rules"),
    ),
    "a code of its own": (
        "socks5",
        send_and_wait(GREETED + b"\5\x63\0\1"),
        {},
        ("down", "status refused with 99"),
    ),
    "a name in the reply, then a greeting": (
        "socks5",
        send_and_wait(GREETED + b"\5\0\0\3\1x\0\x50hello\n"),
        {"banner": "hell"},
        ("up", ""),
    ),
    "IPv6 in the reply": (
        "socks5",
        send_and_wait(GREETED + b"\5\0\0\4" + b"\0" * 18),
        {"target": "2001:db8::1"},
        ("up", ""),
    ),
    "no greeting": (
        "socks5",
        send_and_wait(GREETED + WAY),
        {"banner": "x"},
        ("down", "closed before a greeting"),
    ),
    "a target that speaks before TLS": (
        "http",
        send_and_wait(b"HTTP/1.1 200 OK\r\n\r\nhello"),
        {"target_tls": True},
        ("down", "protocol unasked before TLS 'hello'"),
    ),
    "a web server": ("http", send_and_wait(b"HTTP/1.1 405 No\r\n\r\n"), {}, ("down", "status 405 'No'")),
}


@pytest.mark.parametrize(("protocol", "script", "options", "expected"), BROKEN.values(), ids=BROKEN)
def test_each_server_answer_has_its_outcome(
    protocol: str, script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    with serve_script(script) as port:
        result = visit(protocol, port, 0.3 if "timeout" in expected[1] else 5, **options)
    assert read_outcome(result) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit("http", port)) == ("down", "refused")


def test_password_too_long_for_the_protocol_is_unknown() -> None:
    secrets = Secrets({"CONSTAT_PROXY": "x" * 300}, SECRETS.hosts)
    with serve_script(send_and_wait(LET_IN)) as port:
        options = Options("127.0.0.1", port, "127.0.0.1", protocol="socks5", **ACCOUNT)
        result = look("proxy", 5, options, secrets)
    assert read_outcome(result) == ("unknown", "secret username and password must be at most 255 bytes")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"username": "status"}, "a username without a password"),
        ({**ACCOUNT, "unencrypted": False}, "unencrypted"),
        ({"tls": True, "target_tls": True}, "TLS within TLS"),
        ({"banner": "x", "target_tls": True}, "both banner and target_tls"),
        ({"target": "fe80::1%eth0"}, "this machine's network"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options("127.0.0.1", 8080, **{"target": "www.maxony.example", **options})
