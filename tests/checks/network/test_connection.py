"""Connections: addresses in turn, the deadline, who closes the socket, blocked ports."""

import socket
import time

import pytest

from checks.network.connection import Connection, TooMuchError, connect
from checks.probing import Context, Deadline
from checks.reasons import Trouble
from tests.support.tcp_speakers import hang, hold_closed_port, send_and_wait, serve_script, trickle


def context(seconds: float = 5, blocked: tuple[int, ...] = ()) -> Context:
    return Context(Deadline(seconds), now=0, blocked=blocked)


def hear_all(connection: Connection) -> None:
    while connection.recv(10_000):
        pass


def test_steps_are_recorded() -> None:
    with serve_script(send_and_wait(b"hello")) as port:
        made = context()
        with connect("127.0.0.1", port, made) as connection:
            assert connection.recv(100) == b"hello"
            assert connection.recv(100) == b""
    assert [(step.name, step.detail) for step in made.steps] == [
        ("resolve", "127.0.0.1"),
        ("connect", f"127.0.0.1 port {port}"),
    ]


def test_addresses_are_tried_until_one_connects() -> None:
    """`localhost` is ::1 and 127.0.0.1 on most machines; only the second is listened on."""
    with serve_script(hang) as port:
        made = context()
        with connect("localhost", port, made):
            pass
    assert made.steps[-1].detail == f"127.0.0.1 port {port}"


def test_slow_trickle_ends_at_the_deadline() -> None:
    with serve_script(trickle(b"x", pause_s=0.01)) as port:
        began = time.monotonic()
        with connect("127.0.0.1", port, context(0.3)) as connection, pytest.raises(TimeoutError):
            hear_all(connection)
        assert time.monotonic() - began < 2


def test_peer_that_does_not_read_ends_at_the_deadline() -> None:
    def deaf(served: socket.socket) -> None:
        time.sleep(3)
        served.close()

    with serve_script(deaf) as port, connect("127.0.0.1", port, context(0.3)) as connection:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            connection.sendall(b"x" * 50_000_000)
        assert time.monotonic() - began < 2


def test_flood_is_not_read_to_its_end() -> None:
    with (
        serve_script(send_and_wait(b"x" * 100_000)) as port,
        connect("127.0.0.1", port, context(), most=50_000) as connection,
        pytest.raises(TooMuchError),
    ):
        hear_all(connection)


def test_socket_closes_with_its_last_reader() -> None:
    """As a socket does; the standard library's clients rely on it."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, Deadline(5))
    reader = connection.makefile()
    connection.close()
    theirs.sendall(b"still here\n")
    assert reader.readline() == b"still here\n"
    reader.close()
    assert ours.fileno() == -1
    theirs.close()


def test_context_manager_closes_the_socket_despite_readers() -> None:
    ours, theirs = socket.socketpair()
    with Connection(ours, Deadline(5)) as connection:
        reader = connection.makefile()
    assert ours.fileno() == -1
    reader.close()
    theirs.close()


def test_blocked_port_is_unknown_only_if_it_fails() -> None:
    with hold_closed_port() as port, pytest.raises(Trouble) as refused:
        connect("127.0.0.1", port, context(blocked=(port,)))
    assert refused.value.reason == f"blocked port {port} cannot be reached from here"
    with serve_script(hang) as port, connect("127.0.0.1", port, context(blocked=(port,))):
        pass


def test_a_deadline_that_is_over_raises_before_anything_is_sent() -> None:
    with pytest.raises(TimeoutError):
        connect("127.0.0.1", 9, Context(Deadline(0), now=0))
