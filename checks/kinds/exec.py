"""The kind `exec`: any program that keeps the contract of the monitoring plugins.

It exits with 0 (up), 1 (degraded), 2 (down) or 3 (unknown), and the first line it prints says why; what follows a bar is
performance data and not read. It runs only where the caller allows it (`--allow-exec`), from an argument list without a
shell, with PATH, LANG and the variables that the check names, and ends with its whole process group.
"""

import errno
import os
import selectors
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Any

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Text, Variable, about
from constat.config.parsing import wrong
from constat.model import Outcome

DEFAULTS: Mapping[str, Any] = {}

OUTCOMES = {0: Outcome.UP, 1: Outcome.DEGRADED, 2: Outcome.DOWN, 3: Outcome.UNKNOWN}
SECRETS_HOST = "exec"
"""A secret goes to programs only where this stands among its hosts."""
_MOST_OUTPUT = 16_384
_POLL_S = 0.02
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
"""The machine's trouble, whatever the program; the table of reasons knows it."""
_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Options:
    """What to run."""

    command: Annotated[tuple[Text, ...], about("the program and its arguments; a path is one in the project")]
    variables: Annotated[tuple[Variable, ...], about("names of variables it sees besides PATH and LANG")] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: nothing to run.

        """
        if not self.command:
            raise wrong("an empty command", "write the program and its arguments: [check_disk, -w, 10%]")

    @property
    def secrets_host(self) -> str:
        """What must stand among the hosts of a secret that a program may have."""
        return SECRETS_HOST

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The variables that are secrets."""
        return tuple(name for name in self.variables if name.startswith("CONSTAT_"))


def probe(options: Options, context: Context) -> ProbeResult:
    """Run it once."""
    return attempt(context, lambda: _run(options, context))


def _run(options: Options, context: Context) -> None:
    if context.programs is None:
        raise Trouble("program", "may not be run here: --allow-exec")
    environment = _environment(options, context.programs, context)
    with _started(options.command, environment, context) as process:
        output = _output(process, context)
    code = process.returncode
    first_line = output.decode("utf-8", "replace").partition("\n")[0].partition("|")[0].strip()
    context.note("program", f"exit {code}; {first_line}")
    outcome = OUTCOMES.get(code)
    if outcome is None:
        raise Trouble("program", f"ended with {code} {context.quote(first_line)}")
    if outcome is not Outcome.UP:
        raise Trouble("reported", context.quote(first_line), outcome=outcome)


def _environment(options: Options, given: Mapping[str, str], context: Context) -> dict[str, str]:
    """PATH, LANG, and what the check names: secrets by way of their declaration."""
    environment = {"PATH": given.get("PATH", _PATH), "LANG": given.get("LANG", "C.UTF-8")}
    for name in options.variables:
        if name in options.secret_variables:
            environment[name] = context.secrets.value(name, SECRETS_HOST)
        elif name in given:
            environment[name] = given[name]
    return environment


@contextmanager
def _started(
    command: tuple[str, ...], environment: Mapping[str, str], context: Context
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, of which nothing is left at the end.

    Raises:
        Trouble: the program cannot be run.

    """
    try:
        process = subprocess.Popen(  # noqa: S603 (allowed by the caller, without a shell)
            command,
            cwd=context.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise Trouble("program", "cannot be run") from error
    context.note("start", command[0])
    try:
        yield process
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the group; only then is the leader's number given back."""
    with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, of a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _output(process: subprocess.Popen[bytes], context: Context) -> bytes:
    """Wait for its end; the beginning of what it printed. The rest is read and dropped, so that it does not block.

    It is over when the program ends, even if a child of its own still holds the pipe.
    """
    kept = bytearray()
    with selectors.DefaultSelector() as selector:
        pipe = process.stdout.fileno() if process.stdout else -1
        os.set_blocking(pipe, False)
        selector.register(pipe, selectors.EVENT_READ)
        while not _has_ended(process):
            if selector.select(min(context.deadline.left(), _POLL_S)) and not _take(pipe, kept):
                selector.unregister(pipe)
        while selector.get_map() and len(kept) < _MOST_OUTPUT and _take(pipe, kept):
            pass
    return bytes(kept)


def _take(pipe: int, kept: bytearray) -> bool:
    """Read what is there; false at the end, or where there is nothing."""
    try:
        read = os.read(pipe, 65_536)
    except BlockingIOError:
        return False
    kept += read[: _MOST_OUTPUT - len(kept)]
    return bool(read)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended, without giving its number back: its group is still to be killed by that number."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
