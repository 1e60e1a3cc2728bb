"""The words of IMAP, against scripts: literals, old folders' names, answers of every shape."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checks.network.connection import connect
from checks.network.imap_client import ImapClient, encode_folder, quote
from checks.network.sasl import Credentials
from checks.probing import Context, Deadline
from checks.reasons import Trouble
from tests.support.scripted_server import HEAR, Act, ScriptedServer

GREETING = b"* OK ready\r\n"


@contextmanager
def session(*acts: Act) -> Iterator[tuple[ImapClient, list[bytes]]]:
    """A client of a server that follows a script, and what the server heard."""
    with ScriptedServer(*acts) as server:
        context = Context(Deadline(5), now=0)
        with connect("127.0.0.1", server.port, context) as connection:
            yield ImapClient(connection, context), server.heard


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("R&D", "R&-D"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("a 😀", "a &2D3eAA-"),
    ],
)
def test_a_folder_is_named_in_modified_utf_7(name: str, written: str) -> None:
    """The third is the example of RFC 3501 5.1.3."""
    assert encode_folder(name) == written


def test_non_ascii_password_is_sent_as_a_literal() -> None:
    acts = (GREETING, HEAR, b"+ go\r\n", HEAR, b"+ go\r\n", HEAR, b"A1 OK in\r\n")
    with session(*acts) as (client, heard):
        client.read_greeting()
        client.log_in("ü", "Grüße")
        assert client.signed_in
    assert heard == [
        b"A1 LOGIN {2}\r\n",
        "ü {7}\r\n".encode(),
        "Grüße\r\n".encode(),
    ]


def test_a_quoted_string_holds_quotes_and_backslashes() -> None:
    assert quote('a"b\\c') == '"a\\"b\\\\c"'


def test_refused_literal_is_reported() -> None:
    with session(GREETING, HEAR, b"A1 NO [AUTHENTICATIONFAILED] no\r\n") as (client, _):
        client.read_greeting()
        with pytest.raises(Trouble, match=r"auth '\[AUTHENTICATIONFAILED\] no'"):
            client.log_in("ü", "x")


@pytest.mark.parametrize("greeting", [b"* PREAUTH hello\r\n", b"* preauth\r\n"])
def test_preauth_skips_signing_in(greeting: bytes) -> None:
    with session(greeting) as (client, _):
        client.read_greeting()
        assert client.signed_in


def test_initial_response_is_sent_only_if_advertised() -> None:
    account = Credentials("ü", "Grüße", "", "h", 143)
    sent = base64.b64encode("\0ü\0Grüße".encode())
    at_once = (b"* OK [CAPABILITY IMAP4rev1 SASL-IR] hi\r\n", HEAR, b"A1 OK in\r\n")
    later = (GREETING, HEAR, b"+ \r\n", HEAR, b"A1 OK in\r\n")
    for acts, expected in (
        (at_once, [b"A1 AUTHENTICATE PLAIN " + sent]),
        (later, [b"A1 AUTHENTICATE PLAIN", sent]),
    ):
        with session(*acts) as (client, heard):
            client.read_greeting()
            client.authenticate("PLAIN", account)
        assert [line.rstrip() for line in heard] == expected


def test_answers_with_literals_and_lines_in_between_are_read() -> None:
    answer = b"* 3 EXISTS\r\n* LIST {5}\r\na\r\nbc tail\r\n* search 4 5\r\nA1 OK [READ-ONLY] done\r\n"
    with session(GREETING, HEAR, answer) as (client, _):
        client.read_greeting()
        assert client.command("NOOP") == [b"3 EXISTS", b"LIST {5}\r\na\r\nbc tail", b"search 4 5"]


def test_data_injected_before_starttls_is_discarded() -> None:
    acts = (b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", HEAR, b"A1 OK go\r\n* CAPABILITY AUTH=PLAIN\r\n")
    with session(*acts) as (client, _):
        client.read_greeting()
        with pytest.raises(Trouble, match="protocol unasked before TLS"):
            client.ask_for_tls()
