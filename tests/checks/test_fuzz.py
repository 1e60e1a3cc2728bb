"""10,000 answers of nonsense for `http` and for `tcp`: no exception, no hang, no secret in a reason.

The answers lie ready in a socket pair, so that a round costs no server; a few never end, and meet the deadline.
"""

import base64
import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from checks import http, tcp
from checks.connection import Connection
from checks.probing import Context, Deadline, Seen
from checks.secrets import Secrets
from constat.model import Outcome
from tests.support.scripted import refused_port

ROUNDS = 10_000
SECRET = "hunter2-Pass/word+"
SECRETS = Secrets({"CONSTAT_X": SECRET}, {"CONSTAT_X": ("www.maxony.example",)})
ECHOES = (
    SECRET.encode(),
    base64.b64encode(SECRET.encode()),
    base64.b64encode(b"user:" + SECRET.encode()),
    quote(SECRET, safe="").encode(),
)
LEAK = re.compile("hunter2|" + "|".join(re.escape(echo.decode()[4:14]) for echo in ECHOES), re.IGNORECASE)
SAFE = re.compile(r"[a-z]+( [\x20-\x7e]*)?")
NEVER_ENDING = 500
"""One answer in so many does not end."""
WITHIN_S = 0.03

SEEDS = (
    b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"status": "ok"}\n',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://www.maxony.example/next\r\nSet-Cookie: a=b; Path=/\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html; charset=utf-16\r\n\r\n\x1f\x8b\x08\x00",
    b"HTTP/1.0 503 Service Unavailable\r\nRetry-After: 5\r\n\r\nplease wait",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n",
    b"220 smtp.maxony.example ESMTP ready\r\n",
)


def nonsense(chance: random.Random) -> bytes:
    """Random bytes, or a good answer that was cut, flipped or doubled; in many of them what we sent."""
    if chance.random() < 0.2:
        return chance.randbytes(chance.randrange(200))
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[place : place + 1] = chance.randbytes(1)
            case 1:
                del data[place:]
            case 2:
                data[place:place] = data[: chance.randrange(len(data) + 1)]
            case _:
                data[place:place] = chance.choice(
                    (b"\r\n", b"\0", b",", b"=", b"\xff" * 40, b" " * 300, b"[")
                )
    return _echoing(bytes(data), chance)


def _echoing(data: bytes, chance: random.Random) -> bytes:
    """The answer with what we sent somewhere in it, now and then cut off in the middle of that."""
    if chance.random() < 0.5:
        return data
    place, echo = chance.randrange(len(data) + 1), chance.choice(ECHOES)
    if chance.random() < 0.2:
        return data[:place] + echo[: chance.randrange(len(echo) + 1)]
    return data[:place] + echo + data[place:]


class Answers:
    """Stands for `connect`: every connection holds an answer that was written before."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (the same nonsense in every run)
        self._count = 0
        self._open: list[socket.socket] = []

    def __call__(self, _host: str, _port: int, context: Context, **options: Any) -> Connection:
        self._count += 1
        ours, theirs = socket.socketpair()
        theirs.sendall(nonsense(self._chance))
        if self._count % NEVER_ENDING:
            theirs.shutdown(socket.SHUT_WR)
        self._open.append(theirs)
        return Connection(ours, context.deadline, options.get("most", 1 << 20))

    def close(self) -> None:
        while self._open:
            self._open.pop().close()


@pytest.fixture
def answers() -> Iterator[Answers]:
    made = Answers(2026)
    yield made
    made.close()


def endure(answers: Answers, probe: Callable[[Context], Seen]) -> set[str]:
    """The first words of all reasons, after every round was found well."""
    words = set()
    for _ in range(ROUNDS):
        began = time.monotonic()
        seen = probe(Context(Deadline(WITHIN_S), now=0, secrets=SECRETS))
        assert time.monotonic() - began < WITHIN_S + 2
        assert seen.outcome in (Outcome.UP, Outcome.DOWN, Outcome.UNKNOWN)
        assert (seen.reason == "") == (seen.outcome is Outcome.UP)
        assert not seen.reason or SAFE.fullmatch(seen.reason)
        assert not LEAK.search(seen.reason), seen.reason
        assert not any(LEAK.search(step.detail) for step in seen.steps)
        words.add(seen.reason.split(" ")[0])
        answers.close()
    return words


OPTIONS = http.Options(
    "http://www.maxony.example/",
    bearer="${CONSTAT_X}",
    unencrypted=True,
    contains="hello",
    absent="error",
    json={"status": "ok"},
)


def test_http_endures_nonsense(
    answers: Answers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("checks.http_client.connect", answers)
    words = endure(answers, lambda context: http.probe(OPTIONS, context))
    assert words >= {"closed", "content", "protocol", "redirect", "status", "timeout"}, (
        "the nonsense is varied"
    )
    assert not caplog.records, "the log of a library would hold what the target sent"


def test_tcp_endures_nonsense(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.tcp.connect", answers)
    options = tcp.Options("www.maxony.example", 25, banner="220")
    words = endure(answers, lambda context: tcp.probe(options, context))
    assert words >= {"", "banner", "closed", "timeout"}, "the nonsense is varied"


def test_the_real_connect_is_not_what_is_replaced() -> None:
    """Where nothing is replaced, these options meet a refused port as they should."""
    with refused_port() as port:
        seen = tcp.probe(tcp.Options("127.0.0.1", port), Context(Deadline(2), now=0))
    assert seen.reason == "refused"
