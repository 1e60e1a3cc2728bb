"""The `postgres` check: against a real server with each sort of login, and against servers that break the protocol."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import postgres
from checks.kinds.postgres import Options
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.configured_probe import look, read_outcome
from tests.support.postgres_server import PASSWORD, run_postgres
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

KIND: CheckKind[postgres.Options] = postgres

SECRETS = Secrets({"CONSTAT_DB": PASSWORD}, {"CONSTAT_DB": ("127.0.0.1",)})
LOGIN: dict[str, Any] = {"password": "${CONSTAT_DB}", "unencrypted": True, "database": "postgres"}
SCRAM: dict[str, Any] = {**LOGIN, "username": "scram"}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, Path]]:
    with run_postgres() as running:
        yield running


def visit(port: int, seconds: float = 10, **options: Any) -> ProbeResult:
    return look(
        "postgres", seconds, Options("127.0.0.1", **{"username": "u", "port": port, **options}), SECRETS
    )


COUNT = "SELECT count(*) FROM orders"
ASKED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "SCRAM-SHA-256": ({**SCRAM, "expect": "1"}, ("up", "")),
    "MD5": ({**LOGIN, "username": "md5", "expect": "1"}, ("up", "")),
    "a password in the clear": ({**LOGIN, "username": "plain", "expect": "1"}, ("up", "")),
    "no password": ({"username": "postgres"}, ("up", "")),
    "few orders": ({**SCRAM, "query": COUNT, "expect": "<= 3"}, ("up", "")),
    "many orders": ({**SCRAM, "query": COUNT, "expect": "<= 2"}, ("down", "value the query gives '3'")),
    "nothing known": ({**SCRAM, "query": "SELECT NULL", "expect": "~"}, ("up", "")),
    "text with accents": ({**SCRAM, "query": "SELECT 'é'", "expect": "é"}, ("up", "")),
    "no row": (
        {**SCRAM, "query": "SELECT 1 WHERE false", "expect": "1"},
        ("down", "value the query gives no row"),
    ),
    "a wrong password": (
        {**SCRAM, "password": "wrong-9999"},
        ("down", "auth 28P01 'password authentication failed for user \"scram\"'"),
    ),
    "a database that is not there": (
        {**SCRAM, "database": "lost"},
        ("down", "status 3D000 'database \"lost\" does not exist'"),
    ),
    "a query that is none": (
        {**SCRAM, "query": "CHOOSE 1"},
        ("down", "status 42601 'syntax error at or near \"CHOOSE\"'"),
    ),
    "a query that would write": (
        {"username": "postgres", "query": "DELETE FROM orders"},
        ("down", "status 25006 'cannot execute DELETE in a read-only transaction'"),
    ),
    "a query that would end our transaction": (
        {"username": "postgres", "query": "COMMIT; DELETE FROM orders"},
        ("down", "status 42601 'cannot insert multiple commands into a prepared statement'"),
    ),
    "a query that wants data": (
        {"username": "postgres", "query": "COPY orders FROM STDIN"},
        ("down", "status 25006 'cannot execute COPY FROM in a read-only transaction'"),
    ),
    "a query that takes long": (
        {**SCRAM, "query": "SELECT pg_sleep(9)"},
        ("down", "timeout after 0.5 s"),
    ),
}


@pytest.mark.parametrize(("options", "expected"), ASKED.values(), ids=ASKED)
def test_a_real_server_answers(
    server: tuple[int, Path], options: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert read_outcome(visit(server[0], 0.5 if "timeout" in expected[1] else 10, **options)) == expected


def test_the_steps_show_the_answer(server: tuple[int, Path]) -> None:
    result = visit(server[0], **SCRAM, query=COUNT)
    assert [(step.name, step.detail) for step in result.steps[2:]] == [("login", ""), ("query", "'3'")]


def test_tls_certificate_is_verified(server: tuple[int, Path]) -> None:
    port, authority = server
    assert read_outcome(visit(port, **SCRAM, tls=True, ca=str(authority))) == ("up", "")
    assert read_outcome(visit(port, **SCRAM, tls=True))[1].startswith("tls certificate")


def message(letter: bytes, body: bytes = b"") -> bytes:
    return letter + struct.pack(">I", len(body) + 4) + body


READY = message(b"R", b"\0\0\0\0") + message(b"Z", b"I")
NONE = ("down", "protocol not PostgreSQL")
BROKEN: dict[str, tuple[Script, dict[str, Any], tuple[str, str]]] = {
    "silence": (hang, {}, ("down", "timeout after 0.3 s")),
    "a drip": (trickle(b"R\0\0"), {}, ("down", "timeout after 0.3 s")),
    "a torn connection": (reset, {}, ("down", "reset")),
    "nothing": (shut, {}, ("down", "closed")),
    "garbage": (send_and_wait(b"\xff\x00\xff\x00\xff\x00"), {}, NONE),
    "another protocol": (send_and_wait(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {}, NONE),
    "half a message": (send_and_wait(b"R\0\0\0\x08\0"), {}, ("down", "closed")),
    "a flood": (send_and_wait(READY + message(b"N", b"x" * 99_000) * 20), {}, ("down", "size")),
    "a row that is too short": (
        send_and_wait(READY + message(b"Z", b"I") + message(b"D", b"\0\x05")),
        {},
        ("down", "protocol a row that is too short"),
    ),
    "a login of no known kind": (
        send_and_wait(message(b"R", b"\0\0\0\x63")),
        {},
        ("down", "protocol a login of no known kind"),
    ),
    "a login that we do not speak": (
        send_and_wait(message(b"R", b"\0\0\0\x07")),
        {},
        ("unknown", "settings the server wants a login of a kind that we do not speak"),
    ),
    "a login out of turn": (
        send_and_wait(message(b"R", b"\0\0\0\x0br=x")),
        {},
        ("down", "protocol an answer to a login out of turn"),
    ),
    "two requests to log in": (
        send_and_wait(message(b"R", b"\0\0\0\x0aSCRAM-SHA-256\0\0") * 2),
        {},
        ("down", "protocol a second request to log in"),
    ),
    "a challenge that would keep us busy": (
        send_and_wait(
            message(b"R", b"\0\0\0\x0aSCRAM-SHA-256\0\0") + message(b"R", b"\0\0\0\x0br=x,s=eA==,i=99999999")
        ),
        {},
        ("down", "protocol a wrong challenge of SCRAM"),
    ),
    "no TLS": (send_and_wait(b"N"), {"tls": True}, ("down", "tls not spoken on this port")),
    "neither yes nor no to TLS": (send_and_wait(b"E"), {"tls": True}, NONE),
    "more than a yes to TLS": (send_and_wait(b"SX"), {"tls": True}, NONE),
}


@pytest.mark.parametrize(("script", "options", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_server_that_breaks_the_protocol_is_named(
    script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    with serve_script(script) as port:
        assert read_outcome(visit(port, 0.3 if "timeout" in expected[1] else 5, **options)) == expected


def test_password_is_never_echoed() -> None:
    """A careless proxy asks for it in the clear, and repeats it in its error."""

    def echo(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(message(b"R", b"\0\0\0\3"))
        said = connection.recv(65_536)[5:].rstrip(b"\0")
        connection.sendall(message(b"E", b"C28P01\0Mno " + said + b"\0\0"))

    with serve_script(echo) as port:
        assert read_outcome(visit(port, **SCRAM)) == ("down", "auth 28P01 'no [secret]'")


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit(port)) == ("down", "refused")


@pytest.mark.parametrize(
    ("options", "text"),
    [({"password": "${CONSTAT_DB}"}, "unencrypted"), ({"expect": "<= many"}, "no answer can ever be")],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(WrongError, match=text):
        Options("127.0.0.1", "status", **options)
