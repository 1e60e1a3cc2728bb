"""Push the evidence to its branch: prepare the clone, announce a watch, push, and follow a running watch."""

import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Literal, NamedTuple

from constat.errors import OutsideError, UsageError
from constat.history.fetch_plan import FetchPlan, plan_for_page, plan_for_watch
from constat.interval import Instant, Interval, format_instant
from constat.maintainers.job_summary import Deliveries, format_cron_start, format_deliveries
from outside.branch import append, clone, watches, years
from outside.branch.git import GitError
from outside.branch.tracked import find_tracked_files
from outside.evidence import notification_log, signals, troubles
from outside.evidence.watch_lock import is_watched
from tasks.clock_guard import ClockGuard
from tasks.evidence_branch import EvidenceBranch, clear_leftover_locks
from tasks.last_outage import was_down
from tasks.project import Project
from tasks.record import record_pending_lines
from tasks.seal import seal_tip
from tasks.stamp import stamp_past
from tasks.unpushed_rows import describe_unpushed_rows
from tasks.watch_companion import Report, Timing, WatchCompanion, steady_clock

Purpose = Literal["watch", "page"]
"""The purpose of a clone, which holds no more files than its purpose needs."""


class PushResult(NamedTuple):
    """Whether there was anything to push, how many seals were made, and what kept due seals from being made.

    `warnings`: what failed without harm, such as a time stamp that an authority did not give, and rows that no branch takes.
    """

    is_new: bool
    seals: int = 0
    troubles: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def push_evidence(
    branch: EvidenceBranch, now: Instant, clock: Callable[[], float], vantage: str = ""
) -> PushResult:
    """Push new evidence, then seal the days that are over from the tip of the branch, and push the seals.

    Missing time stamps are requested last, so that nothing waits for them. `vantage`: the vantage whose watch recorded the
    evidence, if any.

    Raises:
        UsageError: there is no clone.
        OutsideError: git failed.

    """
    history = branch.project.root / "history"
    if not (history / ".git").exists():
        raise UsageError(f"{history} is not a git clone", tip="make it with: constat push --prepare watch")
    message = f"{vantage}: evidence" if vantage else "Evidence"
    backoff = append.Backoff(time.sleep, random.random)
    guard = ClockGuard(branch.project, branch.clone, clock)
    _begin_due_year(branch, now, backoff, guard)
    is_new = append.push(branch.clone, message, now, backoff) is not None
    seals = seal_tip(branch.project.reopen(now), branch.clone, guard.confirm)
    if seals:
        append.push(branch.clone, f"{vantage}: seals" if vantage else "Seals", now, backoff)
    stamps = stamp_past(branch.project.at(now), branch.clone)  # with the settings that the push began with
    if stamps.kept:
        append.push(branch.clone, f"{vantage}: time stamps" if vantage else "Time stamps", now, backoff)
    is_new = is_new or bool(seals) or bool(stamps.kept)
    unpushed = describe_unpushed_rows(branch.project.at(now), branch.clone)
    return PushResult(is_new, len(seals), guard.troubles, (*stamps.troubles, *unpushed))


def _begin_due_year(branch: EvidenceBranch, now: Instant, backoff: append.Backoff, guard: ClockGuard) -> None:
    """Begin the branch of the year with its first push, unless the clock cannot be trusted to tell the year."""
    if branch.is_yearly and years.is_year_due(branch.clone, now) and guard.confirm():
        years.begin_year(branch.clone, now, backoff)


def record_and_push(branch: EvidenceBranch, clock: Callable[[], float]) -> tuple[PushResult, tuple[str, ...]]:
    """Record pending lines, push, and seal; return also the problems of notices and corrections.

    Raises:
        UsageError: there is no clone.
        OutsideError: git or the disk failed.

    """
    guard = ClockGuard(branch.project, branch.clone, clock)
    problems = record_pending_lines(branch.project, guard.confirm).problems
    result = push_evidence(branch, branch.project.now, clock)
    troubles = tuple(dict.fromkeys((*guard.troubles, *result.troubles)))
    return result._replace(troubles=troubles), tuple(map(str, problems))


def prepare_clone(branch: EvidenceBranch, purpose: Purpose, url: str | None) -> None:
    """Make the clone for a purpose, or bring it up to date, from the branch at a URL or at the project's own origin.

    Raises:
        EvidenceError: a frozen statement differs from the published one.
        UsageError: no URL is given, and the project has no origin.
        OutsideError: git failed.

    """
    now = branch.project.now
    if branch.job.is_scheduled and purpose == "watch":
        branch.job.append_summary(format_cron_start(now))
    plan = _plan_fetch(branch, purpose)
    clone.prepare_clone(branch.clone, url or _read_origin(branch), plan, now, yearly=branch.is_yearly)
    append.update_working_tree(branch.clone)


def _read_origin(branch: EvidenceBranch) -> str:
    try:
        return branch.checkout.run_text("remote", "get-url", "origin")
    except GitError:
        raise UsageError(
            f"{branch.project.root} has no git remote named origin", tip="give its address: --remote URL"
        ) from None


