"""From exceptions to the words of a reason."""

import errno
import http.client
import json
import re
import socket
import ssl
from collections.abc import Callable

import pytest

from checks.reason_words import WORDS
from checks.reasons import ERRNO, FOREIGN, LAST_RESORT, Trouble, quote_target, translate_error
from constat.model import Outcome
from tests.support.source_tree import list_files


def test_every_word_in_the_tables_is_explained() -> None:
    assert {words.split()[0] for words in [*FOREIGN.values(), *ERRNO.values()]} <= set(WORDS)
    assert all(re.fullmatch("[a-z]+", word) for word in WORDS)


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (TimeoutError(), Outcome.DOWN, "timeout after 2.5 s"),
        (ConnectionRefusedError(), Outcome.DOWN, "refused"),
        (OSError(errno.EHOSTUNREACH, ""), Outcome.DOWN, "unreachable"),
        (OSError(errno.ENETUNREACH, ""), Outcome.UNKNOWN, "route"),
        (OSError(errno.EAFNOSUPPORT, ""), Outcome.UNKNOWN, "route"),
        (OSError(errno.EMFILE, ""), Outcome.UNKNOWN, "resources"),
        (OSError(errno.EPERM, ""), Outcome.UNKNOWN, "blocked"),
        (socket.gaierror(socket.EAI_NONAME, ""), Outcome.DOWN, "dns no such name"),
        (socket.gaierror(socket.EAI_AGAIN, ""), Outcome.UNKNOWN, "resolver"),
        (ssl.SSLError(1, "odd"), Outcome.DOWN, "tls handshake failed"),
        (EOFError(), Outcome.DOWN, "closed"),
        (Trouble("status", "503"), Outcome.DOWN, "status 503"),
        (Trouble("auth", outcome=Outcome.DEGRADED), Outcome.DEGRADED, "auth"),
    ],
)
def test_same_failure_has_the_same_word(error: BaseException, outcome: Outcome, reason: str) -> None:
    trouble = translate_error(error, 2.5)
    assert trouble is not None
    assert (trouble.outcome, trouble.reason) == (outcome, reason)


def test_wrapped_errors_are_unwrapped() -> None:
    wrapped = RuntimeError("the library's own", OSError("nothing to know", ConnectionResetError()))
    trouble = translate_error(wrapped, 1)
    assert trouble is not None
    assert trouble.reason == "reset"


def test_programming_errors_are_not_blamed_on_the_target() -> None:
    assert translate_error(ZeroDivisionError("ours"), 1) is None
    assert translate_error(OSError("no number"), 1) is None


def _caught(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:  # noqa: BLE001 -- whatever it is
        return error
    raise AssertionError


def test_parse_error_in_a_library_is_blamed_on_the_target() -> None:
    """`int` says nothing of where its text came from; that a library called it that reads answers does."""
    trouble = translate_error(_caught(lambda: json.loads("[" + "9" * 5000 + "]")), 1)
    assert trouble is not None
    assert trouble.reason == "protocol"


def test_library_refusing_to_send_is_our_fault() -> None:
    connection = http.client.HTTPConnection("maxony.example")
    connection.putrequest = lambda *_: None  # type: ignore[method-assign]
    connection._HTTPConnection__state = "Request-started"  # type: ignore[attr-defined]
    assert translate_error(_caught(lambda: connection.putheader("X", "a\nb")), 1) is None
    assert translate_error(_caught(lambda: connection.putheader("X", "\u4e00")), 1) is None
    assert translate_error(_caught(lambda: int("ours")), 1) is None


def test_cyclic_error_causes_end() -> None:
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert translate_error(first, 1) is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Service busy", "'Service busy'"),
        ("=HYPERLINK(1)", "'HYPERLINK(1)'"),
        ("+-@ =x", "'x'"),
        ('say "no", it\'s 5 %', "'say \"no\", it\u2019s 5 %'"),
        ("a\r\n\tb\x00c\x1b[0m é", "'a b?c?[0m é'"),
        ("Gro\u0308\u00dfe \u2013 สวัสดี", "'Größe \u2013 สวัสดี'"),
        ("a\u202eb\u200bc\u2028d", "'abc d'"),
        (b"caf\xe9", "'caf\ufffd'"),
        ("x" * 61, f"'{'x' * 57}...'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("", "''"),
    ],
)
def test_a_target_is_quoted_in_plain_characters(text: str | bytes, quoted: str) -> None:
    assert quote_target(text) == quoted


def test_every_word_is_used_somewhere() -> None:
    """A word that no check uses would mislead readers of the evidence."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in list_files("checks")
        if path.name not in ("reasons.py", "reason_words.py")
    )
    tables = {words.split()[0] for words in [*FOREIGN.values(), *LAST_RESORT.values(), *ERRNO.values()]}
    assert {word for word in WORDS if word not in tables and not re.search(f'"{word}[" ]', code)} == set()
