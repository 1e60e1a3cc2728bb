"""The `websocket` check: against a server of another implementation, and against servers that break the protocol."""

import base64
import hashlib
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from websockets import Subprotocol
from websockets.sync.server import ServerConnection, serve

from checks.contract import CheckKind
from checks.kinds import websocket
from checks.kinds.websocket import Options
from checks.network.connection import Reader
from checks.network.websocket_client import WebSocket
from checks.probing import ProbeResult
from checks.reasons import translate_error
from checks.secrets import Secrets
from constat.config.fields import WrongError
from constat.config.fields.network_fields import parse_web_socket_url
from tests.support.certificates import Certificates
from tests.support.configured_probe import look, read_outcome
from tests.support.effort import scale_tries
from tests.support.nonsense_socket import Nonsense
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

KIND: CheckKind[websocket.Options] = websocket

SECRETS = Secrets({"CONSTAT_TOKEN": "s3cret-token"}, {"CONSTAT_TOKEN": ("127.0.0.1",)})
TOKEN = "${CONSTAT_TOKEN}"


def converse(connection: ServerConnection) -> None:
    """What the real server says: it depends on the path that is asked for."""
    match connection.request.path if connection.request else "":
        case "/chatty":
            for text in ("hello", b"\xff\x00", "x" * 70_000, "ready"):
                connection.send(text)
        case "/parts":
            connection.send(iter(["re", "a", "dy"]))
        case "/pings":
            assert connection.ping().wait(5), "our pong must come"
            connection.send("ready")
        case "/closes":
            connection.close(1013, "try again later")
        case "/who":
            connection.send(
                str(connection.request.headers.get("Authorization")) if connection.request else ""
            )
    for message in connection:
        connection.send(message)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    def select(_connection: object, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return next((each for each in offered if each == "json.v2"), None)

    with serve(converse, "127.0.0.1", 0, select_subprotocol=select) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.socket.getsockname()[1]
        server.shutdown()


def visit(port: int, path: str = "/", seconds: float = 5, **options: Any) -> ProbeResult:
    asked = Options(url=f"ws://127.0.0.1:{port}{path}", unencrypted=True, **options)
    return look("websocket", seconds, asked, SECRETS)


SPOKEN: dict[str, tuple[str, dict[str, Any], tuple[str, str]]] = {
    "the handshake alone": ("/", {}, ("up", "")),
    "an echo": ("/?a=b", {"send": "hello \u00e9", "expect": "lo \u00e9"}, ("up", "")),
    "a long message": ("/", {"send": "x" * 70_000 + "end", "expect": "xend"}, ("up", "")),
    "a message of middle length": ("/", {"send": "x" * 300, "expect": "x" * 300}, ("up", "")),
    "the fourth message": ("/chatty", {"expect": "ready"}, ("up", "")),
    "a message in parts": ("/parts", {"expect": "ready"}, ("up", "")),
    "a ping first": ("/pings", {"expect": "ready"}, ("up", "")),
    "a subprotocol": ("/", {"subprotocol": "json.v2"}, ("up", "")),
    "a sign-in": ("/who", {"bearer": TOKEN, "expect": "Bearer"}, ("up", "")),
    "a close": ("/closes", {"expect": "ready"}, ("down", "closed by the server with 1013 'try again later'")),
    "another message": ("/chatty", {"expect": "steady"}, ("down", "timeout after 0.3 s")),
    "a subprotocol that it does not know": (
        "/",
        {"subprotocol": "json.v1"},
        ("down", "protocol another subprotocol than asked for"),
    ),
}


@pytest.mark.parametrize(("path", "options", "expected"), SPOKEN.values(), ids=SPOKEN)
def test_exchanges_a_message_with_a_real_server(
    port: int, path: str, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert read_outcome(visit(port, path, 0.3 if "timeout" in expected[1] else 5, **options)) == expected


def test_steps_show_the_message_without_secrets(port: int) -> None:
    result = visit(port, "/who", bearer=TOKEN, expect="Bearer")
    assert [step.name for step in result.steps] == ["resolve", "connect", "handshake", "message"]
    assert result.steps[-1].detail == "'Bearer [secret]'"


def test_tls_certificate_is_verified(certificates: Certificates) -> None:
    with serve(converse, "127.0.0.1", 0, ssl=certificates.good) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"wss://127.0.0.1:{server.socket.getsockname()[1]}/"
        trusted = look("websocket", 5, Options(url, send="a", expect="a", ca=certificates.ca))
        strange = look("websocket", 5, Options(url))
        unverified = look("websocket", 5, Options(url, verify=False))
        server.shutdown()
    assert read_outcome(trusted) == read_outcome(unverified) == ("up", "")
    assert read_outcome(strange)[1].startswith("tls certificate")


def accept_with(*pieces: bytes, headers: str = "", key_for: bytes | None = None) -> Script:
    """Shake hands, then send frames as they are."""

    def script(connection: socket.socket) -> None:
        request = connection.recv(65_536)
        key = (
            request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0] if key_for is None else key_for
        )
        digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", usedforsecurity=False).digest()
        accepted = base64.b64encode(digest).decode()
        head = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n{headers}"
        connection.sendall(f"{head}Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode() + b"".join(pieces))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    return script


NO_SOCKET = ("down", "protocol not a WebSocket's answer")
UNKNOWN_FRAME = ("down", "protocol an unknown kind of frame")
BROKEN: dict[str, tuple[Script, tuple[str, str]]] = {
    "silence": (hang, ("down", "timeout after 0.3 s")),
    "a handshake that drips": (trickle(b"HTTP/1.1 1"), ("down", "timeout after 0.3 s")),
    "a torn connection": (reset, ("down", "reset")),
    "nothing": (shut, ("down", "closed")),
    "garbage": (send_and_wait(b"\xff\x00" * 50), ("down", "protocol not HTTP")),
    "a page": (send_and_wait(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), ("down", "status 200")),
    "a redirect": (send_and_wait(b"HTTP/1.1 302 x\r\nLocation: /\r\n\r\n"), ("down", "status 302")),
    "a switch to something else": (send_and_wait(b"HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\n"), NO_SOCKET),
    "the answer to another handshake": (accept_with(key_for=b"other"), NO_SOCKET),
    "an extension that nobody asked for": (
        accept_with(headers="Sec-WebSocket-Extensions: permessage-deflate\r\n"),
        ("down", "protocol an extension that was not agreed on"),
    ),
    "a subprotocol that nobody asked for": (
        accept_with(headers="Sec-WebSocket-Protocol: json.v2\r\n"),
        ("down", "protocol another subprotocol than asked for"),
    ),
    "the end": (accept_with(), ("down", "closed")),
    "half a frame": (accept_with(b"\x81\x7e\x01"), ("down", "closed")),
    "a close without a word": (accept_with(b"\x88\x00"), ("down", "closed by the server")),
    "a compressed frame": (
        accept_with(b"\xc1\x01x"),
        ("down", "protocol an extension that was not agreed on"),
    ),
    "a masked frame": (accept_with(b"\x81\x81abcdx"), ("down", "protocol a masked frame")),
    "an unknown frame": (accept_with(b"\x83\x01x"), UNKNOWN_FRAME),
    "an unknown control frame": (accept_with(b"\x8b\x00"), UNKNOWN_FRAME),
    "a ping in parts": (
        accept_with(b"\x09\x00"),
        ("down", "protocol a control frame that is too long or in parts"),
    ),
    "a second part without a first": (accept_with(b"\x80\x01x"), ("down", "protocol a fragment out of turn")),
    "a first part within another": (
        accept_with(b"\x01\x01x\x01\x01x"),
        ("down", "protocol a fragment out of turn"),
    ),
    "a frame of exabytes": (accept_with(b"\x82\x7f" + b"\x7f" * 8 + b"x" * 2_000_000), ("down", "size")),
}


@pytest.mark.parametrize(("script", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_server_that_breaks_the_protocol_is_down(script: Script, expected: tuple[str, str]) -> None:
    with serve_script(script) as port:
        result = visit(port, seconds=0.3 if "timeout" in expected[1] else 5, expect="ready")
    assert read_outcome(result) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit(port)) == ("down", "refused")


FRAMES = (b"\x81\x05ready", b"\x01\x02re", b"\x80\x03ady", b"\x89\x04ping", b"\x8a\x00", b"\x82\x7e\x00\x80" + b"x" * 128, b"\x88\x02\x03\xe8", b"\x81\x7f" + b"\0" * 7 + b"\x05hello")  # fmt: skip


def test_malformed_frames_end_in_time_with_a_reason() -> None:
    """In memory, on a clock that only reading moves."""
    nonsense, words = Nonsense(3, FRAMES, SECRETS), set()
    for _ in range(scale_tries(1000)):
        clock, context = nonsense.make_world()
        connection = nonsense.make_connection(clock, context)
        try:
            for message in WebSocket(connection, Reader(connection), context).messages():
                words.add("ready" if message == b"ready" else "message")
        except Exception as error:  # noqa: BLE001 (whatever it is, the table must know it)
            trouble = translate_error(error, 1)
            assert trouble is not None
            words.add(trouble.word)
        assert clock.now <= 1.02
    assert words >= {"ready", "message", "closed", "protocol", "timeout"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "ws://a.example/", "send": TOKEN}, "unencrypted"),
        ({"url": "wss://a.example/", "headers": {"Upgrade": "x"}}, "belongs to the handshake"),
        ({"url": "wss://a.example/", "headers": {"Sec-WebSocket-Key": "x"}}, "belongs to the handshake"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options(**options)


def test_addresses_are_normalised() -> None:
    assert (
        parse_web_socket_url("wss://B\u00fccher.example:8443/a?b") == "wss://xn--bcher-kva.example:8443/a?b"
    )


@pytest.mark.parametrize(
    "text", ["https://a.example/", "wss:a.example", "ws://u:p@a.example/", "ws://a/#b", "ws://"]
)
def test_invalid_websocket_address_is_refused(text: str) -> None:
    with pytest.raises(WrongError):
        parse_web_socket_url(text)
