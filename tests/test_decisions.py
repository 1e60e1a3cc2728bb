"""docs/decisions/: numbers without gaps, the same in name and title, and an index that lists every page."""

import re
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
_ROW = re.compile(r"^\| \[(\d+)\]\((\S+)\) \| (.+) \| (.+) \|$", re.MULTILINE)


def _number(path: Path) -> int:
    name = _NAME.fullmatch(path.name)
    assert name, f"{path.name}: a decision is named NNNN-words-with-hyphens.md"
    return int(name[1])


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def test_numbers_have_no_gap() -> None:
    assert [_number(path) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_the_title_begins_with_the_number(path: Path) -> None:
    assert _title(path).startswith(f"# {_number(path)}. ")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_the_index_has_the_number_the_title_and_a_line(path: Path) -> None:
    rows = {row[1]: row.groups() for row in _ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8"))}
    number, title = _title(path).removeprefix("# ").split(". ", maxsplit=1)
    assert number in rows, f"docs/decisions/README.md: add a row for {path.name}"
    assert rows[number][1:3] == (path.name, title)


def test_the_index_names_nothing_else() -> None:
    rows = _ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert [row[1] for row in rows] == [path.name for path in DECISIONS]
