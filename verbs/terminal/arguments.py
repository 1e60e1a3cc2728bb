"""The parser of the command line, and the options that every verb takes, before or after its name."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

from constat.version import VERSION
from verbs.terminal.clock import parse_time
from verbs.terminal.misspelt import Parser, explain_unknown

PROGRAM = "constat"
ALLOW_EXEC_HELP = "allow programs (the kind exec) and the project's own kinds to run"
"""Of the option `--allow-exec`, which several verbs take."""
_EXIT_CODES = (
    "Exit codes: 0 (done), 1 (it ran, and found something wrong), 2 (it could not run: wrong usage, a wrong"
    " status.yml, a full disk). A service that is down is data: only `check --fail` exits with 1 for it."
)
_TAKE_A_VALUE = ("--root", "--now")
_BEFORE_THE_VERB = (*_TAKE_A_VALUE, "--verbose", "--quiet", "--version", "--help")


def explain_first_word(argv: Sequence[str], verbs: Iterable[str]) -> str | None:
    """Say what is wrong before the verb's own words: an option that is none, or a verb that is none; `None` if nothing is."""
    verb = find_verb(argv)
    before = argv[: argv.index(verb)] if verb is not None else argv
    for option in (word.partition("=")[0] for word in before if word.startswith("--")):
        if option not in _BEFORE_THE_VERB:
            return explain_unknown("option", option, _BEFORE_THE_VERB)
    return explain_unknown("verb", verb, verbs) if verb is not None and verb not in verbs else None


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
    parser = Parser(
        prog=PROGRAM,
        description="A status page whose numbers can be checked.",
        epilog=_EXIT_CODES,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {VERSION}")
    add_common(parser)
    parser.set_defaults(root=Path(), now=None, verbose=False, quiet=False)
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in verbs.items():
        options = subparsers.add_parser(name, help=summary, description=summary, epilog=_EXIT_CODES)
        if name in loaded:
            add_common(options)
            import_module(module_of(name)).add_arguments(options)
    return parser


def add_common(parser: argparse.ArgumentParser, *, in_help: bool = True) -> None:
    """Add the options of all verbs, without defaults, so that a verb's parser does not undo what was given before the verb."""

    def add(*names: str, about: str, **how: Any) -> None:  # noqa: ANN401 -- what argparse takes
        parser.add_argument(
            *names, default=argparse.SUPPRESS, help=about if in_help else argparse.SUPPRESS, **how
        )

    folder = "the folder of the project: status.yml, incidents/, history/ (default: the current one)"
    add("--root", type=Path, metavar="DIR", about=folder)
    now = "pretend that it is this time: 2026-11-23T10:15+01:00; without an offset, the page's time"
    add("--now", type=parse_time, metavar="TIME", about=now)
    add("-v", "--verbose", action="store_true", about="print more")
    quiet = "do not print the closing line, which says what was done and where the result is"
    add("-q", "--quiet", action="store_true", about=quiet)


def typed(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Adapt a parser to argparse, which prints the message of an `ArgumentTypeError` only."""

    def read(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            from constat.config.fields.marks import WrongError  # noqa: PLC0415 -- most commands need no configuration

            hint = f"; {error.hint}" if isinstance(error, WrongError) and error.hint else ""
            raise argparse.ArgumentTypeError(f"{error}{hint}") from None

    return read
