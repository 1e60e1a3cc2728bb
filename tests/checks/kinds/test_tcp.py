"""The `tcp` check against real servers: what is up, what is not, and in which words."""

import os
import resource
import socket
import time
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import tcp
from checks.kinds.tcp import Options
from checks.probing import ProbeResult
from tests.support.configured_probe import look, read_outcome
from tests.support.tcp_speakers import (
    Script,
    close,
    hang,
    hold_closed_port,
    reset_at_once,
    send_and_wait,
    serve_script,
    trickle,
)

KIND: CheckKind[tcp.Options] = tcp


def visit(script: Script, seconds: float = 5, **options: Any) -> ProbeResult:
    with serve_script(script) as port:
        return look("tcp", seconds, Options("127.0.0.1", port, **options))


def test_an_open_port_is_up() -> None:
    result = visit(hang)
    assert read_outcome(result) == ("up", "")
    assert [step.name for step in result.steps] == ["resolve", "connect"]


def test_greeting_is_read_piece_by_piece() -> None:
    def stammer(connection: socket.socket) -> None:
        for piece in (b"220 smtp.max", b"ony.example", b" ESMTP\r\n"):
            connection.sendall(piece)
            time.sleep(0.01)

    assert read_outcome(visit(stammer, banner="maxony.example")) == ("up", "")


SLOW = ("down", "timeout after 0.3 s")
FAILURES: dict[str, tuple[Script, dict[str, Any], tuple[str, str]]] = {
    "silence": (hang, {"banner": "220"}, SLOW),
    "a greeting that trickles": (trickle(b"2"), {"banner": "220"}, SLOW),
    "another greeting": (
        send_and_wait(b'554 go, "away"\r\n'),
        {"banner": "220"},
        ("down", "banner '554 go, \"away\"'"),
    ),
    "the greeting on a second line": (
        send_and_wait(b"busy\r\n220 ready\r\n"),
        {"banner": "220"},
        ("down", "banner 'busy'"),
    ),
    "half a greeting": (send_and_wait(b"22"), {"banner": "220"}, ("down", "banner '22'")),
    "an empty line": (send_and_wait(b"\r\n220 ready\r\n"), {"banner": "220"}, ("down", "banner ''")),
    "no greeting": (close, {"banner": "220"}, ("down", "closed before a greeting")),
    "a torn connection": (reset_at_once, {"banner": "220"}, ("down", "reset")),
    "a flood": (send_and_wait(b"x" * 100_000), {"banner": "220"}, ("down", f"banner '{'x' * 57}...'")),
    "control characters": (
        send_and_wait(b"\x00\x1b[31m=1+1\xff\n"),
        {"banner": "220"},
        ("down", "banner '?[31m=1+1\ufffd'"),
    ),
}


@pytest.mark.parametrize(("script", "options", "expected"), FAILURES.values(), ids=FAILURES)
def test_each_failure_has_its_outcome_and_reason(
    script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    began = time.monotonic()
    assert read_outcome(visit(script, 0.3 if expected == SLOW else 5, **options)) == expected
    assert time.monotonic() - began < 4, "no server outlives the deadline"


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(look("tcp", 2, Options("127.0.0.1", port))) == ("down", "refused")


def test_server_that_accepts_no_connection_times_out() -> None:
    """Its queue is full: the kernel leaves our connection unanswered."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(8)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        assert read_outcome(look("tcp", 0.3, Options("127.0.0.1", port))) == ("down", "timeout after 0.3 s")
        for each in waiting:
            each.close()


def test_invalid_host_name_is_down() -> None:
    assert read_outcome(look("tcp", 2, Options("a" * 64 + ".example", 25))) == ("down", "dns not a host name")


def test_ipv6_is_used_on_request() -> None:
    with serve_script(hang, host="::1") as port:
        assert read_outcome(look("tcp", 2, Options("::1", port, ip="6"))) == ("up", "")
        assert read_outcome(look("tcp", 2, Options("::1", port, ip="4"))) == (
            "down",
            "dns no address of that family",
        )


def test_port_blocked_at_this_vantage_is_unknown() -> None:
    with hold_closed_port() as port:
        result = look("tcp", 2, Options("127.0.0.1", port), blocked=(port,))
    assert read_outcome(result) == ("unknown", f"blocked port {port} cannot be reached from here")


def test_open_port_is_up_even_if_listed_as_blocked() -> None:
    with serve_script(hang) as port:
        assert read_outcome(look("tcp", 2, Options("127.0.0.1", port), blocked=(port,))) == ("up", "")


def test_running_out_of_file_descriptors_is_unknown() -> None:
    """The limit is taken away from this process for one probe."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serve_script(hang) as port:
        look("tcp", 2, Options("127.0.0.1", port))
        lowest = os.open(os.devnull, os.O_RDONLY)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        try:
            result = look("tcp", 2, Options("127.0.0.1", port))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert read_outcome(result) == ("unknown", "resources")
