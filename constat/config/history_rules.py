"""Rules of the section `history` that go beyond the types of its values."""

import re
from collections.abc import Mapping

from constat.config.problem_log import ProblemLog
from constat.config.publish_rules import check_access
from constat.config.sections import History
from constat.model.archives import find_archive

_WITH_PASSWORD = re.compile(r"(git:)?https?://[^/]*@.*")


def check_history(log: ProblemLog, history: History, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Note an archive address of a kind that cannot be read, or that contains a password, and wrong keys and passwords."""
    for year, address in history.archive.items():
        if _WITH_PASSWORD.fullmatch(address):
            hint = "take out the part before the @, and sign in to git or the server another way"
            log.wrong(("history", "archive", year), "a user or password in an address", hint)
        if find_archive(address) is None:
            hint = (
                f"write git:https://git.example.org/old.git#history-{year}, dir:/srv/history-{year}, s3://bucket/prefix, "
                "rsync://user@host/module/folder/ or https://archive.example.org/"
            )
            log.wrong(("history", "archive", year), f"no archive is read from {address!r}", hint)
    stores = [address for address in history.archive.values() if find_archive(address) in ("rsync", "s3")]
    check_access(log, "history", history, stores, secrets)
