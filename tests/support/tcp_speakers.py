"""Real servers on loopback that run a test's script for each connection, in threads."""

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
def serve_script(
    script: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[int]:
    """Serve a script on a free port of loopback, or on the given one; yields the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=1024) as listener:
        threading.Thread(target=_serve, args=(listener, script, tls), daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def hold_closed_port() -> Iterator[int]:
    """Reserve a port of loopback on which nothing listens, until the end of the block."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def send_and_wait(data: bytes) -> Script:
    """Send something at once, then close when the peer has."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    return script


def close(_connection: socket.socket) -> None:
    """Close at once."""


def shut(connection: socket.socket) -> None:
    """Read the request, then close without an answer."""
    connection.recv(65_536)


def hang(connection: socket.socket) -> None:
    """Read, and never answer."""
    while connection.recv(65_536):
        pass


def reset(connection: socket.socket) -> None:
    """Reset the connection as soon as a request arrives."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def reset_at_once(connection: socket.socket) -> None:
    """Reset the connection before any request."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def trickle(data: bytes, pause_s: float = 0.02, endless: bytes = b"x") -> Script:
    """Send something, then a byte now and then, forever."""

    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        while True:
            time.sleep(pause_s)
            connection.sendall(endless)

    return script
