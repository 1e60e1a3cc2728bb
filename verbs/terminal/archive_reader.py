"""Bring back the archived days that a verb needs, and warn of those that cannot be had."""

import os

from constat.history.fetch_plan import PAGE_DAYS
from constat.interval import DAY_S, Interval
from tasks.archived_days import bring_archived_days
from tasks.project import Project
from verbs.terminal.printing import warn

_AROUND_S = 3 * DAY_S
"""Rows before a window still count within it, and rows after it end what began in it."""


def bring_days(project: Project, window: Interval) -> None:
    """Bring the days of a window that are in an archive; warn of those that cannot be brought."""
    wide = Interval(window.start - _AROUND_S, window.end + _AROUND_S)
    for trouble in bring_archived_days(project, os.environ, wide).troubles:
        warn(trouble)


def bring_page_days(project: Project) -> None:
    """Bring the days that the page of a project publishes; warn of those that cannot be brought."""
    bring_days(project, Interval(project.now - PAGE_DAYS * DAY_S, project.now))
