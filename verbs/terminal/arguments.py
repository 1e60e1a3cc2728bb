"""The parser of the command line, and the options that every verb takes, before or after its name."""

import argparse
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

from constat.text.suggest import did_you_mean
from constat.version import VERSION
from verbs.terminal.clock import parse_time

PROGRAM = "constat"
ALLOW_EXEC_HELP = "allow programs (the kind exec) and the project's own kinds to run"
"""Of the option `--allow-exec`, which several verbs take."""
_EXIT_CODES = (
    "Exit codes: 0 (done), 1 (it looked, and something is wrong), 2 (it could not: wrong usage, a wrong status.yml, a"
    " full disk). A service that is down is data: only `check --fail` ends with 1 for it."
)
_TAKE_A_VALUE = ("--root", "--now")


def find_verb(argv: Iterable[str]) -> str | None:
    """Return the first word that is neither an option nor the value of one; `None` if there is none."""
    words = iter(argv)
    for word in words:
        if word in _TAKE_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def module_of(verb: str) -> str:
    """The module of a verb; one whose name is a keyword of Python ends with an underscore."""
    return f"verbs.{verb}{'_' * iskeyword(verb)}"


def build_parser(verbs: Mapping[str, str], loaded: Iterable[str]) -> argparse.ArgumentParser:
    """Build the parser of all verbs (name and help text), with the options of those that are loaded.

    A verb's module is only imported for its options, so that a command pays for no other verb.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="A status page whose numbers can be checked.",
        epilog=_EXIT_CODES,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {VERSION}")
    _add_common(parser)
    parser.set_defaults(root=Path(), now=None, verbose=False, quiet=False)
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in verbs.items():
        options = subparsers.add_parser(name, help=summary, description=summary, epilog=_EXIT_CODES)
        if name in loaded:
            _add_common(options)
            import_module(module_of(name)).add_arguments(options)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options without defaults, so that a verb's parser does not undo what was given before the verb."""
    add = parser.add_argument
    folder = "the folder of the project: status.yml, incidents/, history/ (default: the current one)"
    add("--root", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=folder)
    now = "pretend that it is this time: 2026-11-23T10:15+01:00; without an offset, the page's time"
    add("--now", type=parse_time, default=argparse.SUPPRESS, metavar="TIME", help=now)
    add("-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help="print more")
    quiet = "do not print the closing line, which says what was done and where the result is"
    add("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help=quiet)


def typed(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Adapt a parser to argparse, which prints the message of an `ArgumentTypeError` only."""

    def read(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


class OneOf:
    """The type of a word that must be one of several; the error of another one suggests the closest."""

    def __init__(self, what: str, known: Iterable[str]) -> None:
        self._what = what
        self._known = tuple(known)

    def __call__(self, word: str) -> str:
        """Return the word.

        Raises:
            argparse.ArgumentTypeError: it is not one of them.

        """
        if word not in self._known:
            raise argparse.ArgumentTypeError(explain_unknown(self._what, word, self._known))
        return word


def explain_unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Say that there is no such word, and which one may have been meant."""
    hint = did_you_mean(word, known)
    return f"there is no {what} {word!r}" + (f"; {hint}" if hint else "")
