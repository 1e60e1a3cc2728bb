"""A real S3 server on loopback: moto's, with a bucket in its memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

BUCKET = "pages"


def _choose_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def run_s3_server() -> Iterator[str]:
    """The address of a server with an empty bucket `pages`; what the machine sets for AWS does not reach it."""
    port = _choose_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    words = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    with subprocess.Popen(words, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            _create_bucket(f"{url}/{BUCKET}")
            yield url
        finally:
            server.terminate()


def _create_bucket(url: str) -> None:
    for _ in range(600):
        with suppress(requests.ConnectionError):
            assert requests.put(url, timeout=10).status_code == 200
            return
        time.sleep(0.05)
    raise TimeoutError(f"no S3 server at {url}")
