"""A secret is planted, every server echoes it in every guise, and everything that a full run writes is searched."""

import base64
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.command_line import generate
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.tcp_speakers import serve_script

SECRET = "kanari-Vogel/7+q"
GUISES = (
    SECRET,
    SECRET.lower(),
    quote(SECRET, safe=""),
    base64.b64encode(SECRET.encode()).decode(),
    base64.b64encode(f"user:{SECRET}".encode()).decode()[8:-4],
    base64.b64encode(f"\0user\0{SECRET}".encode()).decode()[8:-4],
    SECRET.encode().hex(),
)
NOW = "2026-11-25T10:00:00Z"


def echo_http(connection: socket.socket) -> None:
    """Echo the request in the reason phrase, a header, a redirect or the body, as requested."""
    request = connection.recv(65_536)
    while request.startswith(b"POST") and not request.partition(b"\r\n\r\n")[2]:
        request += connection.recv(65_536)  # the body may come by itself
    marks = (b"Authorization: ", b"X-Key: ", b"\r\n\r\n", b" ")
    told = next(request.partition(mark)[2] for mark in marks if request.partition(mark)[2]).replace(
        b"\r\n", b" "
    )
    body = b'{"error": "bad ' + told + b'"}'
    connection.sendall(b"HTTP/1.1 500 " + told[:300] + b"\r\nX-Echo: " + told[:300] + b"\r\n")
    connection.sendall(b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


def echo_smtp(connection: socket.socket) -> None:
    """Refuse every login, and echo it."""
    connection.sendall(b"220 smtp.maxony.example ESMTP\r\n")
    while line := connection.recv(4096):
        word = line[:4].upper()
        if word == b"EHLO":
            connection.sendall(b"250-smtp.maxony.example\r\n250 AUTH PLAIN LOGIN\r\n")
        elif word == b"QUIT":
            connection.sendall(b"221 bye\r\n")
            return
        elif word == b"AUTH":
            connection.sendall(b"535 5.7.8 no: " + line.strip() + b" is wrong\r\n")
        else:
            connection.sendall(b"500 " + line.strip() + b"\r\n")


def project(root: Path, web: int, mail: int) -> Path:
    address = f'kind: http, url: "http://127.0.0.1:{web}/", unencrypted: true'
    token = '"${CONSTAT_CANARY}"'
    return write_project(
        root,
        format_service(
            "website",
            f"{address}, bearer: {token}, status: [500], json: {{error: none}}",
            f"{address}, basic: {{username: user, password: {token}}}, status: [500], contains: missing",
            f"{address}, query: {{key: {token}}}, headers: {{X-Key: {token}}}",
            f"{address}, method: POST, body: {token}, status: [500], json: {{error: none}}",
        ),
        format_service(
            "smtp",
            f"kind: smtp, host: 127.0.0.1, port: {mail}, username: user, password: {token}, unencrypted: true",
            f"kind: tcp, host: 127.0.0.1, port: {mail}, banner: nothing",
        ),
        more="secrets:\n  CONSTAT_CANARY: [127.0.0.1]",
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Everything that a full run prints and leaves on the disk, by its location."""
    root = tmp_path_factory.mktemp("secret")
    with serve_script(echo_http) as web, serve_script(echo_smtp) as mail:
        project(root, web, mail)
        told = generate(root, "run", "-v", "--now", NOW, CONSTAT_CANARY=SECRET)
    assert told.returncode == 0, told.stderr
    found = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return found | {"stdout": told.stdout.encode(), "stderr": told.stderr.encode()}


def test_run_wrote_every_file_to_be_searched(written: dict[str, bytes]) -> None:
    assert {"stdout", "stderr", "history/register.jsonl", "site/index.html"} <= set(written)
    day = written["history/2026/11/2026-11-25.csv"].decode()
    assert day.count("[secret]") >= 3, "the servers did echo it"


def test_secret_appears_nowhere_in_any_encoding(written: dict[str, bytes]) -> None:
    leaks = [
        f"{guise} in {where}"
        for where, data in written.items()
        for guise in GUISES
        if guise.lower().encode() in data.lower()
    ]
    assert leaks == []


def test_check_without_its_secret_is_unknown_and_names_it(tmp_path: Path) -> None:
    with serve_script(echo_http) as web, serve_script(echo_smtp) as mail:
        project(tmp_path, web, mail)
        assert generate(tmp_path, "check", "--now", NOW).returncode == 0
    seen = {(row["service"], row["check"]): (row["outcome"], row["reason"]) for row in read_rows(tmp_path)}
    assert seen["website", "check-0"] == ("unknown", "secret CONSTAT_CANARY is not set")
    assert seen["smtp", "check-0"] == ("unknown", "secret CONSTAT_CANARY is not set")
