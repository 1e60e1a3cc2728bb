"""Real servers on loopback that do as a test tells them, connection by connection, in threads."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]
"""What to do with one accepted connection; it is closed afterwards."""


def _serve(listener: socket.socket, script: Script, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, script, tls), daemon=True).start()


def _talk(connection: socket.socket, script: Script, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError, ValueError), connection:
        if tls is None:
            script(connection)
            return
        with tls.wrap_socket(connection, server_side=True) as secure:
            script(secure)


@contextmanager
def serving(script: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """A server on a free port of loopback that follows a script; the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family, backlog=1024) as listener:
        threading.Thread(target=_serve, args=(listener, script, tls), daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of loopback on which nobody listens, kept from others meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def saying(data: bytes) -> Script:
    """Say something at once, then close when the other side has."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    return script


def close(_connection: socket.socket) -> None:
    """Close at once."""


def shut(connection: socket.socket) -> None:
    """Listen to the question, then close without a word."""
    connection.recv(65_536)


def hang(connection: socket.socket) -> None:
    """Listen, and never say a word."""
    while connection.recv(65_536):
        pass


def reset(connection: socket.socket) -> None:
    """Tear the connection down as soon as something was asked."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def reset_at_once(connection: socket.socket) -> None:
    """Tear the connection down unasked."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def trickling(data: bytes, pause_s: float = 0.02, endless: bytes = b"x") -> Script:
    """Say something, then a byte now and then for ever."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        while True:
            time.sleep(pause_s)
            connection.sendall(endless)

    return script
