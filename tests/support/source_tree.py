"""The project's own source, as syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE_FOLDERS = ("checks", "constat", "outside", "tasks", "verbs", "demo")


def list_files(*folders: str) -> list[Path]:
    """List every Python file under some folders of the project, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def parse_file(path: Path) -> ast.Module:
    """Parse a file into its syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_module(path: Path) -> str:
    """Return the dotted name of a file's module: `constat.model.rules`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def list_nodes(path: Path) -> tuple[ast.AST, ...]:
    """List every node of the syntax tree of a file."""
    return tuple(ast.walk(parse_file(path)))


@cache
def list_imports(path: Path) -> frozenset[str]:
    """List the dotted names that a file imports, anywhere in it; `from a import b` counts as `a.b`."""
    found: set[str] = set()
    for node in list_nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layer"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)
