"""ICMP echo (RFC 792, RFC 4443 4) over the datagram sockets that need no privilege where the system allows them.

The kernel fills in the identifier and, on Linux, the checksum, and hands us only the answers to our own packets. Packets
are sent a fifth of a second apart, and nothing is waited for but their answers.
"""

import secrets
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, Protocol, Self

from checks.network.resolver import Address, Ip, resolve
from checks.probing import Context, Deadline
from checks.reasons import Trouble

GAP_S = 0.2
"""From one packet to the next: the least that `ping` traditionally allows users without privileges."""
PATIENCE_S = 3.0
"""How long the answer to the last packet is waited for."""
_TOKEN_BYTES = 16
_LONGEST = 1024
_HEADER_BYTES = 8
_REQUEST, _REPLY = {socket.AF_INET: 8, socket.AF_INET6: 128}, {socket.AF_INET: 0, socket.AF_INET6: 129}
_PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_HINT = " (net.ipv4.ping_group_range)" if sys.platform == "linux" else ""


class EchoSocket(Protocol):
    """The part of a connected datagram socket that is used."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def settimeout(self, seconds: float, /) -> None:
        """Bound the next calls."""

    def send(self, data: bytes, /) -> int:
        """Send one packet."""

    def recv(self, size: int, /) -> bytes:
        """Receive one packet; `TimeoutError` if none comes in time."""


Opener = Callable[[int, Address], EchoSocket]
"""Opens a socket of a family, connected to an address."""


class RoundTrips(NamedTuple):
    """How many packets were sent, and the round trip in milliseconds of each that was answered, in the order of sending."""

    sent: int
    answered_ms: tuple[int, ...]

    @property
    def lost(self) -> int:
        """How many packets got no answer."""
        return self.sent - len(self.answered_ms)


def open_socket(family: int, address: Address) -> EchoSocket:
    """Open a datagram socket for ICMP.

    Raises:
        Trouble: this machine does not let us, which counts as our own trouble.
        OSError: no route to such an address.

    """
    try:
        opened = socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[socket.AddressFamily(family)])
    except PermissionError as error:
        raise Trouble("permission", f"this user may not ping{_HINT}") from error
    try:
        opened.connect(address)
    except BaseException:  # whatever it was, an interrupt included: no socket is left open
        opened.close()
        raise
    return opened


SYSTEM: Opener = open_socket


def ping(
    host: str, packets: int, context: Context, *, ip: Ip | None = None, opener: Opener | None = None
) -> RoundTrips:
    """Send echo requests to the first address of a host that we have a route to, and collect the answers.

    Raises:
        Trouble: the name is not found, or this machine does not let us ping.
        OSError: we have no route to any of its addresses.

    """
    addresses = resolve(host, 0, context.deadline, ip=ip)
    context.note("resolve", " ".join(str(address[0]) for _, address in addresses))
    family, address, opened = _open_any(addresses, opener or SYSTEM)
    with opened:
        exchange = _Exchange(opened, socket.AddressFamily(family), context.deadline)
        trips = exchange.run(packets)
    shown = " ".join(f"{trip} ms" for trip in trips.answered_ms)
    context.note("ping", f"{address[0]}: {len(trips.answered_ms)} of {trips.sent} answered {shown}".rstrip())
    return trips


def _open_any(addresses: tuple[tuple[int, Address], ...], opener: Opener) -> tuple[int, Address, EchoSocket]:
    errors: list[OSError] = []
    for family, address in addresses:
        try:
            return family, address, opener(family, address)
        except OSError as error:
            errors.append(error)
    raise errors[0]


class _Exchange:
    """The packets of one probe: each holds its number and a token that nobody else knows."""

    def __init__(self, opened: EchoSocket, family: socket.AddressFamily, deadline: Deadline) -> None:
        self._socket = opened
        self._family = family
        self._deadline = deadline
        self._token = secrets.token_bytes(_TOKEN_BYTES)
        self._sent_ms: list[int] = []
        self._answered_ms: dict[int, int] = {}

    def run(self, packets: int) -> RoundTrips:
        """Send all of them in the first half of the time, and listen until each is answered or the last has been waited for."""
        gap_s = min(GAP_S, self._deadline.left() / 2 / packets)
        for number in range(packets):
            self._sent_ms.append(self._deadline.elapsed_ms())
            with suppress(ConnectionError):  # an error reported for an earlier packet, which counts as lost
                self._socket.settimeout(self._deadline.left())
                self._socket.send(self._build_request(number))
            is_last = number == packets - 1
            self._listen(min(PATIENCE_S if is_last else gap_s, self._deadline.left()), until_all=is_last)
        return RoundTrips(packets, tuple(self._answered_ms[number] for number in sorted(self._answered_ms)))

    def _build_request(self, number: int) -> bytes:
        unsummed = bytes((_REQUEST[self._family], 0, 0, 0, 0, 0)) + number.to_bytes(2, "big") + self._token
        return unsummed[:2] + checksum(unsummed).to_bytes(2, "big") + unsummed[4:]

    def _listen(self, seconds: float, *, until_all: bool) -> None:
        """Take in answers for `seconds`; with `until_all`, only until each packet has one."""
        until_ms = self._deadline.elapsed_ms() + round(seconds * 1000)
        while not (until_all and len(self._answered_ms) == len(self._sent_ms)):
            left_ms = until_ms - self._deadline.elapsed_ms()
            if left_ms <= 0:
                return
            self._socket.settimeout(left_ms / 1000)
            with suppress(TimeoutError, ConnectionError):  # a packet refused on the way has no answer
                self._take(self._socket.recv(_LONGEST))

    def _take(self, packet: bytes) -> None:
        """Count an answer to one of our packets, once; ignore whatever else arrives."""
        message = packet[(packet[0] & 15) * 4 :] if self._has_ip_header(packet) else packet
        number = int.from_bytes(message[6:_HEADER_BYTES], "big")
        is_ours = message[:1] == bytes((_REPLY[self._family],)) and message[_HEADER_BYTES:] == self._token
        if is_ours and number < len(self._sent_ms) and number not in self._answered_ms:
            self._answered_ms[number] = self._deadline.elapsed_ms() - self._sent_ms[number]

    def _has_ip_header(self, packet: bytes) -> bool:
        """Whether the header of IPv4 comes first, as on macOS; an echo reply begins with 0."""
        return self._family == socket.AF_INET and packet[:1] >= b"\x40"


def checksum(message: bytes) -> int:
    """Compute the Internet checksum (RFC 1071) of a message of whole 16-bit words. Linux fills it in itself, macOS does not."""
    total = sum(int.from_bytes(message[at : at + 2], "big") for at in range(0, len(message), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
