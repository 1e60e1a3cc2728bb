"""The demo: a small Maxony with real checks, and a simulated past whose months were frozen when they were due."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from checks.registry import KINDS, load_kind
from constat import config as configuration
from constat.errors import Problem, UsageError
from constat.history import DAY_FILE
from constat.history.sealed_bytes import SealedBytes, measure_bytes
from constat.interval import Instant
from demo.certificates import AUTHORITY, build_server_context
from demo.maxony import Maxony, serve_maxony
from demo.past import Past
from demo.project import build_status_yml
from demo.samples import VANTAGE
from outside.project.files import DEMO_MARK, SETTINGS
from tasks.freeze import freeze_due_months
from tasks.project import Project

_MARK_TEXT = "This project is made by `constat demo`, which replaces it as a whole.\n"

Look = Callable[[Project, str | None], None]
"""A function that looks at a project once: at everything that is due, or at one service."""


class LaidPast(NamedTuple):
    """The past that was written: how many rows of evidence, and the problems that its statements left out."""

    rows: int
    problems: tuple[Problem, ...]


class Demo(NamedTuple):
    """The demo's project, as of the second after its last look, its past, and its servers."""

    project: Project
    past: LaidPast
    servers: Maxony


@contextmanager
def lay_demo(project: Project, days: int, next_second: Callable[[], Instant], look: Look) -> Iterator[Demo]:
    """Replace the project with the demo: its past, and three looks at its servers, which run until the end of the block.

    `next_second` waits for the next second and returns it, since no two samples of a check may share a time.

    Raises:
        UsageError: the folder holds something other than a demo.

    """
    _empty(project.root)
    with serve_maxony(build_server_context()) as servers:
        simulated = configuration.load_config(build_status_yml(servers, VANTAGE), SETTINGS, KINDS, load_kind)
        _write(project.root / SETTINGS, build_status_yml(servers, "demo"))
        past = lay_past(project, Past(simulated, project.now, days))
        _write(project.root / AUTHORITY.name, AUTHORITY.read_text(encoding="ascii"))
        _look_three_times(project, servers, next_second, look)
        yield Demo(project.reopen(next_second()), past, servers)


def _empty(root: Path) -> None:
    """Turn the folder into an empty demo project.

    Raises:
        UsageError: the folder holds something other than a demo.

    """
    if root.is_dir() and any(root.iterdir()) and not (root / DEMO_MARK).exists():
        raise UsageError(f"{root} is not a project of the demo", tip="give another folder with --root")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / DEMO_MARK).write_text(_MARK_TEXT, encoding="utf-8")


def lay_past(project: Project, past: Past) -> LaidPast:
    """Write the past of a project beside its `status.yml`, and freeze each month as of the time it was due."""
    days: dict[str, SealedBytes] = {}
    problems: list[Problem] = []
    for path, text in past.build_files():
        _write(project.root / path, text)
        if DAY_FILE.search(path):
            days[path.removeprefix("history/")] = measure_bytes([text.encode()])
    for moment in past.list_freeze_times():
        _write_known(project.root, past, moment, days)
        for result in freeze_due_months(project.reopen(moment)):
            problems += result.problems
    _write_known(project.root, past, past.now, days)
    return LaidPast(sum(day.rows for day in days.values()), tuple(problems))


def _write_known(root: Path, past: Past, moment: Instant, days: Mapping[str, SealedBytes]) -> None:
    """Write the growing files as they were at an instant."""
    for path, text in past.build_growing_files(moment, days):
        _write(root / path, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _look_three_times(
    project: Project, servers: Maxony, next_second: Callable[[], Instant], look: Look
) -> None:
    """Look while all is well, while the API answers 503, and after it has recovered."""
    look(project.reopen(next_second()), None)
    servers.fail_api()
    look(project.reopen(next_second()), "api")
    servers.restore_api()
    look(project.reopen(next_second()), "api")
