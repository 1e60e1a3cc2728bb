"""Reads the kinds of check that a project brings: `checks/NAME.json` declares one, `checks/NAME.py` is its code.

Nothing is imported here. What is not a regular file of the project is refused, as everywhere.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from constat.config.declared_kinds import DeclaredKind, read_declared_kind
from constat.config.fields.text_fields import parse_name
from constat.errors import InputError, Problem
from outside.opening import list_files, list_links
from outside.project.files import read_text

FOLDER = "checks"
_SUFFIXES = frozenset({".json", ".py"})


def list_own_kinds(root: Path, *, with_our_code: bool) -> tuple[str, ...]:
    """List the names of the kinds that a project brings, complete or not.

    `with_our_code`: our own code is in that folder too, so that only declarations show which kinds are the project's.
    """
    suffixes = {".json"} if with_our_code else _SUFFIXES
    paths = (*list_files(root, FOLDER), *list_links(root, FOLDER))
    return tuple(sorted({Path(path).stem for path in paths if _is_half_of_kind(path, suffixes)}))


def _is_half_of_kind(path: str, suffixes: Collection[str]) -> bool:
    folder, _, name = path.rpartition("/")
    return folder == FOLDER and Path(name).suffix in suffixes


def build_declaration_path(name: str) -> str:
    """Build the path of a kind's declaration in the project."""
    return f"{FOLDER}/{name}.json"


def build_code_path(name: str) -> str:
    """Build the path of a kind's code in the project."""
    return f"{FOLDER}/{name}.py"


def read_declaration(root: Path, name: str) -> DeclaredKind:
    """Read what a project declares about a kind.

    Raises:
        InputError: the declaration is missing or wrong.
        OutsideError: it cannot be read.

    """
    path = build_declaration_path(name)
    text = read_text(root, path)
    if text is None:
        hint = f"declare the options of {build_code_path(name)} in it: they are not looked up in the code"
        raise InputError([Problem(path, 0, 0, "no such file", hint)])
    return read_declared_kind(name, text, path)


def read_code(root: Path, name: str) -> str:
    """Read the code of a kind.

    Raises:
        InputError: it is missing, or not a file that is read.
        OutsideError: it cannot be read.

    """
    path = build_code_path(name)
    text = read_text(root, path)
    if text is None:
        hint = f"write in it what {build_declaration_path(name)} declares: Options, LIBRARIES and probe"
        raise InputError([Problem(path, 0, 0, "no such file", hint)])
    return text


def find_own_kind_problems(root: Path, names: Collection[str], taken: Collection[str]) -> Iterator[Problem]:
    """Find what is wrong with kinds of these names, without importing any. `taken`: the names of our own kinds."""
    for name in names:
        if name in taken:
            hint = "rename both files: a check of that kind is always ours"
            yield Problem(build_declaration_path(name), 0, 0, f"{name} is a name of ours", hint)
            continue
        try:
            parse_name(name)
        except ValueError:
            hint = "use lower-case letters, digits and hyphens, at most 64 characters"
            yield Problem(build_declaration_path(name), 0, 0, f"{name!r} is not a valid name of a kind", hint)
            continue
        for read in (read_declaration, read_code):
            try:
                read(root, name)
            except InputError as error:
                yield from error.problems
