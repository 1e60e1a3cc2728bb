"""The `grpc` check: against a server of another implementation, and against servers that break the protocol."""

import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from grpc_health.v1 import health_pb2  # the messages alone: grpcio and forks do not mix
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import StreamEnded

from checks.contract import CheckKind
from checks.kinds import grpc
from checks.kinds.grpc import Options
from checks.network.grpc_health import read_response, write_request
from checks.probing import ProbeResult
from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.certificates import Certificates
from tests.support.configured_probe import look, read_outcome
from tests.support.grpc_server import TOKEN, Ports, run_grpc_server
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

KIND: CheckKind[grpc.Options] = grpc

SECRETS = Secrets({"CONSTAT_TOKEN": TOKEN}, {"CONSTAT_TOKEN": ("127.0.0.1",)})
PRIVATE = {"X-Private": "yes", "Authorization": "Bearer ${CONSTAT_TOKEN}"}


@pytest.fixture(scope="module")
def ports(certificates: Certificates) -> Iterator[Ports]:
    with run_grpc_server(certificates) as running:
        yield running


def visit(port: int, seconds: float = 5, **options: Any) -> ProbeResult:
    asked = Options("127.0.0.1", port, **{"tls": False, "unencrypted": True, **options})
    return look("grpc", seconds, asked, SECRETS)


ASKED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "the whole server": ({}, ("up", "")),
    "a service that is serving": ({"service": "shop.Orders"}, ("up", "")),
    "a long name beyond ASCII": ({"service": "shop.\u00e9" * 40}, ("up", "")),
    "a service that is not serving": (
        {"service": "shop.Carts"},
        ("down", "value shop.Carts is NOT_SERVING"),
    ),
    "a service that is not known": ({"service": "shop.Nothing"}, ("down", "status NOT_FOUND")),
    "a token": ({"metadata": PRIVATE}, ("up", "")),
    "a wrong token": (
        {"metadata": {**PRIVATE, "Authorization": "Bearer wrong"}},
        ("down", "auth UNAUTHENTICATED 'not Bearer wrong'"),
    ),
    "our token, repeated": (
        {"metadata": {**PRIVATE, "Authorization": "Basic ${CONSTAT_TOKEN}"}},
        ("down", "auth UNAUTHENTICATED 'not Basic [secret]'"),
    ),
}


@pytest.mark.parametrize(("options", "expected"), ASKED.values(), ids=ASKED)
def test_a_real_server_answers(ports: Ports, options: dict[str, Any], expected: tuple[str, str]) -> None:
    assert read_outcome(visit(ports.plain, **options)) == expected


def test_tls_certificate_is_verified(ports: Ports, certificates: Certificates) -> None:
    assert read_outcome(visit(ports.tls, tls=True, ca=certificates.ca)) == ("up", "")
    assert read_outcome(visit(ports.tls, tls=True))[1].startswith("tls certificate")


def test_client_certificate_is_sent_on_request(ports: Ports, certificates: Certificates) -> None:
    certificate, key = certificates.files()
    asked: dict[str, Any] = {"tls": True, "ca": certificates.ca}
    assert read_outcome(visit(ports.certified, **asked, client_cert=certificate, client_key=key)) == (
        "up",
        "",
    )
    assert read_outcome(visit(ports.certified, **asked))[0] == "down"


def test_the_steps_show_the_answer(ports: Ports) -> None:
    result = visit(ports.plain, service="shop.Carts")
    assert [(step.name, step.detail) for step in result.steps[2:]] == [("health", "NOT_SERVING")]


def test_a_server_without_http2_inside_tls_does_not_speak_grpc(certificates: Certificates) -> None:
    with serve_script(hang, certificates.good) as port:
        assert read_outcome(visit(port, tls=True, ca=certificates.ca)) == ("down", "protocol not HTTP/2")


def answer_with(
    headers: Sequence[tuple[str, str]], body: bytes | None = None, trailers: Sequence[tuple[str, str]] = ()
) -> Script:
    """An HTTP/2 server that gives this answer to a complete request."""

    def script(connection: socket.socket) -> None:
        http = H2Connection(H2Configuration(client_side=False))
        http.initiate_connection()
        while received := connection.recv(65_536):
            asked = any(isinstance(event, StreamEnded) for event in http.receive_data(received))
            if asked and not http.streams[1].closed:
                http.send_headers(1, headers, end_stream=body is None)
                if body is not None:
                    http.send_data(1, body, end_stream=not trailers)
                if trailers:
                    http.send_headers(1, trailers, end_stream=True)
            connection.sendall(http.data_to_send())

    return script


