"""A resolver that speaks DNS over HTTPS (RFC 8484) on loopback, with the records that a test gives it; without TLS."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.support.http_threads import run_http_server

Records = Mapping[tuple[str, str], Sequence[str]]
"""Records as zone files have them, by name and type. A name with none at all does not exist; that of `broken.` fails."""


def answer(query: bytes, records: Records) -> bytes:
    """The answer to a query."""
    message = dns.message.from_wire(query)
    [question] = message.question
    name, kind = question.name.to_text(omit_final_dot=True), question.rdtype.name
    reply = dns.message.make_response(message, recursion_available=True)
    found = records.get((name, kind))
    if name.startswith("broken."):
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif found:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    elif all(known != name for known, _ in records):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


@contextmanager
def serve_records(records: Records) -> Iterator[tuple[str, list[str]]]:
    """The address of the resolver, and the `Accept` of every request that came."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Accept"])
            [text] = parse_qs(urlsplit(self.path).query)["dns"]
            data = answer(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), records)
            self.send_response(200)
            self.send_header("Content-Type", "application/dns-message")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with run_http_server(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}/dns-query", asked
