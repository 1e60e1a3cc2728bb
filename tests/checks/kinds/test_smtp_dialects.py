"""`smtp` with servers of every age, and every way of signing in that they offer."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from checks.kinds import smtp
from checks.network.mail_server import Refresh
from checks.probing import ProbeResult
from checks.secrets import Secrets
from tests.support.certificates import Certificates
from tests.support.probe_context import PASSWORD as PLACEHOLDER
from tests.support.probe_context import SECRET, format_result, look
from tests.support.scripted_server import HEAR, Act, ScriptedServer
from tests.support.tcp_speakers import hold_closed_port

TOKEN = "ya29.Zx81-Spectrum-48k"
SECRETS = Secrets(
    {"CONSTAT_PASSWORD": SECRET, "CONSTAT_TOKEN": TOKEN, "CONSTAT_REFRESH": "1//Amiga-500-plus"},
    dict.fromkeys(("CONSTAT_PASSWORD", "CONSTAT_TOKEN", "CONSTAT_REFRESH"), ("127.0.0.1",)),
)
ACCOUNT = {"username": "monitor", "password": PLACEHOLDER}
BEARER = {"username": "monitor", "token": "${CONSTAT_TOKEN}"}
BYE = (HEAR, b"221 bye\r\n")


def converse(*acts: Act, **options: Any) -> tuple[ProbeResult, list[str]]:
    """Probe a server that follows a script; the result, and what it heard after EHLO."""
    with ScriptedServer(*acts) as server:
        result = look(smtp, secrets=SECRETS, host="127.0.0.1", port=server.port, unencrypted=True, **options)
    assert SECRET not in str(result)
    assert TOKEN not in str(result)
    return result, [line.decode().rstrip() for line in server.heard[1:-1]]


def offer(extensions: bytes) -> tuple[Act, ...]:
    return (b"220 relay.example\r\n", HEAR, b"250-relay.example\r\n" + extensions)


def encode_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PLAIN = encode_base64(f"\0monitor\0{SECRET}")
GREETINGS = {
    "AUTH=, and no other": b"250 AUTH=LOGIN PLAIN\r\n",
    "AUTH= beside AUTH": b"250-AUTH LOGIN PLAIN\r\n250 AUTH=LOGIN PLAIN\r\n",
    "small letters": b"250-size 1000\r\n250 auth plain\r\n",
    "two lines of AUTH": b"250-AUTH LOGIN\r\n250 AUTH PLAIN\r\n",
}


@pytest.mark.parametrize("extensions", GREETINGS.values(), ids=GREETINGS)
def test_auth_mechanisms_are_read_in_every_spelling(extensions: bytes) -> None:
    result, heard = converse(*offer(extensions), HEAR, b"235 ok\r\n", *BYE, **ACCOUNT)
    assert format_result(result) == "up"
    assert heard == [f"AUTH PLAIN {PLAIN}"]


def test_server_without_initial_response_is_sent_it_separately() -> None:
    acts = (*offer(b"250 AUTH PLAIN\r\n"), HEAR, b"334 \r\n", HEAR, b"235 ok\r\n", *BYE)
    result, heard = converse(*acts, **ACCOUNT)
    assert format_result(result) == "up"
    assert heard == [f"AUTH PLAIN {PLAIN}", PLAIN]


def test_a_server_without_ehlo_is_greeted_with_helo() -> None:
    result, heard = converse(b"220 old\r\n", HEAR, b"502 what\r\n", HEAR, b"250-old\r\n250 SIZE\r\n", *BYE)
    assert format_result(result) == "up"
    assert heard[0].startswith("HELO [127.0.0.1]")


def test_cram_md5_proves_the_password_without_sending_it() -> None:
    """The digest of RFC 2195."""
    challenge = "<1896.697170952@postoffice.example>"
    acts = (HEAR, f"334 {encode_base64(challenge)}\r\n".encode(), HEAR, b"235 ok\r\n", *BYE)
    result, heard = converse(*offer(b"250 AUTH CRAM-MD5\r\n"), *acts, **ACCOUNT)
    digest = hmac.digest(SECRET.encode(), challenge.encode(), "md5").hex()
    assert format_result(result) == "up"
    assert heard == ["AUTH CRAM-MD5", encode_base64(f"monitor {digest}")]


class ScramServer:
    """The server's side of SCRAM-SHA-256 (RFC 5802) as an act; `honest`: it knows the password."""

    def __init__(self, *, honest: bool = True) -> None:
        self.honest = honest
        self.proved = False

    def __call__(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        ours = base64.b64decode(lines.readline().split()[2]).decode()
        bare, nonce = ours.removeprefix("n,,"), ours.rpartition("r=")[2]
        first = f"r={nonce}server,s={encode_base64('salt')},i=4096"
        client.sendall(f"334 {encode_base64(first)}\r\n".encode())
        last = base64.b64decode(lines.readline()).decode()
        without_proof, _, proof = last.rpartition(",p=")
        said = f"{bare},{first},{without_proof}".encode()
        salted = hashlib.pbkdf2_hmac("sha256", SECRET.encode(), b"salt", 4096)
        key = hmac.digest(salted, b"Client Key", "sha256")
        signature = hmac.digest(hashlib.sha256(key).digest(), said, "sha256")
        shown = bytes(a ^ b for a, b in zip(base64.b64decode(proof), signature, strict=True))
        self.proved = hashlib.sha256(shown).digest() == hashlib.sha256(key).digest()
        answer = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), said, "sha256")
        signed = base64.b64encode(answer if self.honest else answer[::-1]).decode()
        client.sendall(f"334 {encode_base64(f'v={signed}')}\r\n".encode())
        if lines.readline() == b"\r\n":
            client.sendall(b"235 ok\r\n")


