"""The `http` check against answers that violate the specification and that browsers accept."""

import codecs
import gzip
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from checks.kinds.http import Options
from checks.network.http_transport import Adapter
from checks.probing import ProbeResult
from checks.secrets import Secrets
from tests.support.configured_probe import look, read_outcome
from tests.support.tcp_speakers import Script, hang, serve_script

WORD = "Größe"


def respond(answers: Mapping[str, bytes], *, then: Script | None = None) -> Script:
    """Answer each path with its bytes, as they are."""

    def script(connection: socket.socket) -> None:
        path = connection.recv(65_536).split(b" ")[1].decode()
        connection.sendall(answers[path])
        if then:
            then(connection)

    return script


def page(body: bytes, content_type: str = "text/html", *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


LATIN = WORD.encode("latin-1")
READABLE = {
    "/header": page(LATIN, "text/html; charset=iso-8859-1"),
    "/alias": page(LATIN, "text/html; charset=latin1"),
    "/old-alias": page(LATIN, "text/html; charset=ISO_8859-1"),
    "/quoted": page(LATIN, "text/html; charset='iso-8859-1'"),
    "/ascii-is-windows": page(LATIN, "text/html; charset=us-ascii"),
    "/meta": page(b'<html><head><meta charset="iso-8859-1"></head>' + LATIN),
    "/http-equiv": page(b'<meta http-equiv="Content-Type" content="text/html; charset=latin1">' + LATIN),
    "/commented-meta": page(b'<!-- <meta charset="koi8-r"> --><meta charset="latin1">' + LATIN),
    "/xml": page(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>' + LATIN, "text/xml"),
    "/utf-16": page(codecs.BOM_UTF16_LE + WORD.encode("utf-16-le")),
    "/mark-before-header": page(codecs.BOM_UTF8 + WORD.encode(), "text/html; charset=latin1"),
    "/meta-of-utf-16": page(b'<meta charset="utf-16">' + WORD.encode()),
    "/unnamed": page(WORD.encode()),
    "/unnamed-and-old": page(LATIN),
    "/unknown-label": page(WORD.encode(), "text/html; charset=none-such"),
    "/decomposed": page("Gro\u0308ße".encode()),
}


@pytest.fixture(scope="module")
def readable() -> Iterator[str]:
    with serve_script(respond(READABLE)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("path", READABLE)
def test_page_is_decoded_with_the_charset_a_browser_uses(readable: str, path: str) -> None:
    assert read_outcome(look("http", 5, Options(url=readable + path, contains=WORD))) == ("up", "")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("cp1252", "5 €"),
        ("iso-2022-jp", "状態"),
        ("tis-620", "สวัสดี"),
        ("windows-874", "สวัสดี"),
        ("koi8-r", "да"),
    ],
)
def test_charset_labels_follow_the_web_standard(label: str, text: str) -> None:
    codec = "cp874" if label == "windows-874" else label
    with serve_script(respond({"/": page(text.encode(codec), f"text/plain; charset={label}")})) as port:
        assert read_outcome(look("http", 5, Options(url=f"http://127.0.0.1:{port}/", contains=text))) == (
            "up",
            "",
        )


def visit(answer: bytes, *, then: Script | None = None, within: float = 5, **options: Any) -> ProbeResult:
    with serve_script(respond({"/": answer}, then=then)) as port:
        return look("http", within, Options(url=f"http://127.0.0.1:{port}/", **options))


OK = page(b"ok")
TAKEN = {
    "early hints": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK,
    "processing, again and again": b"HTTP/1.1 102 Processing\r\n\r\n" * 50 + OK,
    "a hundred and fifty headers": page(b"ok", "text/html", *(f"X-{number}: v" for number in range(150))),
    "a header above 64 KiB": page(b"ok", "text/html", f"Content-Security-Policy: {'a' * 70_000}"),
}


@pytest.mark.parametrize("answer", TAKEN.values(), ids=TAKEN)
def test_malformed_answers_that_browsers_accept_are_accepted(answer: bytes) -> None:
    assert read_outcome(visit(answer, contains="ok")) == ("up", "")


def test_endless_interim_answers_end_at_the_deadline() -> None:
    result = visit(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000, then=hang, within=0.4)
    assert read_outcome(result) == ("down", "timeout after 0.4 s")


def test_switching_protocols_is_a_final_answer() -> None:
    assert read_outcome(visit(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")) == ("down", "status 101")


def test_endless_stream_is_judged_by_its_beginning() -> None:
    stream = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nd"
    assert read_outcome(visit(stream, then=hang, max_body=1)) == ("up", "")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nd\r\n"
    assert read_outcome(visit(chunked, then=hang, max_body=1)) == ("up", "")


def test_missing_text_is_quoted_unchanged() -> None:
    asked = 'สวัสดี, ß \u2013 "x" 50%'
    assert read_outcome(visit(OK, contains=asked)) == ("down", f"content '{asked}' missing")


def test_json_in_a_declared_legacy_charset_is_read() -> None:
    latin = page('{"name": "Größe"}'.encode("latin-1"), "application/json; charset=iso-8859-1")
    assert read_outcome(visit(latin, json={"name": WORD})) == ("up", "")
    assert read_outcome(visit(page(b'{"name": "\xff"}', "application/json"), json={"name": "x"})) == (
        "down",
        "value 'name' is 'ÿ'",
    )


def test_secret_not_allowed_in_a_header_is_unknown() -> None:
    secrets = Secrets({"CONSTAT_T": "5 €"}, {"CONSTAT_T": ("127.0.0.1",)})
    asked = Options(url="http://127.0.0.1:1/", headers={"X-T": "${CONSTAT_T}"}, unencrypted=True)
    assert read_outcome(look("http", 2, asked, secrets)) == (
        "unknown",
        "secret it cannot be sent in the header X-T",
    )


@contextmanager
def serve_redirects() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A server whose answer to / can be changed."""
    answers = {"/ok": OK}
    with serve_script(respond(answers)) as port:
        yield f"http://127.0.0.1:{port}", answers


NOWHERE = ("down", "redirect to no web address")
LOCATIONS = {
    "/ok": ("up", ""),
    "\\ok": ("up", ""),
    "HTTP://127.0.0.1:{port}/ok": ("up", ""),
    "//127.0.0.1:{port}/ok": ("up", ""),
    "http://127.0.0.1.:{port}/ok": ("up", ""),
    "http://[fe80::1]/": NOWHERE,
    "http://a..b/": NOWHERE,
    "http://%00/": NOWHERE,
    "https:": NOWHERE,
    "http://user@:80/": NOWHERE,
    "javascript:1": NOWHERE,
    "http://127.0.0.1:65536/": NOWHERE,
    "http://127.0.0.1:8 0/": NOWHERE,
    "http://" + "a" * 64 + ".example/": NOWHERE,
    "http://[v1.x]/": NOWHERE,
}


def test_redirect_is_resolved_as_browsers_do() -> None:
    with serve_redirects() as (url, answers):
        for location, expected in LOCATIONS.items():
            target = location.replace("{port}", url.rpartition(":")[2])
            answers["/"] = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
            assert read_outcome(look("http", 5, Options(url=f"{url}/"))) == expected, location


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://[::1]/", "::1", 80),
        ("https://[2001:db8::1]/", "2001:db8::1", 443),
        ("http://[::1]:8080/", "::1", 8080),
    ],
)
def test_ipv6_address_uses_the_default_port_of_its_scheme(url: str, host: str, port: int) -> None:
    """A library that is given no port takes the last part of the address for one."""

    def refuse(*_: object) -> Any:
        raise AssertionError

    request = requests.Request("GET", url).prepare()
    pool = Adapter(refuse, refuse).get_connection_with_tls_context(request)
    assert (pool.host.strip("[]"), pool.port) == (host, port)


def _only_packed(connection: socket.socket) -> None:
    """Answer in full only what asks for compression, as a cache in front of a shop does; else stop in the middle."""
    asked = connection.recv(65_536)
    packed = gzip.compress(WORD.encode() * 2000)
    if b"accept-encoding: gzip" in asked.lower():
        connection.sendall(page(packed, "text/html; charset=utf-8", "Content-Encoding: gzip"))
    else:
        connection.sendall(page(b"x" * 9, "text/html")[:-5])


def test_compression_is_requested_as_browsers_do() -> None:
    with serve_script(_only_packed) as port:
        url = f"http://127.0.0.1:{port}/"
        assert read_outcome(look("http", 5, Options(url=url, contains=WORD))) == ("up", "")
        own = Options(url=url, contains=WORD, headers={"Accept-Encoding": "identity"})
        assert read_outcome(look("http", 5, own))[0] == "down"
