"""MQTT 3.1.1 and 5 on our own connections, as far as a sign-in and one message there and back need them.

The protocol is implemented here: the packets are few, and a client library brings a loop, threads and a socket of its own.
"""

import struct
from typing import Literal, NamedTuple

from checks.network.connection import Connection, Reader
from checks.probing import Context
from checks.reasons import Trouble

Version = Literal["3.1.1", "5"]

_CONNACK, _PUBLISH, _PUBACK, _SUBACK, _PINGRESP, _DISCONNECT = 2, 3, 4, 9, 13, 14
_NAMES = {_CONNACK: "CONNECT", _PUBACK: "PUBLISH", _SUBACK: "SUBSCRIBE"}
"""Kind of answer -> what it answers."""
_LEVELS: dict[Version, int] = {"3.1.1": 4, "5": 5}
_CLEAN, _WITH_PASSWORD, _WITH_USERNAME = 0x02, 0x40, 0x80
_CONNECT_TYPE, _PUBLISH_ONCE_ACKNOWLEDGED, _SUBSCRIBE_TYPE, _DISCONNECT_TYPE = 0x10, 0x32, 0x82, 0xE0
_KEEP_ALIVE_S = 60
_SUBSCRIPTION, _MESSAGE = 1, 2
"""Identifiers of our two packets that the server acknowledges."""
_FAILURE = 0x80
_LONGEST_TEXT = 0xFFFF
_LONGEST_LENGTH = 4

_REFUSALS_OF_3 = {1: 0x84, 2: 0x85, 3: 0x88, 4: 0x86, 5: 0x87}
"""Return code of CONNACK in 3.1.1 -> reason code of 5."""
_REFUSALS = {
    0x84: ("settings", "the server does not speak this version of MQTT"),
    0x85: ("settings", "the server does not take our client identifier"),
    0x86: ("auth", "bad user name or password"),
    0x87: ("auth", "not authorized"),
    0x88: ("status", "server unavailable"),
    0x89: ("status", "server busy"),
    0x8A: ("auth", "banned"),
    0x8C: ("auth", "bad authentication method"),
    0x8E: ("status", "session taken over"),
    0x8F: ("status", "topic filter invalid"),
    0x90: ("status", "topic name invalid"),
    0x97: ("status", "quota exceeded"),
    0x9F: ("status", "connection rate exceeded"),
}
"""Reason code of MQTT 5 (2.4) -> the word and the detail of our reason; other codes are given by number."""


class Packet(NamedTuple):
    """A packet of the server: its kind, the bytes of its fixed header, and the rest."""

    kind: int
    head: bytes
    body: bytes


