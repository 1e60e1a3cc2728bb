"""Starts our program ten times as fast: each start is forked off a process that has imported everything already.

The tests start the program some five hundred times, and most of a start is importing. A start from here is a process of its own all the same,
with the arguments, streams, environment, folder and signals that it was given; what depends on how Python itself begins
(`-X`, closed streams, rights given up, what is imported) needs a real start.

`quick_start.py` is the program in whose place all this happens.
"""

import gc
import json
import os
import random
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tests.support.source_tree import ROOT

CLIENT = Path(__file__).with_name("quick_start.py")
Main = Callable[[list[str]], int]


def find_start_command() -> list[str]:
    """Find the command that replaces `python generate.py`."""
    if "COVERAGE_PROCESS_CONFIG" in os.environ or "COVERAGE_RUN" in os.environ:
        return [sys.executable, str(ROOT / "generate.py")]  # whose lines are counted from its start
    return [sys.executable, "-S", "-E", str(CLIENT), _start_server()]


@cache
def _start_server() -> str:
    """Start the server, once for this process, whose end it notices; return the path of its socket."""
    path = f"{tempfile.mkdtemp(prefix='constat-')}/socket"
    server = subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-m", "tests.support.fork_server", path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    _SERVERS.append(server)
    return path


_SERVERS: list["subprocess.Popen[bytes]"] = []
"""Kept, since a `Popen` that is collected warns of a process that still runs."""


class Server:
    """Forks a process for each connection, and answers with its exit; ends it if the caller is gone."""

    def __init__(self, path: str) -> None:
        self._main: Main = runpy.run_path(str(ROOT / "generate.py"))["main"]
        for module in sorted((ROOT / "verbs").glob("[!_]*.py")):
            import_module(f"verbs.{module.stem}")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(64)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._listener, selectors.EVENT_READ, self._accept)
        self._waiting.register(0, selectors.EVENT_READ, self._end)
        gc.freeze()

    def serve(self) -> NoReturn:
        """Serve until standard input ends."""
        os.write(1, b"ready\n")
        while True:
            for key, _ in self._waiting.select():
                key.data()

    @staticmethod
    def _end() -> NoReturn:
        os._exit(0)

    def _accept(self) -> None:
        caller, _ = self._listener.accept()
        size = int.from_bytes(caller.recv(4), "big")
        data, streams, _, _ = socket.recv_fds(caller, size, 3)
        while len(data) < size:
            data += caller.recv(size - len(data))
        pid = os.fork()
        if not pid:
            self._listener.close()
            caller.close()
            _become(self._main, json.loads(data), streams)
        for stream in streams:
            os.close(stream)
        ended = os.pidfd_open(pid)

        def answer() -> None:
            self._waiting.unregister(ended)
            self._waiting.unregister(caller)
            os.close(ended)
            status = os.waitpid(pid, 0)[1]
            with suppress(OSError):  # the caller is gone
                caller.sendall(os.waitstatus_to_exitcode(status).to_bytes(2, "big", signed=True))
            caller.close()

        def forward() -> None:
            number = caller.recv(1)
            signal.pidfd_send_signal(ended, number[0] if number else signal.SIGKILL)
            if not number:
                answer()

        self._waiting.register(ended, selectors.EVENT_READ, answer)
        self._waiting.register(caller, selectors.EVENT_READ, forward)


def _become(main: Main, asked: dict[str, Any], streams: list[int]) -> NoReturn:
    """Run the program in a process that was just forked."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 4096)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [str(ROOT / "generate.py"), *asked["arguments"]]
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 -- the streams of this process
    sys.stdout = open(1, "w", buffering=1 if os.isatty(1) else -1, encoding="utf-8")  # noqa: SIM115 -- the same
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8")  # noqa: SIM115 -- the same
    try:
        code = main(asked["arguments"])
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- as Python ends a program that raised
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    Server(sys.argv[1]).serve()
