"""Servers for measuring, in one process: each answers after a delay, or never. `python -m benchmarks.slow_server`.

Prints their ports and the path of their certificate authority as JSON, and ends when its standard input ends.
"""

import asyncio
import base64
import hashlib
import json
import ssl
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import dns.message
import dns.rrset
import trustme

ANSWER_S = 0.02
BACKLOG = 2048
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
_SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_REGISTERED = '{"events": [{"eventAction": "expiration", "eventDate": "2099-01-01T00:00:00Z"}]}'

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(ANSWER_S)
    writer.write(_ANSWER)
    await writer.drain()


async def _mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(ANSWER_S)
    writer.write(b"220 smtp.maxony.example ESMTP\r\n")
    while line := await reader.readline():
        writer.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 smtp.maxony.example\r\n")
        await writer.drain()


async def _greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(ANSWER_S)
    writer.write(b"ready\r\n")
    await writer.drain()


async def _store(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"PING\r\n")
    await asyncio.sleep(ANSWER_S)
    writer.write(b"+PONG\r\n")
    await writer.drain()


async def _socket(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    await asyncio.sleep(ANSWER_S)
    writer.write(_SWITCH + accept + b"\r\n\r\n\x81\x05ready")
    await writer.drain()
    await reader.read(1)


def _saying(text: Callable[[], str]) -> Talk:
    """A web server that says one thing."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(ANSWER_S)
        body = text().encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    return talk


def _polite(talk: Talk) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # the client has gone: that is what it does with us
        finally:
            writer.close()

    return serve


class _Names(asyncio.DatagramProtocol):
    """A name server that knows one address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        name = question.question[0].name
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "192.0.2.1"))
        loop = asyncio.get_running_loop()
        loop.call_later(ANSWER_S, self._transport.sendto, answer.to_wire(), addr)  # type: ignore[attr-defined]


async def _listen(talk: Talk, tls: ssl.SSLContext | None = None) -> int:
    server = await asyncio.start_server(_polite(talk), "127.0.0.1", 0, backlog=BACKLOG, ssl=tls)
    return int(server.sockets[0].getsockname()[1])


async def _main(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    loop = asyncio.get_running_loop()
    names, _ = await loop.create_datagram_endpoint(_Names, ("127.0.0.1", 0))
    ports = {
        "web": await _listen(_web),
        "mail": await _listen(_mail),
        "greet": await _listen(_greet),
        "secure": await _listen(_web, tls),
        "store": await _listen(_store),
        "socket": await _listen(_socket),
        "registry": await _listen(_saying(lambda: _REGISTERED)),
        "report": await _listen(_saying(lambda: str(int(time.time())))),
        "hang": await _listen(_hang),
        "names": names.get_extra_info("sockname")[1],
    }
    print(json.dumps({"ports": ports, "ca": str(folder / "ca.pem")}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(_main(Path(made)))
