"""Two places in network namespaces of their own, each with a cable to a hub where the service and the remote are.

    with two_places(folder) as hub:
        hub.send("cut montreal")

This module runs in the hub, which is a namespace too, so nothing of the machine is touched. It reads one command a line:
`start PLACE`, `kill PLACE` (its watch and what pushes for it, without a warning), `cut PLACE` and `join PLACE` (its cable),
`serve` and `stop` (the service), and answers each.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from tests.support.command_line import build_command, build_environment
from tests.support.git_remote import ENVIRONMENT
from tests.support.ping_namespace import find_way, raise_loopback
from tests.support.source_tree import ROOT
from tests.support.tcp_speakers import send_and_wait, serve_script

PLACES = ("zurich", "montreal")
HUB = "10.9.9.9"
"""The address of the service and of the remote, which both places reach by their own cables."""
GIT_PORT = 9418
SERVICE_PORT = 7000


class Hub:
    """The process in the hub: commands go in, answers come out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def send(self, words: str) -> None:
        """Send a command; return once it is done."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(words + "\n")
        asked.flush()
        assert answers.readline() == f"{words}: done\n"


@contextmanager
def run_two_places(folder: Path) -> Iterator[Hub | None]:
    """Run a hub whose places work in `folder/PLACE`, on the remote `folder/remote`; `None` where this machine allows none."""
    way = find_way()
    if way is None or shutil.which("ip") is None:
        yield None
        return
    words = [*way, sys.executable, "-m", __name__, str(folder)]
    with subprocess.Popen(  # noqa: S603 (our own words)
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Hub(process)
        assert process.stdin is not None
        process.stdin.close()


class _Place:
    """A place: a process that holds its namespace, and the processes that look and push in it."""

    def __init__(self, number: int, name: str, folder: Path) -> None:
        self.folder = folder / name
        self._name = name
        self._cable = f"to-{name}"
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])  # noqa: S607 (of this machine)
        self._working: list[subprocess.Popen[bytes]] = []
        self._log = (folder / f"{name}.log").open("wb")
        _wait_for_namespace(self._holder.pid)
        near, far = f"10.9.{number}.1", f"10.9.{number}.2"
        _run(
            "ip",
            "link",
            "add",
            self._cable,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            str(self._holder.pid),
        )
        _run("ip", "address", "add", f"{near}/24", "dev", self._cable)
        _run("ip", "link", "set", self._cable, "up")
        for words in (
            "link set lo up",
            f"address add {far}/24 dev eth0",
            "link set eth0 up",
            f"route add default via {near}",
        ):
            _run(*self._inside, "ip", *words.split())

    @property
    def _inside(self) -> tuple[str, ...]:
        return ("nsenter", f"--net=/proc/{self._holder.pid}/ns/net")

    def start(self) -> None:
        """Prepare its clone, then look, and push beside that, as a machine of one's own does."""
        remote = ("--remote", f"git://{HUB}/remote", "--vantage", self._name)
        prepare = [
            *self._inside,
            *build_command(self.folder, "push", "--prepare", "watch", "--minutes", "5", *remote),
        ]
        subprocess.run(prepare, env=_build_environment(), stdout=self._log, stderr=self._log, check=True)  # noqa: S603 (our own)
        for words in (("check", "--for", "5m", "--vantage", self._name), ("push", "--follow", *remote)):
            whole = [*self._inside, *build_command(self.folder, *words)]
            self._working.append(
                subprocess.Popen(whole, env=_build_environment(), stdout=self._log, stderr=self._log)  # noqa: S603 (our own)
            )

    def kill(self) -> None:
        """Kill its watch and what pushes for it, as a power cut does."""
        for process in self._working:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self._working.clear()

    def set_cable(self, state: str) -> None:
        """Cut its cable, `down`, or join it, `up`."""
        _run("ip", "link", "set", self._cable, state)

    def close(self) -> None:
        self.kill()
        self._holder.kill()
        self._holder.wait()
        self._log.close()


def _build_environment() -> dict[str, str]:
    return build_environment() | {
        name: ENVIRONMENT[name] for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
    }


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own words)


def _wait_for_namespace(pid: int) -> None:
    """Wait until a process that has just begun is in a namespace of its own."""
    ours = Path("/proc/self/ns/net").readlink()
    while Path(f"/proc/{pid}/ns/net").readlink() == ours:
        os.sched_yield()


def _serve_git(folder: Path) -> "subprocess.Popen[bytes]":
    """Serve the remote, readable and writable by whoever is in these namespaces; return once it listens."""
    words = (
        "daemon",
        "--reuseaddr",
        "--export-all",
        "--enable=receive-pack",
        f"--base-path={folder}",
        str(folder),
    )
    git = shutil.which("git") or "git"
    process = subprocess.Popen([git, *words], env=ENVIRONMENT, stderr=subprocess.DEVNULL)  # noqa: S603 (our own words)
    while True:
        with socket.socket() as trial:
            if trial.connect_ex((HUB, GIT_PORT)) == 0:
                return process
        os.sched_yield()


def main(folder: Path, commands: IO[str]) -> None:
    """Set everything up, and execute commands until the input ends."""
    raise_loopback()
    _run("ip", "address", "add", f"{HUB}/32", "dev", "lo")
    daemon = _serve_git(folder)
    places = {name: _Place(number, name, folder) for number, name in enumerate(PLACES, start=1)}
    service = ExitStack()
    try:
        for line in commands:
            match line.split():
                case ["serve"]:
                    service.enter_context(serve_script(send_and_wait(b""), host=HUB, port=SERVICE_PORT))
                case ["stop"]:
                    service.close()
                case ["start", name]:
                    places[name].start()
                case ["kill", name]:
                    places[name].kill()
                case ["cut", name]:
                    places[name].set_cable("down")
                case ["join", name]:
                    places[name].set_cable("up")
                case words:
                    raise ValueError(words)
            sys.stdout.write(f"{line.strip()}: done\n")
            sys.stdout.flush()
    finally:
        for place in places.values():
            place.close()
        daemon.kill()
        daemon.wait()
        service.close()


def _parse(words: Sequence[str]) -> Path:
    (folder,) = words
    return Path(folder)


if __name__ == "__main__":
    main(_parse(sys.argv[1:]), sys.stdin)
