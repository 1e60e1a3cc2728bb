"""Git, one command at a time, in one folder: bounded in time, never prompting, its errors raised as ours."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from constat.errors import OutsideError

TIMEOUT_S = 120
_ELSEWHERE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX"}
)
ISOLATION: Mapping[str, str] = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_ADVICE": "0"}
"""Variables that keep git from prompting, and make it speak English."""


class GitError(OutsideError):
    """A git command failed; `stderr` is what it printed there."""

    def __init__(self, words: Sequence[str], stderr: str) -> None:
        lines = [line for line in stderr.splitlines() if line.strip()]
        verb = next(word for word in words if not word.startswith("-") and "=" not in word)
        super().__init__(f"git {verb} failed: {lines[-1].strip() if lines else 'no message'}")
        self.stderr = stderr


class Git:
    """Runs git in a folder. Its processes get `environment`: the author of commits, the credentials for the remote.

    Variables that would lead git to another repository, as git sets them for hooks, are left out.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        kept = {name: value for name, value in environment.items() if name not in _ELSEWHERE}
        self._environment = {**kept, **ISOLATION}

    def run(
        self,
        *words: str,
        data: bytes = b"",
        extra: Mapping[str, str] | None = None,
        timeout_s: int = TIMEOUT_S,
    ) -> bytes:
        """Run a command; return its standard output. `data` is its standard input, `extra` extends its environment.

        Raises:
            GitError: the command failed or took too long.
            OutsideError: git is not installed.

        """
        program = shutil.which("git")
        if program is None:
            raise OutsideError("git is not installed", tip="install the package git")
        try:
            process = subprocess.run(  # noqa: S603 (no shell, and every word is ours)
                [program, *words],
                cwd=self.folder,
                env={**self._environment, **(extra or {})},
                input=data,
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitError(words, f"not finished after {timeout_s} s") from None
        if process.returncode:
            raise GitError(words, process.stderr.decode(errors="replace"))
        return process.stdout

    def run_text(self, *words: str) -> str:
        """Run a command; return its standard output as text, without the final line break."""
        return self.run(*words).decode().rstrip("\n")

    def succeeds(self, *words: str) -> bool:
        """Whether a command ends with exit code 0."""
        try:
            self.run(*words)
        except GitError:
            return False
        return True


def accepts_file(folder: Path, path: str, environment: Mapping[str, str]) -> bool:
    """Whether a folder is in a git repository that does not ignore a file of this path."""
    git = Git(folder, environment)
    try:
        is_inside = git.succeeds("rev-parse", "--is-inside-work-tree")
        return is_inside and not git.succeeds("check-ignore", "--quiet", path)
    except OutsideError:  # git is not installed
        return False


def add_credentials(environment: Mapping[str, str], server: str, credentials: str) -> dict[str, str]:
    """Extend an environment so that git authenticates to one server, without the token on a command line or the disk.

    `credentials` is `user:token` in base64.
    """
    count = int(environment.get("GIT_CONFIG_COUNT", "0"))
    return {
        **environment,
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": f"http.{server.rstrip('/')}/.extraheader",
        f"GIT_CONFIG_VALUE_{count}": f"AUTHORIZATION: basic {credentials}",
    }
