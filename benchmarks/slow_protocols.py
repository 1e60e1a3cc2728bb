"""The servers of the benchmarks in each protocol but HTTP: they say as little as a probe needs, after a delay."""

import asyncio
import ssl
import struct
from collections.abc import Awaitable, Callable

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import StreamEnded

ANSWER_S = 0.02
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Records = dict[tuple[str, str], str]
"""Name and type -> the text of the one record that there is."""

_LOGGED_IN = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"
_ROW = b"D\0\0\0\x0b\0\x01\0\0\0\x011Z\0\0\0\x05T"
_BEGUN = b"Z\0\0\0\x05T"
_SERVING = b"\0\0\0\0\x02\x08\x01"
_RESPONSE = 0x80000000
_BIND = 0x00000009


async def speak_mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak SMTP, and accept every message."""
    await asyncio.sleep(ANSWER_S)
    writer.write(b"220 smtp.maxony.example ESMTP\r\n")
    while line := (await reader.readline()).upper():
        if line.startswith(b"DATA"):
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 smtp.maxony.example\r\n")
        await writer.drain()


def speak_sealed_mail(tls: ssl.SSLContext) -> Talk:
    """Return a server of SMTP up to STARTTLS."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(ANSWER_S)
        writer.write(b"220 mx.maxony.example ESMTP\r\n")
        while line := (await reader.readline()).upper():
            if line.startswith(b"STARTTLS"):
                writer.write(b"220 go\r\n")
                await writer.start_tls(tls)
                await reader.read()
                return
            writer.write(b"250-mx.maxony.example\r\n250 STARTTLS\r\n")
            await writer.drain()

    return talk


async def speak_imap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak IMAP; whatever is searched for has arrived."""
    await asyncio.sleep(ANSWER_S)
    writer.write(b"* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n")
    while line := await reader.readline():
        tag, _, command = line.partition(b" ")
        if command.startswith(b"UID SEARCH"):
            writer.write(b"* SEARCH 1\r\n")
        elif command.startswith(b"CAPABILITY"):
            writer.write(b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n")
        elif command.startswith(b"LOGOUT"):
            writer.write(b"* BYE\r\n")
        writer.write(tag + b" OK done\r\n")
        await writer.drain()


async def speak_health(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak the health protocol of gRPC; every service is serving."""
    http = H2Connection(H2Configuration(client_side=False))
    http.initiate_connection()
    while received := await reader.read(65_536):
        if any(isinstance(event, StreamEnded) for event in http.receive_data(received)):
            await asyncio.sleep(ANSWER_S)
            http.send_headers(1, [(":status", "200"), ("content-type", "application/grpc")])
            http.send_data(1, _SERVING)
            http.send_headers(1, [("grpc-status", "0")], end_stream=True)
        writer.write(http.data_to_send())
        await writer.drain()


async def speak_mqtt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak MQTT, and let everybody in."""
    await reader.read(2)
    await asyncio.sleep(ANSWER_S)
    writer.write(b"\x20\x02\0\0")
    await writer.drain()
    await reader.read()


async def speak_proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak as an HTTP proxy whose every target sends a greeting."""
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(ANSWER_S)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\nready\r\n")
    await writer.drain()
    await reader.read()


async def speak_postgres(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak PostgreSQL without a password; the answer to each query is 1."""
    length = struct.unpack(">I", await reader.readexactly(4))[0]
    await reader.readexactly(length - 4)
    await asyncio.sleep(ANSWER_S)
    writer.write(_LOGGED_IN)
    while head := await reader.readexactly(5):
        await reader.readexactly(struct.unpack(">I", head[1:])[0] - 4)
        writer.write({b"Q": _BEGUN, b"S": _ROW}.get(head[:1], b""))
        await writer.drain()


async def speak_smpp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak SMPP, and grant every request."""
    await asyncio.sleep(ANSWER_S)
    while head := await reader.readexactly(16):
        length, command, _, sequence = struct.unpack(">LLLL", head)
        await reader.readexactly(length - 16)
        body = b"gateway\0" if command == _BIND else b""
        writer.write(struct.pack(">LLLL", 16 + len(body), command | _RESPONSE, 0, sequence) + body)
        await writer.drain()


class SlowNames(asyncio.DatagramProtocol):
    """A name server that has validated the few records that it knows; no other name exists."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._names = {name for name, _ in records}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question after a delay."""
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AD
        name, kind = str(question.question[0].name), dns.rdatatype.to_text(question.question[0].rdtype)
        if record := self._records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, record))
        elif name not in self._names:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        loop = asyncio.get_running_loop()
        loop.call_later(ANSWER_S, self._transport.sendto, answer.to_wire(), addr)  # type: ignore[attr-defined]


def build_records(logo_port: int, key_digest: str) -> Records:
    """Build the records of a domain whose mail is in order. `key_digest`: the SHA-256 of its mail server's public key, in hexadecimal."""
    domain, here = "maxony.example.", "127.0.0.1"
    texts = {
        domain: "v=spf1 ip4:192.0.2.1 -all",
        f"s._domainkey.{domain}": f"v=DKIM1; k=ed25519; p={'A' * 43}=",
        f"_dmarc.{domain}": "v=DMARC1; p=reject",
        f"_smtp._tls.{domain}": "v=TLSRPTv1; rua=mailto:tls@maxony.example",
        f"_mta-sts.{domain}": "v=STSv1; id=1",
        f"default._bimi.{domain}": f"v=BIMI1; l=https://logo.maxony.example:{logo_port}/logo.svg",
    }
    return {
        **{(name, "TXT"): f'"{text}"' for name, text in texts.items()},
        **{(f"{host}.{domain}", "A"): here for host in ("mx", "mta-sts", "logo")},
        (f"www.{domain}", "A"): "192.0.2.1",
        (domain, "MX"): f"10 mx.{domain}",
        (f"_25._tcp.mx.{domain}", "TLSA"): f"3 1 1 {key_digest}",
        ("1.0.0.127.in-addr.arpa.", "PTR"): f"mx.{domain}",
    }
