"""The runner: due checks side by side, each attempt bounded, each sample recorded as soon as it is final.

All policy lives in one thread, the loop: slots, confirmation, canaries, abandoned attempts. The attempts themselves run
concurrently, at most `workers` at a time.
"""

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from checks.canary import Canaries, Knock, knock
from checks.confirming import Case, ProbeTarget, Round
from checks.own_kinds import OwnProbe
from checks.probing import Context, Deadline, ProbeResult
from checks.reasons import timeout
from checks.secrets import Secrets
from checks.world import Event, Loop, World
from constat.errors import OutsideError
from constat.interval import Instant
from constat.model import Outcome, Sample

LATE_S = 10
"""After how many seconds a slot that has not begun counts as missed."""
GRACE_S = 1.0
"""How long after its deadline an attempt is abandoned."""
_LONGEST_TURN_S = 1.0
"""The wall clock may jump: it is read at least this often."""
_DISK_RETRY_S = 5.0

Probe = Callable[[ProbeTarget, Context], ProbeResult]
RecordSamples = Callable[[Sequence[Sample]], None]
Targets = Callable[[], Sequence[ProbeTarget]]


def _discard(_line: str) -> None:
    """Keep no log."""


@dataclass(frozen=True)
class Policy:
    """How a run probes. `root`: the project; `log`: takes a line about everything that goes wrong on our side.

    `programs`: the environment for programs, if running them is allowed (see `checks.probing.Context`).
    """

    vantage: str
    workers: int = 64
    canaries: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()
    secrets: Secrets = field(default_factory=Secrets)
    root: Path = Path()
    programs: Mapping[str, str] | None = field(default=None, repr=False)
    log: Callable[[str], None] = _discard
    probe: Probe = field(default_factory=OwnProbe)
    knock: Knock = knock

    def allow_programs(self, environment: Mapping[str, str], probe: Probe) -> "Policy":
        """Return the same policy, but one that also runs programs (the kind `exec`) and the project's own code."""
        return replace(self, programs=environment, probe=probe)


