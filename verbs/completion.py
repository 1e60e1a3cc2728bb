"""`completion SHELL`: print what a shell needs to complete the words of a command."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from verbs.terminal.misspelt import Known

_SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `completion`."""
    bash, zsh, fish = _SHELLS
    about = (
        f"{bash}: in ~/.bashrc, source <(constat completion {bash});"
        f' {zsh}: in ~/.zshrc below compinit, eval "$(constat completion {zsh})";'
        f" {fish}: once, constat completion {fish} >~/.config/fish/completions/constat.fish"
    )
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help=about)


def run(args: argparse.Namespace) -> int:
    """Print the completion of all verbs and their options."""
    import shtab  # noqa: PLC0415 -- only this verb needs it

    parser: argparse.ArgumentParser = args.build_full_parser()
    _complete_values(parser, shtab.FILE)
    print(shtab.complete(parser, args.shell))
    return 0


def _complete_values(parser: argparse.ArgumentParser, files: Mapping[str, object]) -> None:
    """Let paths be completed with files, and words that are known with these; look into the verbs' parsers as well."""
    for action in parser._actions:  # noqa: SLF001 -- argparse has no public way to list them, and shtab reads the same
        if action.type is Path:
            action.complete = files  # type: ignore[attr-defined]
        if isinstance(action.type, Known):
            action.choices = action.type.words
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- the same
            for verb in action.choices.values():
                _complete_values(verb, files)
