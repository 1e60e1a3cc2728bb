"""Print lines: problems, closing lines, their colours."""

import argparse
import os
import sys
from collections.abc import Mapping
from typing import Literal, TextIO


def warn(line: str) -> None:
    """Print a problem with a file of the project, which the line names."""
    print_at_once(line, sys.stderr)


def report_trouble(line: str) -> None:
    """Print a failure of Constat itself."""
    print_at_once(f"constat: {line}", sys.stderr)


Mood = Literal["", "good", "doubtful", "bad"]
"""How good the news of a line is, which gives it its colour on a terminal."""

_COLOURS: Mapping[Mood, str] = {"good": "32", "doubtful": "33", "bad": "31"}
"""Parameters of SGR (ECMA-48, 8.3.117): green, yellow, red."""


def conclude(args: argparse.Namespace, line: str, mood: Mood = "") -> None:
    """Print the closing line of a verb: what it did, and where the result is. `-q` silences it.

    Where standard output is no terminal, the line goes to standard error: a program that reads the results is spared it.
    """
    if not args.quiet:
        stream = sys.stdout if sys.stdout.isatty() else sys.stderr
        print_at_once(paint(line, mood, stream), stream)


def paint(line: str, mood: Mood, stream: TextIO) -> str:
    """Colour a line for a terminal, unless its user asks for none (https://no-color.org)."""
    has_colours = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\033[{_COLOURS[mood]}m{line}\033[0m" if mood and has_colours else line


def quantify(number: int, noun: str) -> str:
    """Write a number with its noun: `1 file`, `2,345 files`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def print_at_once(text: str, stream: TextIO) -> None:
    """Print without buffering. A log on a full disk, or a closed pipe, must not stop a watch."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
