"""Pings inside a network namespace of our own, where nothing of the machine is touched and everything may be set.

    results = run_in_namespace([ALLOWED, "127.0.0.1", "::1"])

starts this module there. `ALLOWED` and `SILENT` among the hosts change the namespace for those that follow.
"""

import fcntl
import json
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.source_tree import ROOT

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_SYSCTL = Path("/proc/sys/net/ipv4")
SILENT = "silent"
"""In the list of hosts: from here on the machine answers no ping over IPv4."""
ALLOWED = "allowed"
"""In the list of hosts: from here on everybody may ping; in a new namespace nobody may."""


_WAYS = (("unshare", "--user", "--map-root-user", "--net"), ("sudo", "-n", "unshare", "--net"))
"""Commands that start another in a network namespace: as any user, or as root where users may not."""


def run_in_namespace(hosts: Sequence[str]) -> list[tuple[str, str]] | None:
    """Ping hosts in turn; outcome and reason of each. `None` where this machine allows no namespace."""
    way = find_way()
    if way is None:
        return None
    command = [*way, sys.executable, "-m", __name__, *hosts]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    return [(outcome, reason) for outcome, reason in json.loads(done.stdout)]


def find_way() -> Sequence[str] | None:
    """The words before a command that has a network namespace of its own; `None` where this machine allows none."""
    return next((way for way in _WAYS if _works(way)), None)


def _works(way: Sequence[str]) -> bool:
    if shutil.which(way[0]) is None:
        return False
    return subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603 (our own words)


def raise_loopback() -> None:
    """Let a namespace that is new reach itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _ping(host: str) -> tuple[str, str]:
    from checks.kinds.icmp import Options  # noqa: PLC0415 (only the process in the namespace pings)
    from tests.support.configured_probe import look, read_outcome  # noqa: PLC0415

    return read_outcome(look("icmp", 0.6 if host == "127.0.0.2" else 5, Options(host, packets=2)))


def main(hosts: Sequence[str]) -> None:
    """Ping in this namespace, and print the results as JSON."""
    raise_loopback()
    results = []
    for host in hosts:
        if host == SILENT:
            (_SYSCTL / "icmp_echo_ignore_all").write_text("1")
        elif host == ALLOWED:
            (_SYSCTL / "ping_group_range").write_text("0 0")
        else:
            results.append(_ping(host))
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1:])
