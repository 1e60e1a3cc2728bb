"""An output is complete: it is built, tested, and its address is in docs/machines.md.

Each test names what an output lacks and where to write it. `tests/test_layers.py` asks for its layer.
"""

import ast
import re
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT, list_files, name_module, parse_file

BUILDER = "build_files"
TASK = ROOT / "tasks" / "build.py"
ADDRESSES = ROOT / "docs" / "machines.md"
PAGES = {"constat.render.hosting"}
"""Written by the pages themselves, which list their own addresses in it."""

_PLACES = {
    "lang": r"[a-z]{2,3}",
    "service": "[a-z0-9-]+",
    "notice": r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+",
    "day": r"\d{4}-\d{2}-\d{2}",
    "month": r"\d{4}-\d{2}",
    "year": r"\d{4}",
    "number": r"\d+",
    "name": r"[\w.-]+",
}


def _defines_builder(path: Path) -> bool:
    """Whether a file does; most do not even name it, and parsing all of them takes seconds."""
    if f"def {BUILDER}(" not in path.read_text(encoding="utf-8"):
        return False
    return any(isinstance(node, ast.FunctionDef) and node.name == BUILDER for node in parse_file(path).body)


def _output(path: Path) -> str:
    """The module that others import the builder from: the package where that offers it, else the file."""
    package = path.parent / "__init__.py"
    return name_module(package if BUILDER in package.read_text(encoding="utf-8") else path)


OUTPUTS = sorted({_output(path) for path in list_files("constat") if _defines_builder(path)} - PAGES)


def test_outputs_are_found() -> None:
    """Another name for the functions that build them would otherwise leave nothing to check."""
    assert {"constat.api", "constat.calendar", "constat.embed.badge", "constat.feeds"} <= set(OUTPUTS)


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_is_built(output: str) -> None:
    named = {ast.unparse(node) for node in ast.walk(parse_file(TASK)) if isinstance(node, ast.Attribute)}
    builder = f"{output.rpartition('.')[2]}.{BUILDER}"
    assert builder in named, f"add to _list_machine_builders in {TASK.relative_to(ROOT)}: {builder}"


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_has_one_builder(output: str) -> None:
    """A second one in the same package would never be called, and no test would notice."""
    defined = [path for path in list_files("constat") if _defines_builder(path) and _output(path) == output]
    listed = ", ".join(str(path.relative_to(ROOT)) for path in defined)
    assert len(defined) == 1, f"keep {BUILDER} in one of {listed}: it calls what the others build"


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_is_tested(output: str) -> None:
    folder, _, last = output.replace(".", "/").rpartition("/")
    file, tests = f"tests/{folder}/test_{last}.py", ROOT / "tests" / folder / last
    assert (ROOT / file).exists() or list(tests.glob("test_*.py")), (
        f"write {file}: read the output with a reader that somebody else wrote"
    )


def _patterns() -> list[re.Pattern[str]]:
    """Each address of docs/machines.md as a pattern; the folder of a language is left out for the first one."""
    section = ADDRESSES.read_text(encoding="utf-8").partition("## Every address\n")[2].partition("\n## ")[0]
    return [_pattern(address) for address in re.findall(r"`(/[^`]*)`", section)]


def _pattern(address: str) -> re.Pattern[str]:
    optional = address.replace("/<lang>/", "/(?:<lang>/)?") if address.startswith("/<lang>/") else address
    escaped = optional.replace(".", r"\.")
    return re.compile(re.sub(r"<(\w+)>", lambda place: _PLACES[place[1]], escaped))


def test_every_address_is_documented(demo_project: Path) -> None:
    site = demo_project / "site"
    published = {f"/{path.relative_to(site)}" for path in site.rglob("*") if path.is_file()}
    addresses = {path.removesuffix("index.html") for path in published}
    patterns = _patterns()
    unknown = sorted(each for each in addresses if not any(pattern.fullmatch(each) for pattern in patterns))
    assert unknown == [], f"add to 'Every address' in {ADDRESSES.relative_to(ROOT)}"
