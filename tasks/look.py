"""Look at the services of a project: first record pending lines in the register, then run one round of due checks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checks.confirming import ProbeTarget
from checks.runner import Policy, Runner
from checks.scope import build_policy, find_longest_interval, select_due, select_targets
from checks.world import ThreadedWorld, interruptible
from constat.errors import UsageError
from constat.interval import Instant, Interval
from constat.model import Evidence, Sample
from outside.branch.git import Git
from outside.disk import is_file
from outside.evidence import signals
from outside.evidence.journal import Journal
from outside.project.files import DEMO_MARK
from tasks.clock_guard import ClockGuard
from tasks.own_kinds import allow_own_kinds, list_used_kinds
from tasks.project import Project
from tasks.record import record_pending_lines
from tasks.seal import seal_folder
from tasks.stamp import stamp_meanwhile

_VANTAGES_TIP = "name it in status.yml, in the vantages: of each check that it makes"


class LookListener(Protocol):
    """A receiver of progress, warnings and troubles while a task looks at services."""

    def warn(self, line: str) -> None:
        """Receive a problem with a file of the project."""

    def report_trouble(self, line: str) -> None:
        """Receive a failure of Constat itself."""

    def report_register_lines(self, lines: int) -> None:
        """Receive the number of new lines in the register."""

    def begin_round(self, expected: int) -> None:
        """Receive the number of checks in the round that begins."""

    def report_samples(self, samples: Sequence[Sample]) -> None:
        """Receive samples that have reached the disk."""

    def end_round(self) -> None:
        """Receive the end of the round, however it ended."""


@dataclass(frozen=True, slots=True)
class LookPlan:
    """The plan to look at a project from a vantage: at all its services, or only at the service `only`.

    `environment` holds the values of secrets; programs (the kind `exec`) and code of the
    project's own kinds run in it if `allow_exec` is set.
    """

    project: Project
    environment: Mapping[str, str] = field(repr=False)
    vantage: str
    only: str | None = None
    allow_exec: bool = False

    @property
    def targets(self) -> tuple[ProbeTarget, ...]:
        """The checks to run; the libraries that they need are loaded."""
        return select_targets(self.project.config, self.vantage, self.only)

    def build_policy(self, log: Callable[[str], None]) -> Policy:
        """Build the policy by which the checks run; `log` receives failures of Constat itself."""
        project = self.project
        policy = build_policy(project.config, self.vantage, project.root, self.environment, log)
        if not self.allow_exec:
            return policy
        return policy.allow_programs(
            self.environment, allow_own_kinds(project, list_used_kinds(project.config), log)
        )

    def reopen(self, now: Instant) -> "LookPlan":
        """Return the same plan for the project as its files are now.

        Raises:
            ConstatError: as in `plan_look`.

        """
        return plan_look(
            self.project.reopen(now),
            self.environment,
            vantage=self.vantage,
            only=self.only,
            allow_exec=self.allow_exec,
        )

    def read_recent_evidence(self) -> Evidence:
        """Read the evidence that decides which checks are due, and what was last known of each."""
        now = self.project.now
        return self.project.evidence(Interval(now - find_longest_interval(self.targets), now + 1))


def plan_look(
    project: Project,
    environment: Mapping[str, str],
    *,
    vantage: str | None = None,
    only: str | None = None,
    allow_exec: bool = False,
) -> LookPlan:
    """Plan to look at all services or only one, from the project's own vantage or another one.

    Raises:
        InputError: `status.yml` is invalid.
        UsageError: there is no such service, or no check belongs to that vantage.

    """
    config = project.config
    if only is not None and config.service(only) is None:
        names = ", ".join(project.service_ids)
        raise UsageError(f"status.yml has no service {only}", tip=f"it has: {names}")
    plan = LookPlan(project, environment, vantage or config.monitor.vantage, only, allow_exec)
    if vantage is not None and not plan.targets:
        raise UsageError(f"no check runs from the vantage {vantage}", tip=_VANTAGES_TIP)
    return plan


def look_once(plan: LookPlan, clock: Callable[[], float], listener: LookListener) -> bool:
    """Run the checks that are due, or every check of the plan's only service; return false if interrupted.

    Raises:
        OutsideError: the register or the samples cannot be written.

    """
    for problem in update_register(plan.project, plan.environment, clock, listener):
        listener.warn(problem)
    targets = plan.targets
    if plan.only is None:
        targets = select_due(targets, plan.read_recent_evidence(), plan.vantage, plan.project.now)
    world = ThreadedWorld(clock)
    journal = Journal(plan.project.root, listener.report_samples)
    runner = Runner(plan.build_policy(listener.report_trouble), world, journal.record)
    listener.begin_round(len(targets))
    try:
        with interruptible(world):
            runner.once(targets)
    except KeyboardInterrupt:
        return False
    finally:
        listener.end_round()
    if runner.offline_rounds and is_file(plan.project.root, DEMO_MARK):
        listener.report_trouble("the demo's servers are gone: they run only while `constat demo` does")
    return True


def update_register(
    project: Project, environment: Mapping[str, str], clock: Callable[[], float], listener: LookListener
) -> tuple[str, ...]:
    """Record pending lines, seal days if `history/` is no clone, and signal the change to the watch companion.

    Nothing is recorded or sealed while our clock and that of the branch's remote disagree. Return what is wrong with the
    clock, and with notices and corrections.
    """
    guard = ClockGuard(project, Git(project.root / "history", environment), clock)
    lines, problems = record_pending_lines(project, guard.confirm)
    seals = seal_folder(project, guard.confirm)
    if seals:
        stamp_meanwhile(project, listener.report_trouble)
    if lines or seals:
        signals.signal_change(project.root, project.now)
        listener.report_register_lines(len(lines) + len(seals))
    return (*map(str, problems), *guard.troubles)
