"""Rules of the section `history` that go beyond the types of its values."""

import re

from constat.config.problem_log import ProblemLog
from constat.config.sections import History
from constat.model.archives import find_archive

_WITH_PASSWORD = re.compile(r"(git:)?https?://[^/]*@.*")


def check_history(log: ProblemLog, history: History) -> None:
    """Note each address of an archive that nothing reads, or that holds what a public file must not."""
    for year, address in history.archive.items():
        if _WITH_PASSWORD.fullmatch(address):
            hint = "take out what stands before the @, and let git or the server know us otherwise"
            log.wrong(("history", "archive", year), "a user or password in an address", hint)
        if find_archive(address) is None:
            hint = (
                f"write git:https://git.example.org/old.git#history-{year}, dir:/srv/history-{year} or "
                "https://archive.example.org/"
            )
            log.wrong(("history", "archive", year), f"no archive is read from {address!r}", hint)
