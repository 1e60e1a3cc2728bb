"""The files of a project that people write, read from the disk: `status.yml`, notices, templates."""

import os
from collections.abc import Callable, Collection, Iterator
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
FILES = f"{NOTICES}/files/"
PUBLISHED = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pdf", ".txt", ".csv"})
"""What may lie below `files/`: nothing that a browser would run as a page of ours, as it does HTML and SVG."""
TEMPLATES = "templates"
WORDINGS = f"{TEMPLATES}/wordings.yml"
"""The ready wordings of notices."""

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
    return configuration.load_config(text, SETTINGS, kinds, kind)


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
    """The markdown files of `incidents/` (but a README), by their path in the project; also those misplaced in folders.

    Raises:
        OutsideError: one cannot be read.

    """
    return {
        path: _bytes(root / path)
        for path in _inside(root)
        if path.endswith(".md") and not path.startswith(FILES) and not is_readme(path)
    }


def read_pictures(root: Path) -> dict[str, bytes]:
    """The files of `incidents/files/`, by their path in the site.

    Raises:
        OutsideError: one cannot be read.

    """
    return {path: _bytes(root / path) for path in _inside(root, FILES) if _is_published(path)}


def list_unpublished(root: Path) -> tuple[str, ...]:
    """The files of `incidents/` that are not published, by their path in the project: no notices, and no pictures."""
    return tuple(
        path
        for path in _inside(root)
        if not (_is_published(path) if path.startswith(FILES) else path.endswith(".md") or is_readme(path))
    )


def _is_published(path: str) -> bool:
    return Path(path).suffix.lower() in PUBLISHED


def list_escaping_links(root: Path) -> tuple[str, ...]:
    """The links of `incidents/` that lead out of it, by their path in the project: what they lead to is not read."""
    return tuple(path for path in _files(root) if _leads_out(root, path))


def is_readme(path: str) -> bool:
    """Whether a file tells people how to write notices, and is none."""
    return path.rpartition("/")[2].lower().partition(".")[0] == "readme"


def _inside(root: Path, below: str = NOTICES) -> Iterator[str]:
    """The files of `incidents/`, or below it, by their path in the project, but links out of it."""
    return (path for path in _files(root, below) if not _leads_out(root, path))


def _leads_out(root: Path, path: str) -> bool:
    """Whether it is a link out of the folder: to a file of this machine, or of another project."""
    link = root / path
    return link.is_symlink() and not link.resolve().is_relative_to((root / NOTICES).resolve())


def _files(root: Path, below: str = NOTICES) -> Iterator[str]:
    """Every file below a folder that is not hidden, by its path in the project."""
    for where, folders, names in os.walk(root / below):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(where, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_file():
                yield path.relative_to(root).as_posix()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from error


def open_template_cache(code: Path) -> "BytecodeCache | None":
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
