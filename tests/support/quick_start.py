"""`python -S -E quick_start.py SOCKET WORDS`: has `tests/support/fork_server.py` run our program, and ends as it does.

A file without imports of ours, and with few others: being quick is its purpose.
"""

import json
import os
import signal
import socket
import sys


def main() -> int:
    """Hand over arguments, streams, environment and folder; pass signals on; return how it ended."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(sys.argv[1])
    asked = {"arguments": sys.argv[2:], "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 -- importing pathlib takes as long as all else here
    data = json.dumps(asked).encode()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, lambda given, _frame: server.sendall(bytes([given])))
    server.sendall(len(data).to_bytes(4, "big"))
    sent = socket.send_fds(server, [data], [0, 1, 2])
    server.sendall(data[sent:])
    answer = server.recv(2)
    return int.from_bytes(answer, "big", signed=True) if answer else 1


ended = main()
if ended < 0:  # by a signal, as we are to end
    signal.signal(-ended, signal.SIG_DFL)
    os.kill(os.getpid(), -ended)
sys.exit(ended)
