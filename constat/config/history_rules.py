"""Rules of the section `history` that go beyond the types of its values."""

import re

from constat.config.problem_log import ProblemLog
from constat.config.sections import History
from constat.model.archives import find_archive

_WITH_PASSWORD = re.compile(r"(git:)?https?://[^/]*@.*")


def check_history(log: ProblemLog, history: History) -> None:
    """Note each archive address of a kind that cannot be read, or that contains a user or a password."""
    for year, address in history.archive.items():
        if _WITH_PASSWORD.fullmatch(address):
            hint = "take out the part before the @, and sign in to git or the server another way"
            log.wrong(("history", "archive", year), "a user or password in an address", hint)
        if find_archive(address) is None:
            hint = (
                f"write git:https://git.example.org/old.git#history-{year}, dir:/srv/history-{year} or "
                "https://archive.example.org/"
            )
            log.wrong(("history", "archive", year), f"no archive is read from {address!r}", hint)