def reset_stream_of_request(connection: socket.socket) -> None:
    http = H2Connection(H2Configuration(client_side=False))
    http.initiate_connection()
    http.receive_data(connection.recv(65_536))
    http.reset_stream(1, 7)
    connection.sendall(http.data_to_send())
    hang(connection)


OK = [(":status", "200"), ("content-type", "application/grpc")]
DONE = [("grpc-status", "0")]
SERVING = b"\0\0\0\0\x02\x08\x01"
BROKEN: dict[str, tuple[Script, tuple[str, str]]] = {
    "silence": (hang, ("down", "timeout after 0.3 s")),
    "a drip": (trickle(b"\0\x3f\xff\4\0\0\0\0\0"), ("down", "timeout after 0.3 s")),
    "a torn connection": (reset, ("down", "reset")),
    "nothing": (shut, ("down", "closed")),
    "garbage": (send_and_wait(b"\xff\0\xff\0\xff"), ("down", "protocol not HTTP/2 '\ufffd?\ufffd?\ufffd'")),
    "settings of nonsense": (
        send_and_wait(b"\0\0\5\4\0\0\0\0\0" + b"\xff" * 9),
        ("down", "protocol not HTTP/2"),
    ),
    "another protocol": (
        send_and_wait(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("down", "protocol not HTTP/2 'HTTP/1.1 400 Bad Request'"),
    ),
    "a web server": (answer_with([(":status", "503")]), ("down", "status HTTP '503'")),
    "a web page": (answer_with([(":status", "200")], b"<html>"), ("down", "protocol not gRPC")),
    "a code of its own": (answer_with([*OK, ("grpc-status", "99")]), ("down", "status '99'")),
    "a code that is none": (answer_with([*OK, ("grpc-status", "\u00b2")]), ("down", "status '\u00b2'")),
    "a server without health": (
        answer_with([*OK, ("grpc-status", "12"), ("grpc-message", "no%20such method")]),
        ("down", "status UNIMPLEMENTED 'no such method'"),
    ),
    "a server that was too slow itself": (
        answer_with([*OK, ("grpc-status", "4")]),
        ("down", "timeout after 5 s"),
    ),
    "no message": (answer_with(OK, b"", DONE), ("down", "protocol not a message of gRPC")),
    "half a message": (answer_with(OK, SERVING[:-1], DONE), ("down", "protocol not a message of gRPC")),
    "an unknown health": (
        answer_with(OK, SERVING[:-1] + b"\x09", DONE),
        ("down", "protocol not an answer about health"),
    ),
    "no health": (answer_with(OK, b"\0\0\0\0\0", DONE), ("down", "value the server is UNKNOWN")),
    "a long message": (answer_with(OK, b"x" * 5000, DONE), ("down", "size")),
    "no code": (answer_with(OK, SERVING), ("down", "protocol not gRPC")),
    "a torn call": (reset_stream_of_request, ("down", "reset by HTTP/2 with error 7")),
}


@pytest.mark.parametrize(("script", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_server_that_breaks_the_protocol_is_down(script: Script, expected: tuple[str, str]) -> None:
    with serve_script(script) as port:
        assert read_outcome(visit(port, 0.3 if "0.3 s" in expected[1] else 5)) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit(port)) == ("down", "refused")


def test_messages_match_the_other_implementation() -> None:
    for name in ("", "a", "x" * 127, "x" * 300):
        assert write_request(name)[5:] == health_pb2.HealthCheckRequest(service=name).SerializeToString()
    for health in ("UNKNOWN", "SERVING", "NOT_SERVING"):
        message = health_pb2.HealthCheckResponse(status=health).SerializeToString()
        assert read_response(b"\0" + len(message).to_bytes(4, "big") + message) == health
    with pytest.raises(Trouble, match="not a message"):
        read_response(b"\1\0\0\0\0")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metadata": PRIVATE, "tls": False}, "unencrypted"),
        ({"client_cert": "c.pem"}, "half of a client certificate"),
        ({"client_cert": "c.pem", "client_key": "k.pem", "tls": False}, "without TLS"),
        ({"client_cert": "c.pem", "client_key": "./history/k.pem"}, "would be published"),
        ({"metadata": {"Grpc-Timeout": "1S"}}, "belongs to the call"),
        ({"metadata": {"TE": "x"}}, "belongs to the call"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options("127.0.0.1", **options)
