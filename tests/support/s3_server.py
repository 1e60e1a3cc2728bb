"""A real S3 server on loopback: moto's, with a bucket in its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from tests.support.free_ports import find_free_port

BUCKET = "pages"


@contextmanager
def run_s3_server() -> Iterator[str]:
    """The address of a server with an empty bucket `pages`; what the machine sets for AWS does not reach it."""
    port = find_free_port()
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
