"""A web server for measuring: answers after a while, or never under /hang. `python -m benchmarks.slow_server`."""

import asyncio
import sys

ANSWER_S = 0.02
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        request = await reader.readuntil(b"\r\n\r\n")
        if b" /hang" in request:
            await reader.read()
        else:
            await asyncio.sleep(ANSWER_S)
            writer.write(_ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client has gone: that is what it does with us
    finally:
        writer.close()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)  # until the one who started us goes


if __name__ == "__main__":
    asyncio.run(_main())