class MqttSession:
    """Speaks to one server, in one version of the protocol."""

    def __init__(self, connection: Connection, version: Version, context: Context) -> None:
        self._connection = connection
        self._reader: Reader = connection.makefile()
        self._is_5 = version == "5"
        self._level = _LEVELS[version]
        self._context = context

    def sign_in(self, client_id: str, username: str, password: str) -> None:
        """Open a session of which the server keeps nothing; without a username, an anonymous one (3.1).

        Raises:
            Trouble: the server refuses, or does not keep to the protocol.

        """
        flags = _CLEAN | (_WITH_USERNAME if username else 0) | (_WITH_PASSWORD if password else 0)
        head = _write_text("MQTT") + struct.pack(">BBH", self._level, flags, _KEEP_ALIVE_S)
        texts = [client_id, *filter(None, (username, password))]
        self._send(_CONNECT_TYPE, head + self._write_no_properties() + b"".join(map(_write_text, texts)))
        answer = self._read()
        if answer.kind != _CONNACK or len(answer.body) < 2:  # noqa: PLR2004 - flags and code
            raise self._build_refusal(answer)
        code = answer.body[1]
        if code and not self._is_5:
            code = _REFUSALS_OF_3.get(code, _FAILURE)
        self._check_code(_CONNACK, code)

    def subscribe(self, topic: str) -> None:
        """Ask for the messages of a topic, delivered at most once (3.8).

        Raises:
            Trouble: the server refuses, or does not keep to the protocol.

        """
        head = _SUBSCRIPTION.to_bytes(2, "big") + self._write_no_properties()
        self._send(_SUBSCRIBE_TYPE, head + _write_text(topic) + b"\0")
        while True:
            answer = self._read_in_session()
            if answer.kind == _SUBACK:
                self._check_code(_SUBACK, answer.body[-1] if answer.body else _FAILURE)
                return

    def pass_on(self, topic: str, message: bytes) -> None:
        """Send a message to a topic and wait until it comes back; other messages are passed over (3.3).

        Raises:
            Trouble: the server refuses, or does not keep to the protocol.
            TimeoutError: it does not come back in time.

        """
        head = _write_text(topic) + _MESSAGE.to_bytes(2, "big") + self._write_no_properties()
        self._send(_PUBLISH_ONCE_ACKNOWLEDGED, head + message)
        while True:
            packet = self._read_in_session()
            if packet.kind == _PUBACK and len(packet.body) > 2:  # noqa: PLR2004 - more than an identifier
                self._check_code(_PUBACK, packet.body[2])
            if packet.kind == _PUBLISH and packet.body.endswith(message):
                return

    def sign_out(self) -> None:
        """Say that we are done (3.14); the server's answer is not waited for."""
        self._send(_DISCONNECT_TYPE, b"")

    def _write_no_properties(self) -> bytes:
        return b"\0" if self._is_5 else b""

    def _send(self, first: int, body: bytes) -> None:
        self._connection.sendall(bytes([first]) + _write_length(len(body)) + body)

    def _read_in_session(self) -> Packet:
        """Read a packet of an open session."""
        packet = self._read()
        if packet.kind == _DISCONNECT:
            code = packet.body[0] if packet.body else 0
            detail = _REFUSALS.get(code, ("", f"reason {code:#04x}"))[1]
            raise Trouble("closed", f"by the server: {detail}")
        if packet.kind not in (_PUBLISH, _PUBACK, _SUBACK, _PINGRESP):
            raise self._build_refusal(packet)
        return packet

    def _read(self) -> Packet:
        """Read one packet (2.1); the connection bounds the length of all packets together."""
        head, length = self._reader.read_exactly(2), 0
        while head[-1] & 0x80:
            if len(head) > _LONGEST_LENGTH:
                raise Trouble("protocol", f"not MQTT {self._context.quote(head)}")
            head += self._reader.read_exactly(1)
        for byte in reversed(head[1:]):
            length = length << 7 | byte & 0x7F
        return Packet(head[0] >> 4, head, self._reader.read_exactly(length))

    def _check_code(self, answered: int, code: int) -> None:
        """Raise `Trouble` if a code is one of failure."""
        if code < _FAILURE:
            return
        word, detail = _REFUSALS.get(code, ("status", f"refused with {code:#04x}"))
        raise Trouble(word, f"{_NAMES[answered]} {detail}" if word != "settings" else detail)

    def _build_refusal(self, packet: Packet) -> Trouble:
        return Trouble("protocol", f"not MQTT {self._context.quote(packet.head + packet.body)}")


def _write_text(text: str) -> bytes:
    """Write a text with its length before it (1.5.4).

    Raises:
        Trouble: it is too long for the protocol.

    """
    written = text.encode()
    if len(written) > _LONGEST_TEXT:
        raise Trouble("settings", "a text too long for MQTT")
    return len(written).to_bytes(2, "big") + written


def _write_length(length: int) -> bytes:
    """Write the length of the rest of a packet: seven bits a byte, the lowest first (1.5.5)."""
    written = bytearray()
    while length > 0x7F:  # noqa: PLR2004 - seven bits
        written.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([*written, length])
