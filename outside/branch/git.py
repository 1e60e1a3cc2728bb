"""Git, one command at a time, in one folder: bounded in time, never asking, its errors as ours."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from constat.errors import OutsideError

TIMEOUT_S = 120
_NEVER_ASK = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_ADVICE": "0"}


class GitError(OutsideError):
    """Git did not do it; `stderr` is what it said."""

    def __init__(self, words: Sequence[str], stderr: str) -> None:
        said = [line for line in stderr.splitlines() if line.strip()]
        verb = next(word for word in words if not word.startswith("-") and "=" not in word)
        super().__init__(f"git {verb} failed: {said[-1].strip() if said else 'it said nothing'}")
        self.stderr = stderr


class Git:
    """Runs git in a folder. `environment` is that of its processes: who commits, and what lets it in."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = {**environment, **_NEVER_ASK}

    def run(self, *words: str, data: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
        """What one command prints. `data` is what it reads, `extra` is added to its environment.

        Raises:
            GitError: it ended with an error, or not in time.
            OutsideError: there is no git.

        """
        program = shutil.which("git")
        if program is None:
            raise OutsideError("there is no git on this machine", tip="install the package git")
        try:
            done = subprocess.run(  # noqa: S603 (no shell, and every word is ours)
                [program, *words],
                cwd=self.folder,
                env={**self._environment, **(extra or {})},
                input=data,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitError(words, f"no end after {TIMEOUT_S} s") from None
        if done.returncode:
            raise GitError(words, done.stderr.decode(errors="replace"))
        return done.stdout

    def text(self, *words: str) -> str:
        """What one command prints, as one text without its last line end."""
        return self.run(*words).decode().rstrip("\n")

    def succeeds(self, *words: str) -> bool:
        """Whether a command that answers yes or no says yes."""
        try:
            self.run(*words)
        except GitError:
            return False
        return True


def accepts_file(folder: Path, path: str, environment: Mapping[str, str]) -> bool:
    """Whether a folder lies in a repository that would take a file there: it is not one of those that it ignores."""
    git = Git(folder, environment)
    try:
        inside = git.succeeds("rev-parse", "--is-inside-work-tree")
        return inside and not git.succeeds("check-ignore", "--quiet", path)
    except OutsideError:  # there is no git
        return False


def add_credentials(environment: Mapping[str, str], server: str, credentials: str) -> dict[str, str]:
    """The environment with which git reaches one server with a token: not in a command line, not on the disk.

    `credentials` is `user:token` in base64.
    """
    count = int(environment.get("GIT_CONFIG_COUNT", "0"))
    return {
        **environment,
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": f"http.{server.rstrip('/')}/.extraheader",
        f"GIT_CONFIG_VALUE_{count}": f"AUTHORIZATION: basic {credentials}",
    }
