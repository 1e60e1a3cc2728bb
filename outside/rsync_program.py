"""The program rsync, run within a deadline. A password goes through its environment, never through its arguments."""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from constat.errors import OutsideError, visible

TIMEOUT_S = 120
"""How long the server may be silent."""
CONNECT_S = 30
"""How long connecting may take."""
DEADLINE_S = 900
"""How long all runs may take together, even if the server keeps answering."""


@dataclass(frozen=True, slots=True)
class Rsync:
    """The program, the host for messages, and by when all of its runs must be done. `again`: how to go on after that."""

    program: str
    host: str
    password: str = field(repr=False)
    again: str
    ends: float
    deadline_s: float

    def run(self, words: Sequence[str], data: bytes = b"") -> list[str]:
        """Run it once, with data on its input; return the lines that it says.

        Raises:
            OutsideError: it says that something failed, or is not done in time.

        """
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        if self.password:
            environment["RSYNC_PASSWORD"] = self.password
        limits = (f"--timeout={TIMEOUT_S}", f"--contimeout={CONNECT_S}")
        try:
            done = subprocess.run(  # noqa: S603 (no shell; addresses have the shape that `constat.model.stores` demands)
                [self.program, *limits, *words],
                env=environment,
                input=data,
                capture_output=True,
                check=False,
                timeout=max(0, self.ends - time.monotonic()),
            )
        except subprocess.TimeoutExpired:
            raise OutsideError(
                f"rsync to {self.host}: not finished after {self.deadline_s:g} s", tip=self.again
            ) from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            why = visible(said[0]) if said else f"exit code {done.returncode}"
            raise OutsideError(f"rsync to {self.host}: {why}")
        return done.stdout.decode(errors="replace").splitlines()


def find_rsync(host: str, password: str, again: str, deadline_s: float = DEADLINE_S) -> Rsync:
    """Find the program on this machine.

    Raises:
        OutsideError: it is not installed.

    """
    program = shutil.which("rsync")
    if program is None:
        raise OutsideError("rsync is not installed", tip="install the package rsync")
    return Rsync(program, host, password, again, time.monotonic() + deadline_s, deadline_s)
