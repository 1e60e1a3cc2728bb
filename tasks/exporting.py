"""Export services and notices in formats that other status pages read, so that nobody is locked in."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final, Literal

from constat.errors import InputError
from constat.moving.held import read_held_notices
from outside.disk import replace_file
from tasks.project import Project

Shape = Literal["statuspage", "markdown"]

WRITERS: Final[Mapping[Shape, str]] = {
    "statuspage": "constat.moving.export_statuspage",
    "markdown": "constat.moving.export_markdown",
}
"""The module of each shape: `write_shape(config, notices)`. It is loaded when it is used."""


def export(project: Project, shape: Shape, folder: Path) -> tuple[str, ...]:
    """Write what the project holds into a folder; return the paths that were written.

    Raises:
        InputError: a notice is invalid, and so would be missing.
        OutsideError: something cannot be read or written.

    """
    notices, problems = project.parsed_notices
    withheld = [problem for problem in problems if problem.severity == "error"]
    if withheld:
        raise InputError(withheld)
    files: Mapping[str, bytes] = import_module(WRITERS[shape]).write_shape(
        project.config, read_held_notices(notices, project.notice_files)
    )
    pictures = (
        {f"static/{path}": data for path, data in project.pictures.items()} if shape == "markdown" else {}
    )
    for path, data in {**files, **pictures}.items():
        replace_file(folder, path, data, lasting=False)
    return (*files, *pictures)
