"""A TCP server that follows a script, whatever its client sends: for behaviour that real servers do not show."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Trickle:
    """An act: send these bytes one by one, with a pause before each, as long as the client listens."""

    data: bytes
    pause_s: float = 0.02


HEAR = "hear a line"
SILENCE = "say nothing until the client goes"
RESET = "tear the connection down"
Act = bytes | str | Trickle | ssl.SSLContext | Callable[[socket.socket], object]


class ScriptedServer:
    """Plays `acts` to every client, then closes: bytes are sent, a TLS context starts a handshake as the server.

    `heard` holds the lines that `HEAR` received from all clients.
    """

    def __init__(self, *acts: Act) -> None:
        self.acts = acts
        self.heard: list[bytes] = []
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._play, client)

    def _play(self, client: socket.socket) -> None:
        client.settimeout(5)
        with contextlib.ExitStack() as open_sockets, contextlib.suppress(OSError, ValueError):
            self._follow(open_sockets.enter_context(client), self.acts, open_sockets)

    def _follow(self, client: socket.socket, acts: Sequence[Act], open_sockets: contextlib.ExitStack) -> None:
        """Play the acts; at the end shut down properly, because closing with unread data would reset the connection."""
        for act in acts:
            if isinstance(act, ssl.SSLContext):
                secure = act.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
                client = open_sockets.enter_context(secure)
                secure.do_handshake()
            elif isinstance(act, bytes):
                client.sendall(act)
            elif isinstance(act, Trickle):
                self._trickle(client, act)
            elif act == HEAR:
                self.heard.append(_read_line(client))
            elif act == SILENCE:
                self._outwait(client)
            elif act == RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            elif callable(act):
                act(client)
        client.shutdown(socket.SHUT_WR)
        self._outwait(client)

    def _trickle(self, client: socket.socket, act: Trickle) -> None:
        for byte in act.data:
            if self._stop.wait(act.pause_s):
                return
            client.sendall(bytes([byte]))

    def _outwait(self, client: socket.socket) -> None:
        client.settimeout(0.05)
        while not self._stop.is_set():
            try:
                if not client.recv(4096):
                    return
            except TimeoutError:
                continue


def _read_line(client: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            break
        line += byte
    return line
