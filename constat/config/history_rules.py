"""Rules of the section `history` that go beyond the types of its values."""

from constat.config.problem_log import ProblemLog
from constat.config.sections import History
from constat.model.archives import find_archive


def check_history(log: ProblemLog, history: History) -> None:
    """Note each address of an archive that nothing reads."""
    for year, address in history.archive.items():
        if find_archive(address) is None:
            hint = (
                f"write git:https://git.example.org/old.git#history-{year}, dir:/srv/history-{year} or "
                "https://archive.example.org/"
            )
            log.wrong(("history", "archive", year), f"no archive is read from {address!r}", hint)
