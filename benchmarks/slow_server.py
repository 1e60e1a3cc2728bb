"""The servers of the benchmarks, in one process: each answers after a delay, or never. `python -m benchmarks.slow_server`.

The program prints their ports and the path of their certificate authority as JSON, and ends when its standard input ends.
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

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from benchmarks import slow_protocols as slow
from benchmarks.slow_protocols import ANSWER_S, Talk

BACKLOG = 2048
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
_SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 1.3
_REGISTERED = '{"events": [{"eventAction": "expiration", "eventDate": "2099-01-01T00:00:00Z"}]}'
_POLICY = "version: STSv1\nmode: enforce\nmx: mx.maxony.example\nmax_age: 604800\n"
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 9 9">'
    "<title>Maxony</title></svg>"
)
_NAMES = ("127.0.0.1", *(f"{host}.maxony.example" for host in ("mx", "mta-sts", "logo")))


async def _hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(ANSWER_S)
    writer.write(_ANSWER)
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


def _saying(text: Callable[[], str], kind: str = "text/plain") -> Talk:
    """Return a web server that always gives the same answer, of one content type."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(ANSWER_S)
        body = text().encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return talk


def _polite(talk: Talk) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # the client has gone, as clients do
        finally:
            writer.close()

    return serve


async def _listen(talk: Talk, tls: ssl.SSLContext | None = None) -> int:
    server = await asyncio.start_server(_polite(talk), "127.0.0.1", 0, backlog=BACKLOG, ssl=tls)
    return int(server.sockets[0].getsockname()[1])


async def _answer_questions(records: slow.Records) -> int:
    loop = asyncio.get_running_loop()
    names, _ = await loop.create_datagram_endpoint(lambda: slow.SlowNames(records), ("127.0.0.1", 0))
    return int(names.get_extra_info("sockname")[1])


def _digest_key(issued: trustme.LeafCert) -> str:
    """The SHA-256 of a certificate's public key, in hexadecimal."""
    key = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes()).public_key()
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key.public_bytes(*form)).hexdigest()


async def _main(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = authority.issue_cert(*_NAMES)
    issued.configure_cert(tls)
    logo = await _listen(_saying(lambda: _LOGO, "image/svg+xml"), tls)
    ports = {
        "web": await _listen(_web),
        "greet": await _listen(_greet),
        "secure": await _listen(_web, tls),
        "store": await _listen(_store),
        "socket": await _listen(_socket),
        "registry": await _listen(_saying(lambda: _REGISTERED)),
        "report": await _listen(_saying(lambda: str(int(time.time())))),
        "policy": await _listen(_saying(lambda: _POLICY), tls),
        "mail": await _listen(slow.speak_mail),
        "sealed mail": await _listen(slow.speak_sealed_mail(tls)),
        "mailbox": await _listen(slow.speak_imap),
        "health": await _listen(slow.speak_health),
        "broker": await _listen(slow.speak_mqtt),
        "proxy": await _listen(slow.speak_proxy),
        "database": await _listen(slow.speak_postgres),
        "gateway": await _listen(slow.speak_smpp),
        "hang": await _listen(_hang),
        "names": await _answer_questions(slow.build_records(logo, _digest_key(issued))),
    }
    print(json.dumps({"ports": ports, "ca": str(folder / "ca.pem")}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(_main(Path(made)))
