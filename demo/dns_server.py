"""A small authoritative DNS server on loopback, over UDP and TCP on one port, built on dnspython.

It answers from one zone file with absolute names, follows CNAME records within it, and can be told to misbehave for a
name: `servfail`, `refused`, `silent`, `junk` (bytes that are not a DNS message), `truncated` (over UDP only), `wrong_id`.
"""

import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Literal, Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

Trouble = Literal["servfail", "refused", "silent", "junk", "truncated", "wrong_id"]

_RCODES = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}
_LONGEST_CHAIN = 8


class DnsServer:
    """Serves `records` (a zone file with absolute names) while entered. `asked` lists the queries: name and type.

    `authenticated` sets the AD flag in every answer, as a validating resolver does.
    """

    def __init__(
        self, records: str, troubles: Mapping[str, Trouble] | None = None, *, authenticated: bool = False
    ) -> None:
        text = f"$TTL 60\n{records}"
        self.zone = dns.zone.from_text(text, origin=dns.name.root, relativize=False, check_origin=False)
        self.troubles = {dns.name.from_text(name): trouble for name, trouble in (troubles or {}).items()}
        self.authenticated = authenticated
        self.asked: list[tuple[str, str]] = []
        self._servers: list[_TcpServer | _UdpServer] = []
        self.port = 0

    @property
    def address(self) -> str:
        """The address that it listens on, `127.0.0.1:port`."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._servers.extend(_open_servers(self.reply))
        self.port = int(self._servers[0].server_address[1])
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def reply(self, wire: bytes, *, udp: bool) -> bytes | None:
        """Answer one query; return `None` for no answer, as to bytes that are not a query."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if not query.question:
            return None
        question = query.question[0]
        self.asked.append(
            (question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype))
        )
        trouble = self.troubles.get(question.name)
        if trouble == "silent":
            return None
        return b"\xff" * 40 if trouble == "junk" else self._build_answer(query, trouble, udp=udp).to_wire()

    def _build_answer(
        self, query: dns.message.Message, trouble: Trouble | None, *, udp: bool
    ) -> dns.message.Message:
        answer = dns.message.make_response(query, recursion_available=True)
        if self.authenticated:
            answer.flags |= dns.flags.AD
        if trouble in _RCODES:
            answer.set_rcode(_RCODES[trouble])
        elif trouble == "truncated" and udp:
            answer.flags |= dns.flags.TC
        else:
            self._add_records(answer)
        if trouble == "wrong_id":
            answer.id = (answer.id + 1) % 65536
        return answer

    def _add_records(self, answer: dns.message.Message) -> None:
        """Add the records of the zone to an answer, following aliases; NXDOMAIN if the name does not exist."""
        question = answer.question[0]
        name = question.name
        for _ in range(_LONGEST_CHAIN):
            if not self._exists(name):
                answer.set_rcode(dns.rcode.NXDOMAIN)
                return
            records = self.zone.get_rdataset(name, question.rdtype)
            alias = self.zone.get_rdataset(name, dns.rdatatype.CNAME)
            if records is not None:
                answer.answer.append(dns.rrset.from_rdata_list(name, records.ttl, list(records)))
            if records is not None or alias is None:
                return
            answer.answer.append(dns.rrset.from_rdata_list(name, alias.ttl, list(alias)))
            name = alias[0].target

    def _exists(self, name: dns.name.Name) -> bool:
        return any(known.is_subdomain(name) for known in self.zone.nodes)


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, port: int, reply: Callable[..., bytes | None]) -> None:
        self.reply = reply
        super().__init__(("127.0.0.1", port), _Udp)


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, reply: Callable[..., bytes | None]) -> None:
        self.reply = reply
        super().__init__(("127.0.0.1", 0), _Tcp)


class _Udp(socketserver.BaseRequestHandler):
    server: _UdpServer

    def handle(self) -> None:
        wire, channel = self.request
        reply = self.server.reply(wire, udp=True)
        if reply is not None:
            channel.sendto(reply, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    timeout = 5
    server: _TcpServer

    def handle(self) -> None:
        head = self.rfile.read(2)
        if len(head) < len(b"\0\0"):
            return
        (length,) = struct.unpack("!H", head)
        reply = self.server.reply(self.rfile.read(length), udp=False)
        if reply is not None:
            self.wfile.write(struct.pack("!H", len(reply)) + reply)


def _open_servers(reply: Callable[..., bytes | None]) -> tuple[_TcpServer, _UdpServer]:
    """Open a TCP and a UDP server on one free port of loopback."""
    while True:
        tcp = _TcpServer(reply)
        try:
            return tcp, _UdpServer(int(tcp.server_address[1]), reply)
        except OSError:  # another program uses that UDP port: try another one
            tcp.server_close()
