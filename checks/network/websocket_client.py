"""A client of WebSocket (RFC 6455) on our own connections: the handshake, text both ways, and nothing optional.

The protocol is implemented here because every read has to keep the deadline of a probe, and because so little of it is
needed: no extension is offered, and the messages that we send fit into one frame.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import NamedTuple
from urllib.parse import urlsplit

from checks.network.connection import Connection, Reader
from checks.network.http_transport import FinalAnswer
from checks.probing import Context
from checks.reasons import Trouble

PORTS = {"ws": 80, "wss": 443}
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FINAL, _RESERVED, _MASKED, _CONTROL = 0x80, 0x70, 0x80, 0x8
_NORMAL = 1000
_LONGEST_CONTROL = 125
_SHORT, _LONG = 126, 127
_SWITCHING = 101


class _Frame(NamedTuple):
    """One frame of the server."""

    opcode: int
    final: bool
    payload: bytes


class WebSocket:
    """An open WebSocket. The server's pings are answered while messages are waited for."""

    def __init__(self, connection: Connection, reader: Reader, context: Context) -> None:
        self._connection = connection
        self._reader = reader
        self._context = context

    def send(self, text: str) -> None:
        """Send a message of text."""
        self._send(_TEXT, text.encode())

    def messages(self) -> Iterator[bytes]:
        """Yield the messages that the server sends, until the caller has enough.

        Raises:
            Trouble: the server closes, or does not keep to the protocol.
            TimeoutError: no further message comes in time.

        """
        parts: list[bytes] = []
        while True:
            frame = self._read_frame()
            if frame.opcode & _CONTROL:
                self._handle_control(frame)
                continue
            if (frame.opcode == _CONTINUATION) != bool(parts):
                raise Trouble("protocol", "a fragment out of turn")
            parts.append(frame.payload)
            if frame.final:
                yield b"".join(parts)
                parts = []

    def close(self) -> None:
        """Say that we are done (RFC 6455 7.1.1); the server's answer is not waited for."""
        self._send(_CLOSE, _NORMAL.to_bytes(2, "big"))

    def _handle_control(self, frame: _Frame) -> None:
        """Answer a ping; raise `Trouble` if the server closes."""
        if frame.opcode == _PING:
            self._send(_PONG, frame.payload)
        elif frame.opcode == _CLOSE:
            code = int.from_bytes(frame.payload[:2], "big") if len(frame.payload) > 1 else None
            detail = "by the server" if code is None else f"by the server with {code}"
            if frame.payload[2:]:
                detail = f"{detail} {self._context.quote(frame.payload[2:])}"
            raise Trouble("closed", detail)
        elif frame.opcode != _PONG:
            raise Trouble("protocol", "an unknown kind of frame")

    def _send(self, opcode: int, payload: bytes) -> None:
        """Send a message in one frame, masked as a client must (RFC 6455 5.3)."""
        mask = secrets.token_bytes(4)
        masked = bytes(byte ^ key for byte, key in zip(payload, cycle(mask), strict=False))
        self._connection.sendall(bytes([_FINAL | opcode]) + _write_length(len(payload)) + mask + masked)

    def _read_frame(self) -> _Frame:
        """Read one frame; the connection bounds the length of all frames together."""
        first, second = self._reader.read_exactly(2)
        opcode, length = first & 0xF, second & 0x7F
        if first & _RESERVED:
            raise Trouble("protocol", "an extension that was not agreed on")
        if second & _MASKED:
            raise Trouble("protocol", "a masked frame")
        if opcode in range(_BINARY + 1, _CLOSE):
            raise Trouble("protocol", "an unknown kind of frame")
        if opcode & _CONTROL and (length > _LONGEST_CONTROL or not first & _FINAL):
            raise Trouble("protocol", "a control frame that is too long or in parts")
        if length >= _SHORT:
            length = int.from_bytes(self._reader.read_exactly(2 if length == _SHORT else 8), "big")
        return _Frame(opcode, bool(first & _FINAL), self._reader.read_exactly(length))


def _write_length(length: int) -> bytes:
    """Write the length of a payload, with the bit that says that it is masked."""
    if length < _SHORT:
        return bytes([_MASKED | length])
    if length < 1 << 16:
        return bytes([_MASKED | _SHORT]) + struct.pack(">H", length)
    return bytes([_MASKED | _LONG]) + struct.pack(">Q", length)


def open_web_socket(
    connection: Connection, url: str, headers: Mapping[str, str], context: Context, *, subprotocol: str = ""
) -> WebSocket:
    """Shake hands on a connection (RFC 6455 4.1). `headers` go with ours; `subprotocol` must be agreed on if given.

    Raises:
        Trouble: the server does not switch to WebSocket as it must.

    """
    key = base64.b64encode(secrets.token_bytes(16))
    own_headers = {
        "Host": urlsplit(url).netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key.decode(),
        "Sec-WebSocket-Version": "13",
        **({"Sec-WebSocket-Protocol": subprotocol} if subprotocol else {}),
    }
    lines = [
        f"GET {_write_target(url)} HTTP/1.1",
        *(f"{name}: {text}" for name, text in {**headers, **own_headers}.items()),
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    answer = FinalAnswer(connection, method="GET")  # type: ignore[arg-type] # all that it uses of a socket
    answer.begin()
    context.note("handshake", f"status {answer.status}")
    _check_answer(answer, key, subprotocol)
    reader, answer.fp = answer.fp, None  # type: ignore[assignment] # otherwise closed with the answer
    return WebSocket(connection, reader, context)  # type: ignore[arg-type] # made by our connection


def _write_target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _check_answer(answer: FinalAnswer, key: bytes, subprotocol: str) -> None:
    """Check that the answer to a handshake says what it must (RFC 6455 4.1)."""
    if answer.status != _SWITCHING:
        raise Trouble("status", str(answer.status))
    accepted = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest()).decode()
    said = {name: (answer.getheader(name) or "").strip() for name in ("Upgrade", "Connection")}
    switches = said["Upgrade"].lower() == "websocket" and "upgrade" in said["Connection"].lower()
    if not switches or (answer.getheader("Sec-WebSocket-Accept") or "").strip() != accepted:
        raise Trouble("protocol", "not a WebSocket's answer")
    if answer.getheader("Sec-WebSocket-Extensions"):
        raise Trouble("protocol", "an extension that was not agreed on")
    if (answer.getheader("Sec-WebSocket-Protocol") or "").strip() != subprotocol:
        raise Trouble("protocol", "another subprotocol than asked for")
