"""A gRPC server of another implementation that answers about health, in a process of its own: grpcio and forks do not mix."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.support.certificates import Certificates
from tests.support.source_tree import ROOT

TOKEN = "s3cret-token"


class Ports(NamedTuple):
    """Where the server listens: without TLS, with it, and with it for clients that show a certificate of the authority."""

    plain: int
    tls: int
    certified: int


@contextmanager
def run_grpc_server(certificates: Certificates) -> Iterator[Ports]:
    """Run the server until the end of the block."""
    program = "tests.support.grpc_server_program"
    command = [sys.executable, "-m", program, *certificates.files(), certificates.ca, TOKEN]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:  # noqa: S603 (our own words)
        assert server.stdout is not None
        yield Ports(*json.loads(server.stdout.readline()))
        server.communicate()
