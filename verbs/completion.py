"""`completion SHELL`: print what a shell needs to complete the words of a command."""

import argparse
from collections.abc import Mapping
from pathlib import Path

_SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `completion`."""
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help=f"{', '.join(_SHELLS)}")


def run(args: argparse.Namespace) -> int:
    """Print the completion of all verbs and their options."""
    import shtab  # noqa: PLC0415 -- only this verb needs it

    parser: argparse.ArgumentParser = args.build_full_parser()
    _complete_paths(parser, shtab.FILE)
    print(shtab.complete(parser, args.shell))
    return 0


def _complete_paths(parser: argparse.ArgumentParser, files: Mapping[str, object]) -> None:
    """Let every option that takes a path be completed with files, and look into the verbs' parsers as well."""
    for action in parser._actions:  # noqa: SLF001 -- argparse has no public way to list them, and shtab reads the same
        if action.type is Path:
            action.complete = files  # type: ignore[attr-defined]
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- the same
            for verb in action.choices.values():
                _complete_paths(verb, files)
