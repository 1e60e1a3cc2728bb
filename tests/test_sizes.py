"""Functions and files are small: what fits on a screen can be read."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.support.source_tree import CODE_FOLDERS, ROOT, list_files, list_nodes

LONGEST_FILE = 300
LONGEST_VERB = 120
LONGEST_FUNCTION = 50
CODE = [ROOT / "generate.py", *list_files(*CODE_FOLDERS)]


@cache
def _functions(path: Path) -> list[tuple[str, int]]:
    """Every function of a file with the number of lines of its body, without its docstring."""
    found = []
    for node in list_nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            found.append((f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines))
    return found


def _list_longer(paths: Iterable[Path], most: int) -> list[str]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > most]


def test_a_file_is_short() -> None:
    assert _list_longer(CODE, LONGEST_FILE) == []


def test_verb_is_even_shorter() -> None:
    """Its work is a task."""
    assert _list_longer(list_files("verbs"), LONGEST_VERB) == []


def test_no_function_is_long() -> None:
    long = [
        f"{where}: {lines} lines"
        for path in CODE
        for where, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert not long


def test_most_functions_are_short() -> None:
    """Median at most 8 lines of body, nine of ten at most 25."""
    sizes = sorted(lines for path in CODE for _, lines in _functions(path))
    assert sizes[len(sizes) // 2] <= 8
    assert sizes[len(sizes) * 9 // 10] <= 25
