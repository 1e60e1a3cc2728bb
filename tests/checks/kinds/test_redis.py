"""The `redis` check: against a real server with accounts, and against servers that break the protocol."""

import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import redis
from checks.kinds.redis import Options
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.certificates import Certificates
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

KIND: CheckKind[redis.Options] = redis

PASSWORD = "hunter2-4711-xyz"
SECRETS = Secrets({"CONSTAT_REDIS": PASSWORD}, {"CONSTAT_REDIS": ("127.0.0.1",)})
ACCOUNT: dict[str, Any] = {"username": "status", "password": "${CONSTAT_REDIS}", "unencrypted": True}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server in which everybody may ping, and the account `status` may ask for the length of a queue."""
    program = needs("redis-server", "redis-server")
    with hold_closed_port() as port:
        pass
    folder = tmp_path_factory.mktemp("redis")
    accounts = f"user default on nopass ~* &* -@all +ping +rpush +select +set\nuser status on >{PASSWORD} ~queue -@all +llen +select\n"
    (folder / "users.acl").write_text(accounts, encoding="ascii")
    settings = f"port {port}\nbind 127.0.0.1\nsave ''\naclfile {folder}/users.acl\ndir {folder}\n"
    (folder / "redis.conf").write_text(settings, encoding="ascii")
    with subprocess.Popen([program, str(folder / "redis.conf")], stdout=subprocess.DEVNULL) as server:  # noqa: S603 (our own words)
        _fill(port)
        yield port
        server.terminate()


def _fill(port: int) -> None:
    """Wait for the server, and put three entries into the queue."""
    until = time.monotonic() + 10
    while read_outcome(look("redis", 1, Options("127.0.0.1", port)))[0] != "up":
        assert time.monotonic() < until, "the server must start"
        time.sleep(0.02)
    filled = look("redis", 5, Options("127.0.0.1", port, command=("RPUSH", "queue", "a", "b", "c")))
    assert read_outcome(filled) == ("up", "")


def visit(port: int, seconds: float = 5, **options: Any) -> ProbeResult:
    return look("redis", seconds, Options("127.0.0.1", port, **options), SECRETS)


ASKED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "a ping": ({"expect": "PONG"}, ("up", "")),
    "a short queue": ({**ACCOUNT, "command": ("LLEN", "queue"), "expect": "<= 3"}, ("up", "")),
    "a long queue": (
        {**ACCOUNT, "command": ("LLEN", "queue"), "expect": "<= 2"},
        ("down", "value LLEN is '3'"),
    ),
    "an empty queue in another database": (
        {**ACCOUNT, "database": 1, "command": ("LLEN", "queue"), "expect": "0"},
        ("up", ""),
    ),
    "a database that is not there": (
        {"database": 99},
        ("down", "status SELECT 'ERR DB index is out of range'"),
    ),
    "a command that is none": (
        {"command": ("PLEASE",)},
        ("down", "status PLEASE 'ERR unknown command \u2019PLEASE\u2019, with args beginning with:'"),
    ),
}


@pytest.mark.parametrize(("options", "expected"), ASKED.values(), ids=ASKED)
def test_a_real_server_answers(port: int, options: dict[str, Any], expected: tuple[str, str]) -> None:
    assert read_outcome(visit(port, **options)) == expected


def test_a_wrong_password_is_a_refused_login(port: int) -> None:
    outcome, reason = read_outcome(visit(port, **{**ACCOUNT, "password": "other"}))
    assert (outcome, reason.split(" ")[:3]) == ("down", ["auth", "AUTH", "'WRONGPASS"])


def test_command_forbidden_to_the_account_is_a_refused_login(port: int) -> None:
    outcome, reason = read_outcome(visit(port, **ACCOUNT, command=("GET", "queue")))
    assert (outcome, reason.split(" ")[:3]) == ("down", ["auth", "GET", "'NOPERM"])


def test_the_steps_show_the_answer(port: int) -> None:
    result = visit(port, **ACCOUNT, command=("LLEN", "queue"))
    assert [(step.name, step.detail) for step in result.steps[2:]] == [("login", ""), ("LLEN", "'3'")]


def test_tls_certificate_is_verified(certificates: Certificates) -> None:
    with serve_script(send_and_wait(b"+PONG\r\n"), certificates.good) as port:
        assert read_outcome(visit(port, tls=True, ca=certificates.ca)) == ("up", "")
        assert read_outcome(visit(port, tls=True))[1].startswith("tls certificate")


def echo(connection: socket.socket) -> None:
    """Repeat the password in an error, as a careless proxy may."""
    connection.sendall(b"-ERR " + connection.recv(65_536).split(b"\r\n")[-2] + b"\r\n")


BROKEN: dict[str, tuple[Script, tuple[str, str]]] = {
    "silence": (hang, ("down", "timeout after 0.3 s")),
    "a drip": (trickle(b"+PO"), ("down", "timeout after 0.3 s")),
    "a torn connection": (reset, ("down", "reset")),
    "nothing": (shut, ("down", "closed")),
    "garbage": (send_and_wait(b"\xff\x00\r\n"), ("down", "protocol not Redis '\ufffd?'")),
    "another protocol": (
        send_and_wait(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("down", "protocol not Redis 'HTTP/1.1 400 Bad Request'"),
    ),
    "an endless line": (send_and_wait(b"+" + b"x" * 10_000), ("down", f"protocol not Redis '{'x' * 57}...'")),
    "a number that is none": (send_and_wait(b":1_0\r\n"), ("down", "protocol a number that is none")),
    "half a text": (send_and_wait(b"$5\r\nhe"), ("down", "closed")),
    "a text without an end": (send_and_wait(b"$9999999999\r\n" + b"x" * 2_000_000), ("down", "size")),
    "lists within lists": (send_and_wait(b"*1\r\n" * 50), ("down", "protocol not Redis '*1'")),
    "a server that still loads": (
        send_and_wait(b"-LOADING wait\r\n"),
        ("down", "status PING 'LOADING wait'"),
    ),
    "a server that wants a login": (
        send_and_wait(b"-NOAUTH sign in\r\n"),
        ("down", "auth PING 'NOAUTH sign in'"),
    ),
}


@pytest.mark.parametrize(("script", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_server_that_breaks_the_protocol_is_down(script: Script, expected: tuple[str, str]) -> None:
    with serve_script(script) as port:
        assert read_outcome(visit(port, 0.3 if "timeout" in expected[1] else 5, expect="PONG")) == expected


def test_password_is_never_echoed() -> None:
    with serve_script(echo) as port:
        assert read_outcome(visit(port, **ACCOUNT)) == ("down", "auth AUTH 'ERR [secret]'")


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit(port)) == ("down", "refused")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"command": ()}, "an empty command"),
        ({"username": "status"}, "a username without a password"),
        ({"password": "${CONSTAT_REDIS}"}, "unencrypted"),
        ({"expect": "<= many"}, "no answer can ever be"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options("127.0.0.1", **options)
