"""Look at what a project watches: one round of what is due, with all that is new recorded in the register first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checks.confirming import Target
from checks.runner import Policy, Runner
from checks.scope import build_policy, find_longest_interval, select_due, select_targets
from checks.world import ThreadedWorld, interruptible
from constat.errors import UsageError
from constat.interval import Instant, Interval
from constat.model import Evidence, Sample
from outside.evidence import signals
from outside.evidence.journal import Journal
from tasks.project import Project
from tasks.record import record_pending_lines

_SEVERAL = "name it in status.yml, in the vantages: of each check that it makes"


class LookListener(Protocol):
    """Whoever is to hear how the looking goes."""

    def warn(self, line: str) -> None:
        """Hear what is wrong with a file of the project."""

    def report_trouble(self, line: str) -> None:
        """Hear what went wrong with the looking itself."""

    def report_register_lines(self, count: int) -> None:
        """Hear that the register has new lines."""

    def begin_round(self, expected: int) -> None:
        """Hear how many checks a single round makes."""

    def report_samples(self, samples: Sequence[Sample]) -> None:
        """Hear of samples that have reached the disk."""

    def end_round(self) -> None:
        """Hear that the round is over, however it ended."""


@dataclass(frozen=True, slots=True)
class LookPlan:
    """A project that is looked at from a vantage: all its services, or `only` one.

    `environment` holds the values of secrets; programs (the kind `exec`) run in it, where `allow_exec` lets them.
    """

    project: Project
    environment: Mapping[str, str] = field(repr=False)
    vantage: str
    only: str | None = None
    allow_exec: bool = False

    @property
    def targets(self) -> tuple[Target, ...]:
        """The checks that are made; the libraries that they need are loaded."""
        return select_targets(self.project.config, self.vantage, self.only)

    def build_policy(self, log: Callable[[str], None]) -> Policy:
        """How the checks are made; `log` takes what goes wrong with us."""
        project = self.project
        policy = build_policy(project.config, self.vantage, project.root, self.environment, log)
        return policy.allow_programs(self.environment) if self.allow_exec else policy

    def reopen(self, now: Instant) -> "LookPlan":
        """The same plan for the project as its files are now.

        Raises:
            ConstatError: as `plan_look`.

        """
        return plan_look(
            self.project.reopen(now),
            self.environment,
            vantage=self.vantage,
            only=self.only,
            allow_exec=self.allow_exec,
        )

    def read_recent_evidence(self) -> Evidence:
        """The evidence that decides what is due, and what was known last."""
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
    """Plan to look at all services or only one, from the project's own vantage or from another.

    Raises:
        InputError: `status.yml` is wrong.
        UsageError: there is no such service, or nothing to look at from that vantage.

    """
    config = project.config
    if only is not None and config.service(only) is None:
        names = ", ".join(project.service_ids)
        raise UsageError(f"status.yml has no service {only}", tip=f"it has: {names}")
    plan = LookPlan(project, environment, vantage or config.monitor.vantage, only, allow_exec)
    if vantage is not None and not plan.targets:
        raise UsageError(f"nothing is to be looked at from the vantage {vantage}", tip=_SEVERAL)
    return plan


def look_once(plan: LookPlan, clock: Callable[[], float], listener: LookListener) -> bool:
    """Look at what is due, or at everything where one service was named; false where we were interrupted.

    Raises:
        OutsideError: the disk did not take the register, or what was seen.

    """
    for problem in update_register(plan.project, listener):
        listener.warn(problem)
    targets = plan.targets
    if plan.only is None:
        targets = select_due(targets, plan.read_recent_evidence(), plan.vantage, plan.project.now)
    world = ThreadedWorld(clock)
    journal = Journal(plan.project.root, listener.report_samples)
    listener.begin_round(len(targets))
    try:
        with interruptible(world):
            Runner(plan.build_policy(listener.report_trouble), world, journal.record).once(targets)
    except KeyboardInterrupt:
        return False
    finally:
        listener.end_round()
    return True


def update_register(project: Project, listener: LookListener) -> tuple[str, ...]:
    """Record what the project newly says, and tell whoever pushes; what is wrong with notices and corrections."""
    lines, problems = record_pending_lines(project)
    if lines:
        signals.signal_change(project.root, project.now)
        listener.report_register_lines(len(lines))
    return tuple(map(str, problems))