@pytest.mark.parametrize("honest", [True, False])
def test_scram_proves_the_password_to_both_sides(*, honest: bool) -> None:
    server = ScramServer(honest=honest)
    result, _ = converse(*offer(b"250 AUTH SCRAM-SHA-256\r\n"), server, *BYE, **ACCOUNT)
    assert server.proved
    assert format_result(result) == ("up" if honest else "down auth the server does not know the password")


@pytest.mark.parametrize(
    "challenge", ["r=other,s=c2FsdA==,i=4096", "r=,s=c2FsdA==,i=4096", "s=c2FsdA==", "e=other-error"]
)
def test_malformed_scram_challenge_is_a_protocol_error(challenge: str) -> None:
    acts = (HEAR, f"334 {encode_base64(challenge)}\r\n".encode())
    result, _ = converse(*offer(b"250 AUTH SCRAM-SHA-256\r\n"), *acts, **ACCOUNT)
    assert format_result(result) == "down protocol a wrong challenge of SCRAM"


REFUSAL = encode_base64('{"status":"invalid_token"}')


@pytest.mark.parametrize(
    ("offered", "sent", "answer"),
    [
        ("XOAUTH2", f"user=monitor\1auth=Bearer {TOKEN}\1\1", ""),
        (
            "XOAUTH2 OAUTHBEARER",
            f"n,a=monitor,\1host=127.0.0.1\1port={{port}}\1auth=Bearer {TOKEN}\1\1",
            encode_base64("\1"),
        ),
    ],
)
def test_token_signs_in_and_its_refusal_is_read_to_the_end(offered: str, sent: str, answer: str) -> None:
    hello = offer(f"250 AUTH {offered}\r\n".encode())
    result, heard = converse(*hello, HEAR, b"235 ok\r\n", *BYE, **BEARER)
    assert format_result(result) == "up"
    port = next(step.detail for step in result.steps if step.name == "connect").rpartition(" ")[2]
    assert heard == [f"AUTH {offered.rsplit(maxsplit=1)[-1]} {encode_base64(sent.replace('{port}', port))}"]
    refusing = (*hello, HEAR, f"334 {REFUSAL}\r\n".encode(), HEAR, b"535 5.7.8 no\r\n", HEAR)
    result, heard = converse(*refusing, **BEARER)
    assert format_result(result) == "down auth 535 '5.7.8 no'"
    assert heard[1:] == [answer]


