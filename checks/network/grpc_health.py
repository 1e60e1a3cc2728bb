"""The health protocol of gRPC (grpc.health.v1, method `Check`), on our own connections.

HTTP/2 is read and written by `h2`, which has no sockets of its own. The two messages, of one field each, are written here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from checks.network.connection import Connection
from checks.probing import Context
from checks.reasons import Trouble, timeout

if TYPE_CHECKING:
    from h2.connection import H2Connection
    from h2.events import Event

PATH = "/grpc.health.v1.Health/Check"
_STREAM = 1
_STATUS_FIELD = b"\x08"
_SETTINGS = b"\x04"
_PREFIX = 5
_LONGEST_MESSAGE = 1024
_HEALTHS = ("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN")
_CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE"),
    *("UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
"""The status codes of gRPC, by their numbers."""
_LOGIN_CODES = ("PERMISSION_DENIED", "UNAUTHENTICATED")


class HealthCall:
    """One call of `Check` on a connection that speaks HTTP/2."""

    def __init__(self, connection: Connection, context: Context) -> None:
        self._connection = connection
        self._context = context
        self._headers: dict[bytes, bytes] = {}
        self._message = b""
        self._began = self._ended = False

    def ask(self, service: str, authority: str, metadata: Mapping[str, str], *, tls: bool) -> str:
        """Ask for the health of a service; the empty name stands for the whole server.

        Raises:
            Trouble: the server refuses the call, or does not keep to the protocol.

        """
        from h2.connection import H2Connection

        http = H2Connection()
        http.initiate_connection()
        http.send_headers(_STREAM, self._write_headers(authority, metadata, tls=tls))
        http.send_data(_STREAM, write_request(service), end_stream=True)
        while not self._ended:
            self._connection.sendall(http.data_to_send())
            for event in http.receive_data(self._receive()):
                self._handle_event(event, http)
        self._check_status()
        return read_response(self._message)

    def _write_headers(
        self, authority: str, metadata: Mapping[str, str], *, tls: bool
    ) -> list[tuple[str, str]]:
        """Write the headers of the call; metadata travels among them, under names in lower case."""
        return [
            (":method", "POST"),
            (":scheme", "https" if tls else "http"),
            (":path", PATH),
            (":authority", authority),
            ("te", "trailers"),
            ("content-type", "application/grpc"),
            ("user-agent", "constat (status page)"),
            ("grpc-timeout", f"{max(1, round(self._context.deadline.left() * 1000))}m"),
            *((name.lower(), text) for name, text in metadata.items()),
        ]

    def _receive(self) -> bytes:
        """Receive some bytes. The server's first frame must hold its settings (RFC 9113 3.4).

        That is checked here because `h2` would wait for the end of whatever frame it takes the bytes for.
        """
        received = self._connection.recv(65_536)
        if not received:
            raise Trouble("closed")
        if not self._began and received[3:4] not in (b"", _SETTINGS):
            raise Trouble("protocol", f"not HTTP/2 {self._context.quote(received)}")
        self._began = True
        return received

    def _handle_event(self, event: "Event", http: "H2Connection") -> None:
        """Take in what the server has sent."""
        from h2 import events

        match event:
            case events.ResponseReceived() | events.TrailersReceived():
                self._headers |= {bytes(name): bytes(text) for name, text in event.headers or ()}
            case events.DataReceived():
                self._message += event.data or b""
                http.acknowledge_received_data(event.flow_controlled_length or 0, _STREAM)
                if len(self._message) > _LONGEST_MESSAGE:
                    raise Trouble("size")
            case events.StreamEnded():
                self._ended = True
            case events.StreamReset() | events.ConnectionTerminated():
                raise Trouble("reset", f"by HTTP/2 with error {int(event.error_code or 0)}")

    def _check_status(self) -> None:
        """Check the status of HTTP and that of gRPC.

        Raises:
            Trouble: the call failed.

        """
        status = self._headers.get(b":status", b"")
        if status != b"200":
            raise Trouble("status", f"HTTP {self._context.quote(status)}")
        code = self._headers.get(b"grpc-status")
        if code is None:
            raise Trouble("protocol", "not gRPC")
        if code != b"0":
            raise self._build_refusal(code)

    def _build_refusal(self, code: bytes) -> Trouble:
        """Build the trouble for a code that is not success, with the message that came with it."""
        known = dict(enumerate(_CODES))
        name = known.get(int(code), "") if code.isdigit() and len(code) < _PREFIX else ""
        said = unquote(self._headers.get(b"grpc-message", b"").decode("latin-1"))
        detail = name or self._context.quote(code)
        if said:
            detail = f"{detail} {self._context.quote(said)}"
        if name == "DEADLINE_EXCEEDED":
            return timeout(self._context.deadline.seconds)
        return Trouble("auth" if name in _LOGIN_CODES else "status", detail)


def write_request(service: str) -> bytes:
    """Write a HealthCheckRequest, whose field 1 is the service's name, after its prefix: not compressed, and its length."""
    name = service.encode()
    message = b"\x0a" + _write_varint(len(name)) + name if name else b""
    return b"\0" + len(message).to_bytes(4, "big") + message


def _write_varint(number: int) -> bytes:
    """Write a number as Protocol Buffers do: seven bits a byte, the lowest first."""
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def read_response(framed: bytes) -> str:
    """Read the status in a HealthCheckResponse, whose field 1 is a number below 128; a message without it is `UNKNOWN`.

    Raises:
        Trouble: it is not such a message.

    """
    message = framed[_PREFIX:]
    length = int.from_bytes(framed[1:_PREFIX], "big")
    if len(framed) < _PREFIX or framed[0] or length != len(message):
        raise Trouble("protocol", "not a message of gRPC")
    if not message:
        return _HEALTHS[0]
    if len(message) != 2 or message[:1] != _STATUS_FIELD or message[1] >= len(_HEALTHS):  # noqa: PLR2004
        raise Trouble("protocol", "not an answer about health")
    return _HEALTHS[message[1]]
