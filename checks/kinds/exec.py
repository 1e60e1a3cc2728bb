"""The kind `exec`: any program that follows the conventions of the monitoring plugins.

A program exits with 0 (up), 1 (degraded), 2 (down) or 3 (unknown), and the first line that it prints says why; whatever
follows a vertical bar is performance data and ignored. It runs only where the caller allows it (`--allow-exec`), from an
argument list without a shell, with PATH, LANG and the variables that the check names, and is killed with its whole
process group.
"""

import errno
import os
import selectors
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Text, Variable, about, wrong
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ()

OUTCOMES = {0: Outcome.UP, 1: Outcome.DEGRADED, 2: Outcome.DOWN, 3: Outcome.UNKNOWN}
SECRETS_HOST = "exec"
"""A secret may be given to programs only if this is one of its declared hosts."""
_MOST_OUTPUT = 16_384
_POLL_S = 0.02
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
"""Errors of an exhausted machine, whatever the program; the table of reasons knows them."""
_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Options:
    """The program, and the variables that it may see."""

    command: Annotated[
        tuple[Text, ...], about("the program and its arguments; paths are relative to the project")
    ]
    variables: Annotated[tuple[Variable, ...], about("variables that it sees besides PATH and LANG")] = ()

    def __post_init__(self) -> None:
        """Refuse a check without a program.

        Raises:
            ValueError: the command is empty.

        """
        if not self.command:
            raise wrong("an empty command", "write the program and its arguments: [check_disk, -w, 10%]")

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The variables that are secrets."""
        return tuple(name for name in self.variables if name.startswith("CONSTAT_"))


def subject(_options: Options) -> str:
    """Name nothing: what a program looks at is known to it alone."""
    return ""


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the variables that are secrets, which go to the program."""
    return tuple(SecretUse(name, SECRETS_HOST) for name in options.secret_variables)


def probe(options: Options, context: Context) -> ProbeResult:
    """Run the program once."""
    return attempt(context, lambda: _run(options, context))


def _run(options: Options, context: Context) -> None:
    if context.programs is None:
        raise Trouble("program", "may not be run here: --allow-exec")
    environment = _build_environment(options, context.programs, context)
    with _start_program(options.command, environment, context) as process:
        output = _read_output(process, context)
    code = process.returncode
    first_line = output.decode("utf-8", "replace").partition("\n")[0].partition("|")[0].strip()
    context.note("program", f"exit {code}; {first_line}")
    outcome = OUTCOMES.get(code)
    if outcome is None:
        raise Trouble("program", f"ended with {code} {context.quote(first_line)}")
    if outcome is not Outcome.UP:
        raise Trouble("reported", context.quote(first_line), outcome=outcome)


def _build_environment(options: Options, given: Mapping[str, str], context: Context) -> dict[str, str]:
    """Build the environment: PATH, LANG, and the variables that the check names; a secret must be declared for programs."""
    environment = {"PATH": given.get("PATH", _PATH), "LANG": given.get("LANG", "C.UTF-8")}
    for name in options.variables:
        if name in options.secret_variables:
            environment[name] = context.secrets.value(name, SECRETS_HOST)
        elif name in given:
            environment[name] = given[name]
    return environment


@contextmanager
def _start_program(
    command: tuple[str, ...], environment: Mapping[str, str], context: Context
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a process group of its own, and kill all of the group at the end.

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
    """Kill whatever is left of the group; only then is the leader reaped, which frees its process id."""
    with suppress(ProcessLookupError, PermissionError):  # macOS raises PermissionError for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _read_output(process: subprocess.Popen[bytes], context: Context) -> bytes:
    """Wait for the program to end, and return the beginning of its output; the rest is dropped, so that it never blocks.

    A child of the program that still holds the pipe is not waited for.
    """
    kept = bytearray()
    with selectors.DefaultSelector() as selector:
        pipe = process.stdout.fileno() if process.stdout else -1
        os.set_blocking(pipe, False)
        selector.register(pipe, selectors.EVENT_READ)
        while not _has_ended(process):
            if selector.select(min(context.deadline.left(), _POLL_S)) and not _read_available(pipe, kept):
                selector.unregister(pipe)
        while selector.get_map() and len(kept) < _MOST_OUTPUT and _read_available(pipe, kept):
            pass
    return bytes(kept)


def _read_available(pipe: int, kept: bytearray) -> bool:
    """Read what is available; false at the end, or if there is nothing."""
    try:
        read = os.read(pipe, 65_536)
    except BlockingIOError:
        return False
    kept += read[: _MOST_OUTPUT - len(kept)]
    return bool(read)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process has ended, without reaping it: its process id is still needed to kill its group."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
