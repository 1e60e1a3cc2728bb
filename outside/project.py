"""The files of a project that people write, read from the disk: `status.yml`, notices, templates."""

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from constat import config as configuration
from constat.errors import InputError, OutsideError, Problem
from constat.model import Config, Kind

if TYPE_CHECKING:
    from jinja2 import BytecodeCache

SETTINGS = "status.yml"
NOTICES = "incidents"
TEMPLATES = "templates"
_COMPILED = "__pycache__"


def read_config(root: Path, kinds: Collection[str], kind: Callable[[str], Kind]) -> Config:
    """`status.yml` of a project.

    Raises:
        InputError: it is missing or wrong.
        OutsideError: it cannot be read.

    """
    text = read_text(root, SETTINGS)
    if text is None:
        hint = "give the project's folder with --root, or start one with: python generate.py init DIR"
        raise InputError([Problem(SETTINGS, 0, 0, f"there is none in {root}", hint)])
    return configuration.load(text, SETTINGS, kinds, kind)


def read_text(root: Path, name: str) -> str | None:
    """A text of a project, `None` where there is none.

    Raises:
        InputError: it is not UTF-8.
        OutsideError: it cannot be read.

    """
    path = root / name
    if not path.is_file():
        if os.path.lexists(path):
            raise OutsideError(f"{path} is no ordinary file")
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Problem(name, 0, 0, "it is not UTF-8", "save it as UTF-8")]) from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from error


def read_notices(root: Path) -> dict[str, bytes]:
    """The markdown files of `incidents/` (but a README), by their path in the project; also those misplaced in folders."""
    folder = root / NOTICES
    found = (path for path in sorted(folder.rglob("*.md")) if path.is_file())
    inside = {path.relative_to(folder).as_posix(): path for path in found}
    return {
        f"{NOTICES}/{name}": path.read_bytes()
        for name, path in inside.items()
        if not name.startswith(("files/", ".")) and path.name.lower() != "readme.md"
    }


def read_pictures(root: Path) -> dict[str, bytes]:
    """The files of `incidents/files/`, by their path in the site."""
    folder = root / NOTICES / "files"
    return {
        f"{NOTICES}/files/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def compiled_templates(code: Path) -> "BytecodeCache | None":
    """Where templates are kept compiled, as Python keeps modules: beside them, where that folder may be written to.

    Never in the project: what is loaded from there is run, and a project is what others may send us.
    """
    from jinja2 import FileSystemBytecodeCache  # noqa: PLC0415 -- only where pages are written

    folder = code / TEMPLATES / _COMPILED
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) and folder.is_dir() else None


def read_templates(root: Path, code: Path) -> dict[str, bytes]:
    """What is below `templates/`, by path: the project's own file where it has one, ours otherwise."""
    found: dict[str, bytes] = {}
    for folder in (code / TEMPLATES, root / TEMPLATES):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.parent.name != _COMPILED:
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
