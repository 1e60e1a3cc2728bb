"""Ports of loopback for servers that cannot choose one themselves."""

import socket
from contextlib import ExitStack


def find_free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that was free a moment ago: another program may take it before the server does."""
    return find_free_ports(1, kind)[0]


def find_free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Some different ports that were all free a moment ago."""
    with ExitStack() as held:
        bound = [held.enter_context(socket.socket(socket.AF_INET, kind)) for _ in range(count)]
        for each in bound:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in bound]
