"""The language of a report that a person reads at a terminal."""

from collections.abc import Collection
from typing import NamedTuple

from constat.errors import UsageError
from constat.i18n import SOURCE
from constat.model import Config


class ReaderLanguage(NamedTuple):
    """What is known of a reader's language: the code `asked` for, and that of the `terminal`; empty where there is none."""

    asked: str = ""
    terminal: str = ""

    def choose(self, config: Config | None, known: Collection[str]) -> str:
        """The language asked for; else the terminal's, if it is one of those known; else the page's first; else English.

        Raises:
            UsageError: the one asked for is not known.

        """
        if self.asked and self.asked not in known:
            tip = f"there are {', '.join(sorted(known))}"
            raise UsageError(f"there is no translation into {self.asked}", tip=tip)
        page = config.page.languages[:1] if config else ()
        return next(code for code in (self.asked, self.terminal, *page, SOURCE) if code in known)


ANYBODY = ReaderLanguage()
"""A reader of whom nothing is known."""