def test_server_with_only_unsupported_mechanisms_is_unknown() -> None:
    result, _ = converse(*offer(b"250 AUTH GSSAPI NTLM\r\n"), HEAR, **ACCOUNT)
    assert format_result(result) == "unknown settings EHLO offers only GSSAPI NTLM for signing in"


class _Endpoint(BaseHTTPRequestHandler):
    """A token endpoint: it keeps what it was asked, and gives its server's answer."""

    server: "TokenServer"

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        body = json.dumps(self.server.answer[1]).encode()
        self.send_response(self.server.answer[0])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class TokenServer(HTTPServer):
    """A token endpoint behind TLS."""

    asked: list[str]
    answer: tuple[int, dict[str, str]]


@pytest.fixture
def endpoint(certificates: Certificates) -> Iterator[TokenServer]:
    with TokenServer(("127.0.0.1", 0), _Endpoint) as server:
        server.asked, server.answer = [], (200, {"access_token": TOKEN})
        server.socket = certificates.good.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def make_refresh_account(endpoint: TokenServer, certificates: Certificates) -> dict[str, Any]:
    where = f"https://127.0.0.1:{endpoint.server_port}/token"
    refresh = Refresh(url=where, refresh_token="${CONSTAT_REFRESH}", client_id="a&b", ca=certificates.ca)
    return {"username": "monitor", "refresh": refresh}


def test_a_token_is_fetched_with_a_refresh_token(endpoint: TokenServer, certificates: Certificates) -> None:
    acts = (*offer(b"250 AUTH XOAUTH2\r\n"), HEAR, b"235 ok\r\n", *BYE)
    result, heard = converse(*acts, **make_refresh_account(endpoint, certificates))
    assert format_result(result) == "up"
    assert TOKEN in base64.b64decode(heard[0].split()[2]).decode()
    assert endpoint.asked == ["grant_type=refresh_token&client_id=a%26b&refresh_token=1%2F%2FAmiga-500-plus"]


def test_token_that_cannot_be_fetched_is_unknown(endpoint: TokenServer, certificates: Certificates) -> None:
    endpoint.answer = (400, {"error": "invalid_grant"})
    result, _ = converse(*offer(b"250 AUTH XOAUTH2\r\n"), **make_refresh_account(endpoint, certificates))
    assert format_result(result) == "unknown secret no access token: status 400 'invalid_grant'"
    with hold_closed_port() as port:
        nobody = Refresh(f"https://127.0.0.1:{port}/", "${CONSTAT_REFRESH}", "me", ca=certificates.ca)
        result, _ = converse(*offer(b"250 AUTH XOAUTH2\r\n"), username="monitor", refresh=nobody)
    assert format_result(result) == "unknown secret no access token: refused"


def test_fetched_token_is_redacted(endpoint: TokenServer, certificates: Certificates) -> None:
    refusal = f"535 no {TOKEN}\r\n".encode()
    acts = (*offer(b"250 AUTH XOAUTH2\r\n"), HEAR, refusal)
    result, _ = converse(*acts, **make_refresh_account(endpoint, certificates))
    assert format_result(result) == "down auth 535 'no [secret]'"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({**ACCOUNT, "token": "t"}, "more than one of password, token and refresh"),
        ({"token": "t"}, "a username without a password"),
        ({**ACCOUNT, "auth": "xoauth2"}, "xoauth2 does not sign in with that"),
        ({**BEARER, "auth": "plain"}, "plain does not sign in with that"),
    ],
)
def test_invalid_account_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        smtp.Options(host="relay.example", starttls=True, **options)


def test_a_refresh_token_never_travels_without_tls() -> None:
    refresh = Refresh(url="http://login.example/token", refresh_token="r", client_id="c")
    with pytest.raises(ValueError, match="would travel unencrypted"):
        smtp.Options(host="relay.example", starttls=True, username="u", refresh=refresh)
