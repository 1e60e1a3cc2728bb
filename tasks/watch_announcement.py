"""Announce a watch on the branch, so that no second one looks at the same time, and report where the chain of watches broke."""

from collections.abc import Callable
from typing import NamedTuple

from constat.errors import OutsideError
from constat.interval import Instant, Interval, format_instant
from outside.branch import watches
from outside.evidence import troubles
from tasks.evidence_branch import EvidenceBranch


class WatchAnnouncement(NamedTuple):
    """The span in which an announced watch looks; without a `span`, `not_needed` says why there is no watch."""

    span: Interval | None
    not_needed: str = ""

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs for the later steps of the job."""
        if self.span is None:
            return {"watch": "no"}
        start, end = format_instant(self.span.start), format_instant(self.span.end)
        return {"watch": "yes", "from": start, "until": end}


def announce_watch(
    branch: EvidenceBranch, minutes: int, begin: Instant | None, report_trouble: Callable[[str], None]
) -> WatchAnnouncement:
    """Announce a watch on the branch, unless another one is running. A watch without `begin` was started by the cron.

    Raises:
        OutsideError: the announcement of a watch that the cron started could not be pushed.

    """
    project = branch.project
    start = max(project.now, begin or 0)
    span = Interval(start, start + minutes * 60)
    last_write = watches.find_last_write(branch.clone, branch.vantage)
    is_by_cron = begin is None
    not_needed = _announce_on_branch(branch, span, report_trouble, is_by_cron=is_by_cron)
    if not_needed:
        return WatchAnnouncement(None, not_needed)
    if is_by_cron and last_write is not None:
        broke = f"the chain of watches broke: {branch.vantage} wrote last at {format_instant(last_write)}"
        troubles.note_trouble(project.root, project.config.monitor, project.now, broke)
    return WatchAnnouncement(span)


def _announce_on_branch(
    branch: EvidenceBranch, span: Interval, report_trouble: Callable[[str], None], *, is_by_cron: bool
) -> str:
    """Announce the watch; return why it is not needed, or an empty string if it is.

    A watch that the one before it started goes on even if its announcement fails: nothing else would take over.
    """
    dead_after_s = branch.dead_after_s if is_by_cron else None
    try:
        return watches.announce_watch(branch.clone, branch.vantage, span, branch.project.now, dead_after_s)
    except OutsideError as error:
        if is_by_cron:
            raise
        report_trouble(f"{error}; the watch is not announced")
        return ""
