"""Every kind of source, by name. The module of a kind is loaded only when a source of that kind is asked."""

from importlib import import_module
from typing import Protocol, cast

from outside.sources.question import Question, Series

SOURCES = {
    "prometheus": "outside.sources.prometheus",
}
"""Name of a kind of source -> module. Adding a kind adds one line here."""


class SourceKind(Protocol):
    """A module under `outside/sources/`: one way of asking an engine what it saw."""

    def collect(self, question: Question) -> tuple[Series, ...]:
        """Ask for all looks of a window.

        Raises:
            TooMuchError: a shorter window may be answered.
            TooSlowError: a shorter window may be answered; it is for the next time, since this one took long.
            OutsideError: there is no answer, or it cannot be used; then no part of it may be used.

        """


def load_source(kind: str) -> SourceKind:
    """Load the module of a kind of source.

    Raises:
        KeyError: there is no such kind.

    """
    return cast("SourceKind", import_module(SOURCES[kind]))
