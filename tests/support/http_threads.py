"""An HTTP server on loopback in threads of this process, for handlers that a test writes."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Handler = Callable[..., BaseHTTPRequestHandler]
"""Makes the handler of a request: a class, or one with its first arguments filled in."""


@contextmanager
def run_http_server(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[ThreadingHTTPServer]:
    """Run a server on a free port until the end of the block, with TLS if a context is given."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
