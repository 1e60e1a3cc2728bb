"""An event loop in its own thread, for servers that are written for asyncio."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self


class LoopThread:
    """Runs asyncio servers on free loopback ports while entered."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []

    def listen(self, protocol: Callable[[], asyncio.Protocol], tls: ssl.SSLContext | None = None) -> str:
        """Start a server for a protocol, with TLS from the first byte if given; return its address `127.0.0.1:port`."""
        coroutine = self._loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)
        server = asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)
        self._servers.append(server)
        host, port = server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
