"""The drawing in docs/architecture.md, generated from the map of the house and the docstrings of its rooms.

`python -m tests.support.architecture` writes it again; a test fails when it is out of date.
"""

import ast
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.house_map import LAYERS
from tests.support.source_tree import ROOT, parse_file

DOCUMENT = ROOT / "docs" / "architecture.md"
_DRAWING = re.compile(r"(<!-- drawing -->\n)(.*?)(<!-- end of drawing -->)", re.DOTALL)
_STEP = re.compile(r"`([\w/]+\.py)` `([\w.]+)`")
_WIDTH = 110
_SIDE_BY_SIDE = (("checks", 38), ("outside", 38), ("demo", 34))
_PROGRAM = "Reads the arguments and the time once, calls one verb, prints errors, exits."


def draw() -> str:
    """The house from the command line down to the pure library, as a block of text."""
    boxes = [
        _draw_box("generate.py", [_PROGRAM], _WIDTH),
        _draw_box("verbs/", _describe("verbs"), _WIDTH),
        _draw_box("tasks/", _describe("tasks"), _WIDTH),
        _join_columns(*(_draw_box(f"{name}/", _describe(name), width) for name, width in _SIDE_BY_SIDE)),
        _draw_box("constat/", _describe("constat"), _WIDTH),
    ]
    arrow = f"{'▼':^{_WIDTH}}".rstrip()
    lines = [line for number, box in enumerate(boxes) for line in ([arrow] if number else []) + box]
    return "\n".join(["```text", *lines, "```", ""])


def _describe(folder: str) -> list[str]:
    """The docstring of a folder, then its layers, the highest first, or its modules."""
    width = dict(_SIDE_BY_SIDE).get(folder, _WIDTH) - 4
    layers = [sorted(layer) for layer in reversed(LAYERS.get(folder, ()))]
    rows = layers or [[path.stem.removesuffix("_") for path in sorted((ROOT / folder).glob("[a-z]*.py"))]]
    lines = (line for row in rows for line in _wrap([f"{name} " for name in row], width))
    return [*_wrap(_read_summary(ROOT / folder).split(), width), "", *lines]


def _wrap(words: Sequence[str], width: int) -> list[str]:
    """Words in lines of at most a width."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{word}"
    return [line.rstrip() for line in lines]


def _read_summary(folder: Path) -> str:
    """The first sentence of a folder's docstring, without its final dot."""
    docstring = ast.get_docstring(parse_file(folder / "__init__.py")) or ""
    return docstring.partition("\n")[0].partition(". ")[0].rstrip(".")


def _draw_box(title: str, lines: Sequence[str], width: int) -> list[str]:
    """Lines in a frame with a title."""
    top = f"┌─ {title} ".ljust(width - 1, "─") + "┐"
    return [top, *(f"│ {line}".ljust(width - 1) + "│" for line in lines), "└".ljust(width - 1, "─") + "┘"]


def _join_columns(*boxes: list[str]) -> list[str]:
    """Boxes side by side, made equally high."""
    height = max(map(len, boxes))
    columns = [
        [*box[:-1], *["│".ljust(len(box[0]) - 1) + "│"] * (height - len(box)), box[-1]] for box in boxes
    ]
    return ["".join(row) for row in zip(*columns, strict=True)]


def update_drawing(document: str) -> str:
    """The document with an up-to-date drawing."""
    return _DRAWING.sub(lambda parts: parts[1] + draw() + parts[3], document)


def list_steps(document: str) -> list[tuple[str, str]]:
    """The steps of the walk-throughs, in order: a file, and the name in it where the step is taken."""
    return _STEP.findall(document)


def list_names(path: Path) -> set[str]:
    """The functions, classes and methods (`Class.method`) that a file defines."""
    names: set[str] = set()
    for node in parse_file(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (inner.name for inner in node.body if isinstance(inner, ast.FunctionDef))
            names |= {f"{node.name}.{method}" for method in methods}
    return names


if __name__ == "__main__":
    DOCUMENT.write_text(update_drawing(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
