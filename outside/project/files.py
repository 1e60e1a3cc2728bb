"""Reads the files of a project that people write: `status.yml`, notices, templates."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from constat import config as configuration
from constat.errors import InputError, Problem
from constat.model import Config, Kind
from constat.support import TICKETS
from outside import bounds
from outside.disk import read_file
from outside.opening import UnfitFileError, get_status, list_files, list_links
from outside.project.starter import PLACEHOLDER

if TYPE_CHECKING:
    from jinja2 import BytecodeCache

SETTINGS = "status.yml"
NOTICES = "incidents"
FILES = f"{NOTICES}/files/"
DEMO_MARK = ".constat-demo"
"""A file in every project of the demo. A folder without it is not ours, and is never replaced."""
WORKFLOWS = ".github/workflows"
"""The folder of the workflows that run a project on GitHub."""
EXAMPLES = f"{NOTICES}/examples/"
"""Notices to copy from, which are never read."""
PUBLISHED_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pdf", ".txt", ".csv"})
"""The types of files that are published from `files/`: none in which a browser would run scripts, unlike HTML and SVG."""
TEMPLATES = "templates"
WORDINGS = f"{TEMPLATES}/wordings.yml"
"""The ready wordings of notices."""

_CACHE = "__pycache__"
_USER_CACHE = Path("~/.cache/constat/templates")


def read_config(root: Path, kinds: Collection[str], kind: Callable[[str], Kind]) -> Config:
    """Read the configuration in `status.yml` of a project.

    Raises:
        InputError: the file is missing or wrong.
        OutsideError: the file cannot be read.

    """
    text = read_text(root, SETTINGS)
    if text is None:
        raise _explain_no_project(root)
    return configuration.load_config(text, SETTINGS, kinds, kind)


def refuse_no_project(root: Path) -> None:
    """Refuse a folder without a `status.yml`.

    Raises:
        InputError: there is none.

    """
    if read_text(root, SETTINGS) is None:
        raise _explain_no_project(root)


def _explain_no_project(root: Path) -> InputError:
    hint = "give the project's folder with --root, or start one with: constat init DIR"
    return InputError([Problem(SETTINGS, 0, 0, f"no such file in {root}", hint)])


def read_text(root: Path, name: str) -> str | None:
    """Read a text file of a project, `None` if it does not exist.

    Raises:
        InputError: the file is not UTF-8, too large, or not a regular file, such as a link.
        OutsideError: the file cannot be read.

    """
    try:
        data = read_file(root, name, bounds.TICKETS if name == TICKETS else bounds.SETTINGS)
    except UnfitFileError as error:
        raise InputError([Problem(name, 0, 0, error.why, error.hint)]) from None
    if data is None:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(name, line, 0, "not UTF-8", "save the file as UTF-8")]) from None


def read_notices(root: Path) -> dict[str, bytes]:
    """Read the Markdown files below `incidents/` except READMEs, even in wrong folders, by path in the project.

    Raises:
        OutsideError: a file cannot be read.

    """
    return _read_all(root, (path for path in _list_used(root, NOTICES) if _is_notice(path)))


def read_pictures(root: Path) -> dict[str, bytes]:
    """Read the files of `incidents/files/` that are published, by path in the site.

    Raises:
        OutsideError: a file cannot be read.

    """
    return _read_all(root, (path for path in list_files(root, FILES.rstrip("/")) if _is_picture(path)))


def list_unpublished(root: Path) -> tuple[str, ...]:
    """List the files below `incidents/` that are neither notices nor pictures, and so not published."""
    return tuple(
        path
        for path in _list_used(root, NOTICES)
        if not (_is_picture(path) if path.startswith(FILES) else path.endswith(".md") or is_readme(path))
    )


def find_placeholders(root: Path) -> Iterator[Problem]:
    """Find the starter's placeholder in workflows: GitHub would look for an action that is not there."""
    for path in list_files(root, WORKFLOWS):
        text = read_text(root, path) or ""
        for number, line in enumerate(text.splitlines(), start=1):
            column = line.find(PLACEHOLDER) + 1
            if column:
                hint = "write where your Constat is: OWNER/NAME@REF"
                yield Problem(path, number, column, f"{PLACEHOLDER} is only a placeholder", hint)


def find_unfit_files(root: Path) -> tuple[Problem, ...]:
    """Describe what is below `incidents/` and `templates/` but not read: links, and files that are too large."""
    problems = []
    for folder in (NOTICES, TEMPLATES):
        problems += [
            Problem(path, 0, 0, "a link, which is not followed", "put there what it leads to")
            for path in list_links(root, folder)
            if not path.startswith(EXAMPLES)
        ]
        for path in _list_used(root, folder):
            status, bound = get_status(root, path), _get_bound(path)
            if status and status.st_size > bound:
                message = f"has {status.st_size:,} bytes; more than {bound:,} are not read"
                problems.append(Problem(path, 0, 0, message, "make it smaller"))
    return tuple(problems)


def _list_used(root: Path, folder: str) -> Iterator[str]:
    """List the files of a folder, without the examples."""
    return (path for path in list_files(root, folder) if not path.startswith(EXAMPLES))


def _get_bound(path: str) -> int:
    if path.startswith(FILES):
        return bounds.PICTURE
    return bounds.NOTICE if path.startswith(f"{NOTICES}/") else bounds.TEMPLATE


def is_readme(path: str) -> bool:
    """Whether a file is a README, which explains how to write notices and is not one itself."""
    return path.rpartition("/")[2].lower().partition(".")[0] == "readme"


def _is_notice(path: str) -> bool:
    return path.endswith(".md") and not path.startswith(FILES) and not is_readme(path)


def _is_picture(path: str) -> bool:
    return Path(path).suffix.lower() in PUBLISHED_SUFFIXES


def _read_all(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Read files by their paths, except for those that are not fit to be read, which `find_unfit_files` lists."""
    files = {}
    for path in paths:
        with suppress(UnfitFileError):
            data = read_file(root, path, _get_bound(path))
            if data is not None:  # otherwise it has just been removed
                files[path] = data
    return files


def open_template_cache(code: Path) -> "BytecodeCache | None":
    """Open the cache of compiled templates; `None` if it cannot be written.

    In a checkout it is `__pycache__` beside our own templates; an installed program keeps it in its user's cache
    (XDG Base Directory Specification), since nothing is written where it is installed. It is never in the project: a
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
    """Read the files below `templates/` by path: ours, each replaced by the project's own file of that name if there is one."""
    own = {} if code.resolve() == root.resolve() else read_brought_templates(code)
    paths = (path for path in list_files(root, TEMPLATES) if path.split("/")[-2] != _CACHE)
    project_files = _read_all(root, paths)
    return own | {path.removeprefix(f"{TEMPLATES}/"): data for path, data in project_files.items()}


def read_brought_templates(code: Path) -> dict[str, bytes]:
    """Read the templates beside our code. Links are followed: whoever installed us may have linked its files."""
    folder = code / TEMPLATES
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.parent.name != _CACHE
    }
