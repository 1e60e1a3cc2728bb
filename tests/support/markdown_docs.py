"""The YAML blocks, commands and links of the documents."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.source_tree import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^    ((?:constat|make|\.ci/run)(?![/\w])[^#\n]*)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


class Found(NamedTuple):
    """A block, command or link in a document."""

    document: Path
    line: int
    text: str


def find_blocks(language: str) -> Iterator[Found]:
    """Find every fenced block of a language."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for block in _FENCED.finditer(text):
            if block[1] == language:
                yield Found(document, text.count("\n", 0, block.start()) + 2, block[2])


def find_commands() -> Iterator[Found]:
    """Find every command of ours in an indented block, without its comment."""
    yield from _matches(_COMMAND)


def find_links() -> Iterator[Found]:
    """Find every link to a file."""
    yield from (link for link in _matches(_LINK) if "://" not in link.text)


def _matches(pattern: re.Pattern[str]) -> Iterator[Found]:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for match in pattern.finditer(_FENCED.sub(lambda block: "\n" * block[0].count("\n"), text)):
            yield Found(document, text.count("\n", 0, match.start()) + 1, match[1].strip())
