"""The guard of the register: nothing is recorded or sealed while our clock and the remote's, or the newest seal, disagree."""

from collections.abc import Callable

from constat.history import REGISTER
from constat.interval import format_instant
from constat.model import CLOCK_TOLERANCE_S
from constat.register.line_reader import read_lines
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
            self._trouble = self._find_trouble()
            if self._trouble:
                project = self._project
                troubles.note_trouble(project.root, project.config.monitor, project.now, self._trouble)
        return not self._trouble

    def _find_trouble(self) -> str:
        if is_clone(self._project.root):
            return self._remote.find_trouble(self._clone)
        return _describe_later_seal(self._project)

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why nothing was recorded or sealed; empty if the clock was trusted or never had to be."""
        return (self._trouble,) if self._trouble else ()


def _describe_later_seal(project: Project) -> str:
    """Describe the newest seal if it is later than our clock, else return an empty string.

    A seal that we made now would void the lines before it for good, and there is no remote whose clock could be asked.
    """
    seals = [line for line in read_lines(project.register_lines, REGISTER).readable if line.is_seal]
    if not seals or seals[-1].at <= project.now + CLOCK_TOLERANCE_S:
        return ""
    return (
        f"history/{REGISTER}:{seals[-1].number}: this seal is of {format_instant(seals[-1].at)}, but the clock of this machine "
        f"says {format_instant(project.now)}, so nothing is recorded or sealed: set the clock, or, if it was wrong when the "
        "seal was made, delete that line and those below it"
    )
