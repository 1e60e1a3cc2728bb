"""Reads the files of a project that people write: `status.yml`, notices, templates."""

import os
from collections.abc import Callable, Collection, Iterator
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
PUBLISHED_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pdf", ".txt", ".csv"})
"""The types of files that are published from `files/`: none that a browser would run scripts of, unlike HTML and SVG."""
TEMPLATES = "templates"
WORDINGS = f"{TEMPLATES}/wordings.yml"
"""The ready wordings of notices."""

_CACHE = "__pycache__"
_USER_CACHE = Path("~/.cache/constat/templates")


def read_config(root: Path, kinds: Collection[str], kind: Callable[[str], Kind]) -> Config:
    """The configuration in `status.yml` of a project.

    Raises:
        InputError: the file is missing or wrong.
        OutsideError: the file cannot be read.

    """
    text = read_text(root, SETTINGS)
    if text is None:
        hint = "give the project's folder with --root, or start one with: constat init DIR"
        raise InputError([Problem(SETTINGS, 0, 0, f"no such file in {root}", hint)])
    return configuration.load_config(text, SETTINGS, kinds, kind)


def read_text(root: Path, name: str) -> str | None:
    """A text file of a project, `None` if it does not exist.

    Raises:
        InputError: the file is not UTF-8.
        OutsideError: the file cannot be read.

    """
    path = root / name
    if not path.is_file():
        if os.path.lexists(path):
            raise OutsideError(f"{path} is not a regular file")
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Problem(name, 0, 0, "not UTF-8", "save the file as UTF-8")]) from None
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from error


def read_notices(root: Path) -> dict[str, bytes]:
    """The markdown files below `incidents/` except READMEs, by path in the project; also those misplaced in folders.

    Raises:
        OutsideError: a file cannot be read.

    """
    return {
        path: _read_bytes(root / path)
        for path in _list_safe_files(root)
        if path.endswith(".md") and not path.startswith(FILES) and not is_readme(path)
    }


def read_pictures(root: Path) -> dict[str, bytes]:
    """The files of `incidents/files/` that are published, by path in the site.

    Raises:
        OutsideError: a file cannot be read.

    """
    return {path: _read_bytes(root / path) for path in _list_safe_files(root, FILES) if _is_published(path)}


def list_unpublished(root: Path) -> tuple[str, ...]:
    """The files below `incidents/` that are neither notices nor pictures, so not published, by path in the project."""
    return tuple(
        path
        for path in _list_safe_files(root)
        if not (_is_published(path) if path.startswith(FILES) else path.endswith(".md") or is_readme(path))
    )


def _is_published(path: str) -> bool:
    return Path(path).suffix.lower() in PUBLISHED_SUFFIXES


def list_escaping_links(root: Path) -> tuple[str, ...]:
    """The symbolic links below `incidents/` that lead out of it, by path in the project. They are not followed."""
    return tuple(path for path in _list_files(root) if _leads_out(root, path))


def is_readme(path: str) -> bool:
    """Whether a file is a README, which explains how to write notices and is not one itself."""
    return path.rpartition("/")[2].lower().partition(".")[0] == "readme"


def _list_safe_files(root: Path, folder: str = NOTICES) -> Iterator[str]:
    """The files below `incidents/` or a folder in it, without links that lead out of it, by path in the project."""
    return (path for path in _list_files(root, folder) if not _leads_out(root, path))


def _leads_out(root: Path, path: str) -> bool:
    """Whether a path is a symbolic link out of `incidents/`: to some file of this machine, or of another project."""
    link = root / path
    return link.is_symlink() and not link.resolve().is_relative_to((root / NOTICES).resolve())


def _list_files(root: Path, folder: str = NOTICES) -> Iterator[str]:
    """Every file below a folder that is not hidden, by path in the project."""
    for parent, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(parent, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_file():
                yield path.relative_to(root).as_posix()


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutsideError(f"{path} cannot be read: {error.strerror}") from error


def open_template_cache(code: Path) -> "BytecodeCache | None":
    """The cache of compiled templates; `None` if it cannot be written.

    In a checkout it is `__pycache__` beside our own templates; an installed program keeps it in its user's cache
    (XDG Base Directory Specification), since nothing is written to where it is installed. Never in the project: a
    compiled template is code that we run, and a project may come from somebody else.
    """
    from jinja2 import FileSystemBytecodeCache  # noqa: PLC0415 -- heavy, and only needed to render pages

    try:
        folder = code / TEMPLATES / _CACHE if (code / "Makefile").exists() else _USER_CACHE.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a file is in the way, or the user has no home
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def read_templates(root: Path, code: Path) -> dict[str, bytes]:
    """The files below `templates/` by path: ours, each replaced by the project's own file of that name if it has one."""
    templates: dict[str, bytes] = {}
    for folder in (code / TEMPLATES, root / TEMPLATES):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.parent.name != _CACHE:
                templates[path.relative_to(folder).as_posix()] = path.read_bytes()
    return templates
