"""Watch a project: look in every slot of a span of time, while following changes of the project's files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from checks.confirming import ProbeTarget
from checks.runner import Runner
from checks.world import ThreadedWorld, World, interruptible
from constat.errors import ConstatError
from constat.interval import Instant, Interval
from constat.maintainers.job_summary import Watch, describe_silence
from constat.register.corrections_file import CORRECTIONS
from outside.evidence import troubles
from outside.evidence.journal import Journal, signal_changes
from outside.evidence.watch_lock import lock_watch
from outside.github import Job
from outside.project.files import NOTICES, SETTINGS
from outside.project.own_kinds import FOLDER
from tasks.collect import Collector
from tasks.collecting import collecting
from tasks.job_summary import append_watch_summary
from tasks.look import LookListener, LookPlan, look_once, update_register
from tasks.measure import Measurer
from tasks.project import Project
from tasks.silent_vantages import find_newly_silent
from tasks.upstream import UpstreamAsker

_LOOK_AT_FILES_EVERY_S = 5.0
_RECORD_EVERY_S = 300.0
"""Pending lines are recorded this often even if no file changes, since an update may be dated in the future."""

Clock = Callable[[], float]


def look(plan: LookPlan, span: Interval | None, clock: Clock, listener: LookListener, job: Job) -> bool:
    """Watch for a span of time, or look once if there is none; return false if that one look was interrupted.

    Raises:
        OutsideError: another watch is running, or the samples cannot be written.

    """
    if span is None:
        before = find_last_look(plan)
        is_done = look_once(plan, clock, listener)
        if is_done:
            Collector(clock, listener).collect(plan)
            Measurer(clock, listener).collect(plan)
            UpstreamAsker(clock, listener).collect(plan)
        if before is not None:  # single looks by a cron report silent vantages as a watch does at its end
            note_silent_vantages(plan.project, Interval(before, max(before, plan.project.now)))
        return is_done
    watch(plan, span, clock, listener, job)
    return True


def watch(plan: LookPlan, span: Interval, clock: Clock, listener: LookListener, job: Job) -> None:
    """Look in every slot that begins in the span; changes of the project's files take effect at once.

    Raises:
        OutsideError: another watch is running, or the samples cannot be written.

    """
    with lock_watch(plan.project.root, plan.vantage, plan.project.now) as unfinished:
        if unfinished:
            listener.report_trouble(f"the watch before this one did not end properly: {unfinished}")
        for problem in update_register(plan.project, plan.environment, clock, listener):
            listener.warn(problem)
        journal = _open_journal(plan, listener)
        world = ThreadedWorld(clock)
        runner = Runner(plan.build_policy(listener.report_trouble), world, journal.record)
        collector, measurer = Collector(world.now, listener), Measurer(world.now, listener)
        try:
            followed = FollowedProject(plan, runner, world, listener)
            follow, asker = partial(followed.plan_from, span.start), UpstreamAsker(world.now, listener)
            with (
                collecting(collector, follow),
                collecting(measurer, follow),
                collecting(asker, follow),
                interruptible(world),
            ):
                runner.watch(followed.targets, span.start, span.end)
        except KeyboardInterrupt:
            listener.report_trouble(
                f"the watch was interrupted; {journal.count + collector.count + measurer.count} samples are recorded"
            )
        finally:
            watched = Interval(span.start, min(span.end, int(world.now())))
            _note_offline_rounds(plan, runner.offline_rounds, int(world.now()))
            count = journal.count + collector.count + measurer.count
            ended = Watch(watched, plan.vantage, count, runner.offline_rounds)
            append_watch_summary(job, plan.project, ended)
            note_silent_vantages(plan.project, watched)


def find_last_look(plan: LookPlan) -> Instant | None:
    """Find when this vantage looked last, by its recent evidence."""
    own = [seen.newest for seen in plan.read_recent_evidence().observed if seen.vantage == plan.vantage]
    return max(own, default=None)


def _open_journal(plan: LookPlan, listener: LookListener) -> Journal:
    changes = signal_changes(plan.project.root, plan.read_recent_evidence(), listener.report_trouble)
    return Journal(plan.project.root, listener.report_samples, changes)


def note_silent_vantages(project: Project, watched: Interval) -> None:
    """Note for the maintainers which vantages fell silent during a watch.

    Raises:
        OutsideError: the evidence cannot be read, or the note cannot be written.

    """
    for silence in find_newly_silent(project, watched):
        troubles.note_trouble(project.root, project.config.monitor, watched.end, describe_silence(silence))


def _note_offline_rounds(plan: LookPlan, rounds: int, now: int) -> None:
    if rounds:
        text = f"no canary answered in {rounds} rounds of the watch from {plan.vantage}"
        troubles.note_trouble(plan.project.root, plan.project.config.monitor, now, text)


class FollowedProject:
    """A project during a long watch: read again when its files change, kept as it was while they are invalid."""

    def __init__(self, plan: LookPlan, runner: Runner, world: World, listener: LookListener) -> None:
        self._plan = plan
        self._runner = runner
        self._world = world
        self._listener = listener
        self._targets = plan.targets
        self._files = read_file_states(plan.project.root)
        self._warnings: tuple[str, ...] = ()
        self._look_at = self._world.monotonic() + _LOOK_AT_FILES_EVERY_S
        self._record_at = self._world.monotonic() + _RECORD_EVERY_S

    def plan_from(self, start: Instant) -> LookPlan | None:
        """Return the current plan; `None` before the watch begins."""
        return self._plan if self._world.now() >= start else None

    def targets(self) -> tuple[ProbeTarget, ...]:
        """Return the checks to run, as the files are now."""
        if self._world.monotonic() >= self._look_at:
            self._look_at = self._world.monotonic() + _LOOK_AT_FILES_EVERY_S
            self._follow()
        return self._targets

    def _follow(self) -> None:
        files = read_file_states(self._plan.project.root)
        if files == self._files and self._world.monotonic() < self._record_at:
            return
        try:
            self._adopt(self._plan.reopen(int(self._world.now())))
            plan = self._plan
            self._warn(update_register(plan.project, plan.environment, self._world.now, self._listener))
        except ConstatError as error:
            self._warn((f"the watch continues unchanged: {error}",))
        self._files = files
        self._record_at = self._world.monotonic() + _RECORD_EVERY_S

    def _adopt(self, plan: LookPlan) -> None:
        """Replace the plan from now on."""
        self._targets = plan.targets
        self._runner.adopt(plan.build_policy(self._listener.report_trouble))
        self._plan = plan

    def _warn(self, warnings: tuple[str, ...]) -> None:
        """Report warnings that were not reported the last time."""
        for line in warnings:
            if line not in self._warnings:
                self._listener.report_trouble(line)
        self._warnings = warnings


def read_file_states(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, modification time and size of every file that a watch depends on; they differ once one changes."""
    states = []
    own_kinds = (path for path in sorted((root / FOLDER).glob("*")) if path.suffix in (".json", ".py"))
    for path in (root / SETTINGS, root / CORRECTIONS, *sorted((root / NOTICES).glob("*.md")), *own_kinds):
        try:
            status = path.stat()
        except OSError:
            continue  # the file does not exist, or has just been removed
        states.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(states)
