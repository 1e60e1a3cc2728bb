"""The guard of the register: nothing is recorded or sealed while our clock and the remote's disagree."""

from collections.abc import Callable

from outside.branch.git import Git
from outside.branch.remote_clock import AskDate, RemoteClock, ask_date
from outside.evidence import troubles
from tasks.project import Project
from tasks.seal import is_clone


class ClockGuard:
    """Compares the clocks once, before the first write to the register.

    `clone`: git in `history/`. `clock`: ours, in seconds since 1970. `ask`: asks a remote what time it is.
    """

    def __init__(
        self, project: Project, clone: Git, clock: Callable[[], float], ask: AskDate = ask_date
    ) -> None:
        self._project = project
        self._clone = clone
        self._remote = RemoteClock(clock, ask)
        self._trouble: str | None = None

    def confirm(self) -> bool:
        """Return whether the clock can be trusted. If it cannot, note that for the maintainers.

        Raises:
            OutsideError: git is not installed, or the trouble could not be noted.

        """
        if self._trouble is None:
            self._trouble = self._remote.find_trouble(self._clone) if is_clone(self._project.root) else ""
            if self._trouble:
                project = self._project
                troubles.note_trouble(project.root, project.config.monitor, project.now, self._trouble)
        return not self._trouble

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why nothing was recorded or sealed; empty if the clock was trusted or never had to be."""
        return (self._trouble,) if self._trouble else ()
