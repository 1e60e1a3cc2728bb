"""The program of `tests.support.grpc_server`.

    python -m tests.support.grpc_server_program CHAIN KEY AUTHORITY TOKEN

It prints its ports as JSON, and ends when its standard input does.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

HERE = "127.0.0.1:0"
STATES = health_pb2.HealthCheckResponse
SERVICES = {
    "shop.Orders": STATES.SERVING,
    "shop.Carts": STATES.NOT_SERVING,
    "shop.\u00e9" * 40: STATES.SERVING,
}


class Guard(grpc.ServerInterceptor):  # type: ignore[misc] # grpcio has no types
    """Lets nobody in whose metadata hold `x-private` but not the token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        """Pass the call on, or refuse it with what was shown instead of the token."""
        given = dict(details.invocation_metadata)
        shown = given.get("authorization")
        if "x-private" not in given or shown == f"Bearer {self._token}":
            return continuation(details)
        return grpc.unary_unary_rpc_method_handler(
            lambda _, call: call.abort(grpc.StatusCode.UNAUTHENTICATED, f"not {shown}")
        )


def main(chain: str, key: str, authority: str, token: str) -> None:
    """Serve until the standard input ends."""
    servicer = health.HealthServicer()
    for name, state in SERVICES.items():
        servicer.set(name, state)
    server = grpc.server(ThreadPoolExecutor(2), interceptors=[Guard(token)])
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    pair = (Path(key).read_bytes(), Path(chain).read_bytes())
    for_known = grpc.ssl_server_credentials([pair], Path(authority).read_bytes(), require_client_auth=True)
    ports = [
        server.add_insecure_port(HERE),
        server.add_secure_port(HERE, grpc.ssl_server_credentials([pair])),
        server.add_secure_port(HERE, for_known),
    ]
    server.start()
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop(None)


if __name__ == "__main__":
    main(*sys.argv[1:])