def _plan_fetch(branch: EvidenceBranch, purpose: Purpose) -> FetchPlan:
    now = branch.project.now
    return (
        plan_for_page(now)
        if purpose == "page"
        else plan_for_watch(now, max(branch.check_intervals_s, default=0))
    )


def follow_watch(
    branch: EvidenceBranch,
    until: Instant | None,
    clock: Callable[[], float],
    report_trouble: Callable[[str], None],
) -> Report:
    """Push while the watch of this project runs. `until`: when the next watch takes over, if one does.

    Raises:
        OutsideError: no watch began, or the last push failed; the evidence is still on the disk.

    """
    timing = Timing(steady_clock(clock, time.monotonic), time.sleep, report_trouble)
    actions = BranchActions(branch, until, clock, report_trouble)
    companion = WatchCompanion(actions, branch.project.config.monitor.push_every_s, until, timing)
    began = int(clock())
    try:
        return companion.follow()
    except OutsideError as error:
        companion.report.troubles.append(f"{format_instant(int(clock()))} {error}")
        raise
    finally:
        _note_troubles(branch.project, companion.report, int(clock()))
        deliveries = _count_deliveries(branch.project, companion.report, began)
        branch.job.append_summary(format_deliveries(deliveries))


def _note_troubles(project: Project, report: Report, now: Instant) -> None:
    for trouble in report.troubles:
        troubles.note_trouble(project.root, project.config.monitor, now, trouble.partition(" ")[2])


def _count_deliveries(project: Project, report: Report, began: Instant) -> Deliveries:
    """Count the pushes and notifications since the watch began."""
    sent, failed = notification_log.count_results(project.root, began)
    return Deliveries(report.pushes, report.last_push, sent, failed, tuple(report.troubles))


class BranchActions:
    """The actions of a watch companion on the branch, the checkout, and GitHub."""

    def __init__(
        self,
        branch: EvidenceBranch,
        until: Instant | None,
        clock: Callable[[], float],
        report_trouble: Callable[[str], None],
    ) -> None:
        self._branch = branch
        self._report_trouble = report_trouble
        self._until = until
        self._clock = clock
        self._refused = ""
        self._warned: set[str] = set()
        rule = branch.project.config.draft_incident
        self.draft_delays_s: tuple[int, ...] = (rule.after_s, rule.keep_s) if rule else ()

    def is_watching(self) -> bool:
        """Return whether the watch is alive."""
        return is_watched(self._branch.project.root, self._branch.vantage)

    def read_last_change(self) -> str | None:
        """Return the watch's last signal of a state change."""
        return signals.read_last_change(self._branch.project.root)

    def push(self) -> bool:
        """Push new evidence; return whether there was any."""
        now = int(self._clock())
        clear_leftover_locks(self._branch, now, self._report_trouble)
        result = push_evidence(self._branch, now, self._clock, self._branch.vantage)
        for trouble in result.troubles:
            self._report_trouble(trouble)
        self._warn_once(result.warnings, now)
        return result.is_new

    def _warn_once(self, warnings: Iterable[str], now: Instant) -> None:
        """Report each warning once in this watch, to the maintainers too."""
        for warning in warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._report_trouble(warning)
                project = self._branch.project
                troubles.note_trouble(project.root, project.config.monitor, now, warning)

    def publish(self) -> None:
        """Start the job that builds the page and notifies subscribers."""
        self._branch.job.dispatch("publish", {})

    def is_unsettled(self) -> bool:
        """Return whether a service was down within the longest of `draft_delays_s`."""
        project = self._branch.project.reopen(int(self._clock()))
        return was_down(project, Interval(project.now - max(self.draft_delays_s), project.now + 1))

    def draft(self) -> None:
        """Start the job that drafts notices of what is on the branch."""
        self._branch.job.dispatch("draft", {})

    def follow_main(self) -> None:
        """Fast-forward the checkout; one with commits of its own stays as it is, and git's refusal is reported.

        A commit that tracks evidence is not followed, nor is any later one that still does; each is reported once.
        """
        checkout = self._branch.checkout
        checkout.run("fetch", "--quiet", "--no-tags", "origin", "HEAD")
        commit = checkout.run_text("rev-parse", "FETCH_HEAD")
        tracked = find_tracked_files(checkout, commit)
        if not tracked:
            checkout.run("merge", "--quiet", "--ff-only", commit)
        elif commit != self._refused:
            self._refused = commit
            raise OutsideError(f"the new commit of main is not followed: {tracked[0]}")

    def call_next(self, begin: Instant) -> None:
        """Start this vantage's next watch, which takes over at `begin`; announce it if that is earlier than planned."""
        if self._until is not None and begin < self._until:
            # if this fails, the next watch finds that it is not needed, and the cron starts another
            with suppress(OutsideError):
                watches.announce_end(
                    self._branch.clone, self._branch.vantage, self._until, int(self._clock())
                )
        called = {"from": format_instant(begin)}
        if len(self._branch.project.config.monitor.vantages) > 1:
            called["vantage"] = self._branch.vantage
        self._branch.job.dispatch("watch", called)
