"""The time of the commit that a git reference names, fetched without files, history or credentials."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.probing import Context, Deadline
from checks.reasons import Trouble
from constat.interval import Instant

_MISSING = "couldn't find remote ref"


class NoSuchRefError(LookupError):
    """The repository can be read, and has no such reference."""


def fetch_commit_time(repository: str, ref: str, context: Context) -> Instant:
    """Fetch when the commit of a reference was made (its committer date).

    `repository` is an address that needs no credentials, or a folder, relative to the project's unless it is absolute.

    Raises:
        NoSuchRefError: there is no such reference.
        Trouble: git cannot be run, the repository cannot be read, or its commit has no date.
        TimeoutError: it took too long.

    """
    program = shutil.which("git")
    if program is None:
        raise Trouble("program", "git is not installed")
    source = repository if "://" in repository else str(context.root.resolve() / repository)
    with TemporaryDirectory(prefix="constat-") as folder:
        git = _Git(program, Path(folder), context)
        git.run("init", "--quiet", "--bare", ".")
        git.run("fetch", "--quiet", "--depth=1", "--filter=tree:0", "--no-tags", "--", source, ref)
        written = git.run("log", "-1", "--format=%ct", "FETCH_HEAD").strip()
    if not written.isdecimal():  # git shows nothing where the date is malformed
        raise Trouble("unanswered", "git: the commit has no date")
    return int(written)


class _Git:
    """Runs git in an empty folder, which is its home too: no credentials, no settings, no questions, and only four transports."""

    def __init__(self, program: str, folder: Path, context: Context) -> None:
        self._program = program
        self._folder = folder
        self._context = context
        self._environment = {
            "HOME": str(folder),
            "PATH": os.defpath + ":/usr/local/bin",
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ALLOW_PROTOCOL": "https:http:git:file",
        }

    def run(self, *words: str) -> str:
        """Run a command within the deadline, and return its standard output."""
        process = subprocess.Popen(  # noqa: S603 (no shell; what is fetched comes after `--`)
            [self._program, *words],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        output, errors = _finish(process, self._context.deadline)
        if process.returncode:
            self._complain(errors)
        return output.decode("utf-8", "replace")

    def _complain(self, errors: bytes) -> None:
        lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
        if any(_MISSING in line for line in lines):
            raise NoSuchRefError
        said = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "")
        raise Trouble("unanswered", f"git: {self._context.quote(said.removeprefix('fatal: '))}")


def _finish(process: subprocess.Popen[bytes], deadline: Deadline) -> tuple[bytes, bytes]:
    """Wait for a command, and kill it with every process that it started if it takes too long."""
    try:
        return process.communicate(timeout=deadline.left())
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        with suppress(
            ProcessLookupError, PermissionError
        ):  # macOS raises PermissionError for a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in filter(None, (process.stdout, process.stderr)):
            pipe.close()