class Runner:
    """Probes some targets once, or keeps watching them; samples go to `record` as soon as they are final."""

    def __init__(self, policy: Policy, world: World, record: RecordSamples) -> None:
        self.policy = policy
        self.offline_rounds = 0
        self._world = world
        self._loop = Loop(world)
        self._record = record
        self._canaries = Canaries(policy.canaries, world, policy.knock)
        self._waiting: deque[Case] = deque()
        self._attempts: dict[int, Case] = {}
        self._started = 0
        self._open: set[tuple[str, str]] = set()
        self._rounds: list[Round] = []
        self._unwritten: list[Sample] = []
        self._disk_error: OutsideError | None = None
        self._disk_retry_at = 0.0

    def adopt(self, policy: Policy) -> None:
        """Follow another policy from now on."""
        if policy.canaries != self.policy.canaries:
            self._canaries = Canaries(policy.canaries, self._world, policy.knock)
        self.policy = policy

    def once(self, targets: Iterable[ProbeTarget]) -> None:
        """Probe each target once, now.

        Raises:
            KeyboardInterrupt: we were interrupted; the samples so far are recorded.
            OutsideError: samples could not be recorded.

        """
        self._run_guarded(partial(self._begin_round, [(target, None) for target in targets]))

    def watch(self, targets: Targets, start: Instant, until: Instant) -> None:
        """Probe each target in every slot of its interval that begins in `[start, until)`.

        `targets` is called at every turn, at least once a second. Raises the same errors as `once`.
        """
        self._run_guarded(partial(self._keep_watching, targets, start, until))

    def _run_guarded(self, work: Callable[[], None]) -> None:
        """Do some work, then wait for open rounds. Whatever happens, the samples so far are recorded."""
        try:
            work()
            self._fill()
            while any(current.is_open for current in self._rounds):
                self._turn(_LONGEST_TURN_S)
        finally:
            for current in self._rounds:
                current.give_up()
            self._write(patient=False)

    def _keep_watching(self, targets: Targets, start: Instant, until: Instant) -> None:
        """Begin and end by the clock that does not jump; begin slots by the wall clock."""
        monotonic = self._world.monotonic
        offset = monotonic() - self._world.now()
        begun: dict[tuple[str, str], Instant] = {}
        while (left := until + offset - monotonic()) > 0:
            current = targets()
            if monotonic() >= start + offset:
                self._begin_round(self._select_due(current, begun))
            self._turn(min(left, _measure_until_next_slot(current, self._world.now())))

    def _select_due(
        self, targets: Sequence[ProbeTarget], begun: dict[tuple[str, str], Instant]
    ) -> list[tuple[ProbeTarget, Instant | None]]:
        """Select the targets whose slot has just begun, with the slot; `begun` holds the last slot of each."""
        now = self._world.now()
        due: list[tuple[ProbeTarget, Instant | None]] = []
        for target in targets:
            slot = int(now) // target.check.interval_s * target.check.interval_s
            key = (target.service, target.check.name)
            if now - slot < LATE_S and begun.get(key) != slot and key not in self._open:
                begun[key] = slot
                due.append((target, slot))
        return due

    def _begin_round(self, due: Sequence[tuple[ProbeTarget, Instant | None]]) -> None:
        """Begin with the checks that may take longest, so that the round is over soonest."""
        if not due:
            return
        current = Round(self._canaries, self._unwritten.append, len(due), self._report_offline)
        self._rounds = [*(earlier for earlier in self._rounds if earlier.is_open), current]
        for target, slot in sorted(due, key=lambda pair: -pair[0].check.timeout_s):
            self._open.add((target.service, target.check.name))
            self._waiting.append(Case(target, current, slot, self.policy.vantage))

    def _report_offline(self) -> None:
        self.offline_rounds += 1
        self.policy.log("no canary answers: the failures of this round are ours")

    def _turn(self, longest: float) -> None:
        self._fill()
        self._loop.turn(max(0.0, min(longest, _LONGEST_TURN_S)))
        self._fill()
        self._write(patient=True)

    def _fill(self) -> None:
        """Start waiting attempts while there are free workers; a first attempt that comes too late is skipped."""
        while self._waiting and len(self._attempts) < self.policy.workers:
            case = self._waiting.popleft()
            if case.slot is not None and not case.attempts and self._world.now() - case.slot >= LATE_S:
                self._close(case.target)
                case.round.skip()
                continue
            self._start(case)

    def _start(self, case: Case) -> None:
        self._started += 1
        number = self._started
        self._attempts[number] = case
        case.attempts += 1
        if case.attempts == 1:
            case.at = int(self._world.now())
        try:
            self._world.start(partial(self._attempt, number, case.target))
        except RuntimeError:  # no thread left on this machine
            self._finish(number, ProbeResult(Outcome.UNKNOWN, 0, "resources"), final=False)
            return
        self._loop.after(float(case.target.check.timeout_s) + GRACE_S, partial(self._abandon, number))

    def _attempt(self, number: int, target: ProbeTarget) -> Event:
        """Make one attempt, concurrently with the loop, whatever the probe does."""
        policy = self.policy
        deadline = Deadline(float(target.check.timeout_s), self._world.monotonic)
        now = int(self._world.now())
        context = Context(
            deadline,
            now=now,
            secrets=policy.secrets,
            blocked=policy.blocked,
            vantage=policy.vantage,
            root=policy.root,
            programs=policy.programs,
        )
        try:
            return partial(self._finish, number, policy.probe(target, context), final=False)
        except BaseException as error:  # noqa: BLE001 (a probe that crashes, or wants to exit, costs only itself)
            result = context.result(Outcome.UNKNOWN, f"crash {type(error).__name__}")
            policy.log(policy.secrets.redact(f"{_write_full_name(target)} crashed: {describe_error(error)}"))
            return partial(self._finish, number, result, final=True)

    def _abandon(self, number: int) -> None:
        case = self._attempts.get(number)
        if case is None:
            return
        seconds = float(case.target.check.timeout_s)
        self.policy.log(f"{_write_full_name(case.target)} did not end in {seconds:g} s and was abandoned")
        late = ProbeResult(Outcome.DOWN, round(seconds * 1000), timeout(seconds).reason)
        self._finish(number, late, final=False)

    def _finish(self, number: int, result: ProbeResult, *, final: bool) -> None:
        case = self._attempts.pop(number, None)
        if case is None:
            return  # already abandoned
        if case.take(result, final=final):
            self._loop.after(case.target.check.confirm.delay_s, partial(self._waiting.appendleft, case))
        else:
            self._close(case.target)

    def _close(self, target: ProbeTarget) -> None:
        self._open.discard((target.service, target.check.name))

    def _write(self, *, patient: bool) -> None:
        """Record the final samples. If that fails they are kept for another try or, unless `patient`, the error is raised."""
        if not self._unwritten or (patient and self._world.monotonic() < self._disk_retry_at):
            return
        try:
            self._record(tuple(self._unwritten))
        except OutsideError as error:
            if not patient:
                raise
            if self._disk_error is None:
                self.policy.log(f"{error}; {len(self._unwritten)} samples wait")
            self._disk_error = error
            self._disk_retry_at = self._world.monotonic() + _DISK_RETRY_S
            return
        self._unwritten.clear()
        self._disk_error = None


def _measure_until_next_slot(targets: Sequence[ProbeTarget], now: float) -> float:
    """Measure the seconds until the next slot of any target begins."""
    starts = ((int(now) // target.check.interval_s + 1) * target.check.interval_s for target in targets)
    return min(starts, default=now + _LONGEST_TURN_S) - now


def _write_full_name(target: ProbeTarget) -> str:
    return f"{target.service}/{target.check.name}"


def describe_error(error: BaseException) -> str:
    """Describe an exception and the place in the code where it was raised, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
