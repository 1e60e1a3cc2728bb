"""A small SMS gateway on loopback: the part of SMPP 3.4 that a client needs to bind, submit and get a receipt."""

import asyncio
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

HEADER = struct.Struct(">LLLL")
BINDS: Final = {0x01: "receiver", 0x02: "transmitter", 0x09: "transceiver"}
SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x04, 0x05, 0x06, 0x15
RESPONSE, NACK = 0x8000_0000, 0x8000_0000
OK, UNKNOWN_COMMAND, NOT_BOUND, WRONG_PASSWORD, WRONG_SYSTEM, SUBMIT_FAILED = 0, 0x03, 0x04, 0x0E, 0x0F, 0x45
_RECEIPT = 0x04
_INTERNATIONAL = b"\x01\x01"


@dataclass
class Gateway:
    """The state that all connections share: the accounts, the messages sent, and how delivery ends.

    `state`: the state in every receipt. `accepts`: whether submit_sm succeeds. `delay_s`: how long delivery takes.
    """

    accounts: Mapping[str, str]
    state: str = "DELIVRD"
    accepts: bool = True
    delay_s: float = 0.01
    sent: list[tuple[str, bytes]] = field(default_factory=list)


class SmppProtocol(asyncio.Protocol):
    """One connection to the gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._bound = ""
        self._received = b""
        self._own_sequence = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for answers and receipts."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        """Drop the transport: a receipt may still be scheduled."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answer every complete PDU."""
        self._received += data
        for command, sequence, body in self._read_pdus():
            self._answer(command, sequence, body)

    def _read_pdus(self) -> Iterator[tuple[int, int, bytes]]:
        while len(self._received) >= HEADER.size:
            length, command, _, sequence = HEADER.unpack_from(self._received)
            if not HEADER.size <= length <= 1 << 16:
                self._send(NACK, 0x02, sequence)
                self._close()
                return
            if len(self._received) < length:
                return
            body, self._received = self._received[HEADER.size : length], self._received[length:]
            yield command, sequence, body

    def _answer(self, command: int, sequence: int, body: bytes) -> None:
        if command in BINDS:
            self._bind(command, sequence, body)
        elif command & RESPONSE:
            return
        elif command == ENQUIRE:
            self._send(ENQUIRE | RESPONSE, OK, sequence)
        elif not self._bound:
            self._send(command | RESPONSE, NOT_BOUND, sequence)
        elif command == SUBMIT:
            self._submit(sequence, body)
        elif command == UNBIND:
            self._send(UNBIND | RESPONSE, OK, sequence)
            self._close()
        else:
            self._send(NACK, UNKNOWN_COMMAND, sequence)

    def _bind(self, command: int, sequence: int, body: bytes) -> None:
        system_id, password = (part.decode("latin-1") for part in [*body.split(b"\0"), b"", b""][:2])
        expected = self._gateway.accounts.get(system_id)
        status = WRONG_SYSTEM if expected is None else OK if expected == password else WRONG_PASSWORD
        self._send(command | RESPONSE, status, sequence, b"maxony\0" if status == OK else b"")
        if status == OK:
            self._bound = BINDS[command]

    def _submit(self, sequence: int, body: bytes) -> None:
        if not self._gateway.accepts or self._bound == "receiver":
            self._send(SUBMIT | RESPONSE, SUBMIT_FAILED, sequence)
            return
        source, destination, wants_receipt, text = _parse_submit(body)
        self._gateway.sent.append((destination.decode("latin-1"), text))
        message = f"{len(self._gateway.sent):08x}".encode()
        self._send(SUBMIT | RESPONSE, OK, sequence, message + b"\0")
        if wants_receipt and self._bound == "transceiver":
            loop = asyncio.get_running_loop()
            loop.call_later(self._gateway.delay_s, self._deliver, message, destination, source)

    def _deliver(self, message: bytes, source: bytes, destination: bytes) -> None:
        """Send the delivery receipt of a message, in the format of appendix B."""
        text = (
            b"id:" + message + b" sub:001 dlvrd:001 stat:" + self._gateway.state.encode() + b" err:000 text:"
        )
        addresses = _INTERNATIONAL + source + b"\0" + _INTERNATIONAL + destination + b"\0"
        fields = bytes([_RECEIPT, 0, 0]) + b"\0\0" + bytes(4) + bytes([len(text)])
        self._own_sequence += 1
        self._send(DELIVER, OK, self._own_sequence, b"\0" + addresses + fields + text)

    def _send(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        if self._transport is not None:
            self._transport.write(HEADER.pack(HEADER.size + len(body), command, status, sequence) + body)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _parse_submit(body: bytes) -> tuple[bytes, bytes, bool, bytes]:
    """Parse a submit_sm (4.4.1): its source, its destination, whether a receipt is requested, and its text."""
    _, rest = body.split(b"\0", 1)
    source, rest = rest[2:].split(b"\0", 1)
    destination, rest = rest[2:].split(b"\0", 1)
    _, rest = rest[3:].split(b"\0", 1)  # schedule_delivery_time
    _, rest = rest.split(b"\0", 1)  # validity_period
    return source, destination, bool(rest[0] & 1), rest[5 : 5 + rest[4]]
