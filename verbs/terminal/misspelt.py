"""Misspelt words of the command line: the error of each suggests the closest that there is."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from constat.text.suggest import did_you_mean


class Known:
    """The type of a word of which some are known: those that a shell completes."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def __call__(self, word: str) -> str:
        """Return the word, whichever it is."""
        return word


class OneOf(Known):
    """The type of a word that must be one of several; the error of another one suggests the closest."""

    def __init__(self, what: str, known: Iterable[str]) -> None:
        super().__init__(known)
        self._what = what

    def __call__(self, word: str) -> str:
        """Return the word.

        Raises:
            argparse.ArgumentTypeError: it is not one of them.

        """
        if word not in self.words:
            raise argparse.ArgumentTypeError(explain_unknown(self._what, word, self.words))
        return word


def explain_unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Say that there is no such word, and which one may have been meant."""
    hint = did_you_mean(word, known)
    return f"there is no {what} {word!r}" + (f"; {hint}" if hint else "")


class Parser(argparse.ArgumentParser):
    """A parser that suggests the closest word where one of several was misspelt; the parsers of its verbs do, too."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 -- it may be of any type
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(
                action, explain_unknown("choice", str(value), map(str, action.choices))
            )


def parse_words(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """Parse the words, or exit with code 2; the error of an option that there is not suggests the closest."""
    args, unknown = parser.parse_known_args(argv)
    option = next((word for word in unknown if word.startswith("-")), None)
    if option is not None:
        name, known = option.partition("=")[0], tuple(_list_options(parser))
        elsewhere = f"{option} is not an option of this command"
        parser.error(elsewhere if name in known else explain_unknown("option", name, known))
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return args


def _list_options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001 -- argparse has no public way to list them
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- the same
            for verb in action.choices.values():
                yield from _list_options(verb)
