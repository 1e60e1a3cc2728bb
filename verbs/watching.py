"""What `check` does beside looking: targets from `status.yml` while it changes, samples into the evidence."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks.confirming import Target
from checks.registry import KINDS, kind, warm_up
from checks.runner import Policy, Runner
from checks.secrets import Secrets
from constat.errors import ConstatError, UsageError
from constat.interval import Instant, Interval, format_instant
from constat.model import Config, Evidence, Outcome, Sample
from outside import history, signals
from outside.project import NOTICES, SETTINGS, read_config
from outside.recording import CORRECTIONS, record_news

LOOK_AGAIN_S = 5.0
"""How often the files that people write are looked at for changes."""
RECORD_AGAIN_S = 300.0
"""How often the register is brought up to date without a change: an update may be dated ahead."""


def say(line: str) -> None:
    """Tell the maintainers."""
    print(f"constat: {line}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one run looks at: a project, all its services or one, from a vantage that may not be the configured one."""

    root: Path
    only: str | None = None
    vantage: str | None = None

    def config(self) -> Config:
        """`status.yml` as it is now.

        Raises:
            InputError: it is wrong.
            UsageError: it has no such service.

        """
        config = read_config(self.root, KINDS, kind)
        if self.only is not None and config.service(self.only) is None:
            names = ", ".join(service.id for service in config.services)
            raise UsageError(f"status.yml has no service {self.only}", tip=f"it has: {names}")
        return config

    def place(self, config: Config) -> str:
        """The vantage that this run looks from."""
        return self.vantage or config.monitor.vantage

    def targets(self, config: Config) -> tuple[Target, ...]:
        """The checks that this vantage makes, of one service or of all; what they need is loaded."""
        wanted = tuple(
            Target(service.id, check)
            for service in config.services
            if self.only in (None, service.id)
            for check in service.checks
            if self.place(config) in check.vantages
        )
        warm_up(target.check.kind for target in wanted)
        return wanted

    def policy(self, config: Config) -> Policy:
        """How this run looks."""
        monitor = config.monitor
        return Policy(
            vantage=self.place(config),
            workers=monitor.workers,
            canaries=monitor.canaries,
            blocked=monitor.blocked,
            secrets=Secrets.of(config.secrets, os.environ),
            root=self.root,
            log=say,
        )


def record_and_tell(root: Path, config: Config, now: Instant) -> tuple[int, tuple[str, ...]]:
    """Bring the register up to date; how many lines it took, and what is wrong with notices and corrections."""
    lines, problems = record_news(root, config, now)
    return len(lines), tuple(str(problem) for problem in problems)


def recent(root: Path, config: Config, targets: Sequence[Target], now: Instant) -> Evidence:
    """The evidence that decides what is due and what was seen last."""
    longest = max((target.check.interval_s for target in targets), default=0)
    return history.load(root, Interval(now - longest, now + 1), config.page.timezone, now)


def due(targets: Sequence[Target], evidence: Evidence, vantage: str, now: Instant) -> tuple[Target, ...]:
    """The checks without a sample of this vantage in the current slot."""
    newest = {
        (seen.service, seen.check): seen.newest for seen in evidence.observed if seen.vantage == vantage
    }
    return tuple(
        target
        for target in targets
        if newest.get((target.service, target.check.name), -1) // target.check.interval_s
        < now // target.check.interval_s
    )


class Changes:
    """Tells whether samples change what was last known of their checks; what is unknown changes nothing."""

    def __init__(self, evidence: Evidence, vantage: str) -> None:
        self._known: dict[tuple[str, str], Outcome] = {
            (seen.service, seen.check): seen.runs[-1].value
            for seen in evidence.observed
            if seen.vantage == vantage and seen.runs and seen.runs[-1].value is not Outcome.UNKNOWN
        }

    def take(self, samples: Sequence[Sample]) -> bool:
        """Remember samples; true where one of them differs from what was known, or is the first of its check."""
        changed = False
        for sample in samples:
            key = (sample.service, sample.check)
            if sample.outcome is not Outcome.UNKNOWN:
                changed = changed or self._known.get(key) is not sample.outcome
                self._known[key] = sample.outcome
        return changed


def _no_change(_samples: Sequence[Sample]) -> None:
    """Nobody waits for a change."""


@dataclass
class Journal:
    """Writes samples to the evidence, and tells of them where that is wanted."""

    root: Path
    verbose: bool = False
    expected: int = 0
    on_recorded: Callable[[Sequence[Sample]], None] = _no_change
    count: int = 0
    _began: float = field(default_factory=time.monotonic)
    _drawn: bool = False

    def record(self, samples: Sequence[Sample]) -> None:
        """Append samples to the evidence; they have reached the disk on return."""
        history.append(self.root, samples)
        self.count += len(samples)
        if self.verbose:
            for sample in samples:
                print(_told(sample), flush=True)
        elif self.expected and sys.stderr.isatty() and time.monotonic() - self._began > 1:
            print(f"\r{self.count} of {self.expected} checks", end="", file=sys.stderr, flush=True)
            self._drawn = True
        self.on_recorded(samples)

    def end(self) -> None:
        """Leave the terminal clean."""
        if self._drawn:
            print("\r\033[K", end="", file=sys.stderr)


def _told(sample: Sample) -> str:
    words = (format_instant(sample.at), f"{sample.service}/{sample.check}", sample.outcome.value)
    return f"{' '.join(words)} {sample.latency_ms} ms {sample.reason}".rstrip()


class Following:
    """The project as a long watch sees it: read again when its files change, kept as it was where they are wrong."""

    def __init__(self, scope: Scope, config: Config, runner: Runner, clock: Callable[[], float]) -> None:
        self.config = config
        self._scope = scope
        self._runner = runner
        self._clock = clock
        self._targets = scope.targets(config)
        self._print = tuple(_fingerprint(scope.root))
        self._told: tuple[str, ...] = ()
        self._look_at = time.monotonic() + LOOK_AGAIN_S
        self._record_at = time.monotonic() + RECORD_AGAIN_S

    def targets(self) -> tuple[Target, ...]:
        """The targets as they are now."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_AGAIN_S
            self._look()
        return self._targets

    def _look(self) -> None:
        found = tuple(_fingerprint(self._scope.root))
        if found == self._print and time.monotonic() < self._record_at:
            return
        try:
            self._read_again()
        except ConstatError as error:
            self._tell((f"the watch goes on as before: {error}",))
        self._print = found
        self._record_at = time.monotonic() + RECORD_AGAIN_S

    def _read_again(self) -> None:
        """Take what the files say now, and record what is new in it."""
        config = self._scope.config()
        self._targets = self._scope.targets(config)
        self._runner.adopt(self._scope.policy(config))
        self.config = config
        now = int(self._clock())
        count, problems = record_and_tell(self._scope.root, config, now)
        if count:
            signals.tell_change(self._scope.root, now)
        self._tell(problems)

    def _tell(self, lines: tuple[str, ...]) -> None:
        """Say what is wrong, once."""
        for line in lines:
            if line not in self._told:
                say(line)
        self._told = lines


def _fingerprint(root: Path) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of every file that people write."""
    for path in (root / SETTINGS, root / CORRECTIONS, *sorted((root / NOTICES).glob("*.md"))):
        try:
            status = path.stat()
        except OSError:
            continue
        yield path.name, status.st_mtime_ns, status.st_size
