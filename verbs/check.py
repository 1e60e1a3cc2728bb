"""`check`: record what changed in the register, then look: one round of what is due, or for a while."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from checks.confirming import Target
from checks.registry import KINDS, load_kind
from checks.runner import Policy, Runner
from checks.scope import build_policy, find_longest_interval, select_due, select_targets
from checks.world import ThreadedWorld, interruptible
from constat.config.parsing import parse_name
from constat.config.times import parse_positive_duration
from constat.errors import ConstatError, UsageError
from constat.interval import Instant, Interval, parse_instant
from constat.maintainers.job_summary import Watch, format_sample
from constat.model import Config, Evidence, Sample
from outside.evidence import signals, store, troubles
from outside.evidence.journal import Journal, signal_changes
from outside.evidence.watch_lock import lock_watch
from outside.project.files import read_config
from tasks.job_summary import append_summary
from tasks.record import read_file_states, record_pending_lines

INTERRUPTED = 130
_SEVERAL = "name it in status.yml, in the vantages: of each check that it makes"
_LOOK_AGAIN_S = 5.0
_RECORD_AGAIN_S = 300.0


def _read(parse: Callable[[str], object]) -> Callable[[str], object]:
    """A parser of ours as argparse wants it: what is wrong is told."""

    def read(text: str) -> object:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    until = parser.add_mutually_exclusive_group()
    until.add_argument(
        "--for",
        dest="watch",
        type=_read(parse_positive_duration),
        metavar="TIME",
        help="keep watching for so long, each check at its own interval: 55m",
    )
    until.add_argument(
        "--until", type=_read(parse_instant), metavar="TIME", help="keep watching until a time"
    )
    parser.add_argument(
        "--from", dest="begin", type=_read(parse_instant), metavar="TIME", help="begin no slot before a time"
    )
    parser.add_argument(
        "--summary",
        type=Path,
        default=os.environ.get("GITHUB_STEP_SUMMARY"),
        metavar="FILE",
        help="add what a watch did to a file; $GITHUB_STEP_SUMMARY where that is set",
    )
    parser.add_argument("--only", metavar="SERVICE", help="look at one service, due or not")
    parser.add_argument(
        "--vantage",
        type=_read(parse_name),
        metavar="NAME",
        help="the place we look from, where it is another one",
    )
    parser.add_argument(
        "--allow-exec", action="store_true", help="run the programs that checks of the kind exec name"
    )


def run(args: argparse.Namespace) -> int:
    """Look, and record what was seen. A service that is down is data: 0."""
    run_ = Run.of(args.root, args.only, args.vantage, verbose=args.verbose, allow_exec=args.allow_exec)
    until = args.now + args.watch if args.watch else args.until
    if until is None:
        return look_once(run_, args.now)
    with lock_watch(args.root, run_.vantage, args.now) as before:
        if before:
            say(f"a watch did not end well before this one: {before}")
        return _watch(run_, args.now, Interval(args.begin or args.now, until), args.summary)


def say(line: str) -> None:
    """Tell the maintainers."""
    _print(f"constat: {line}", sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    """Print at once. A log on a full disk, or one that nobody reads any more, keeps no watch from looking."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Run(NamedTuple):
    """What one run looks at: a project, all its services or one, from a vantage."""

    root: Path
    config: Config
    only: str | None
    vantage: str
    verbose: bool
    allow_exec: bool

    @classmethod
    def of(
        cls,
        root: Path,
        only: str | None = None,
        vantage: str | None = None,
        *,
        verbose: bool = False,
        allow_exec: bool = False,
    ) -> "Run":
        """Read `status.yml`; the vantage is its own where no other is given.

        Raises:
            InputError: it is wrong.
            UsageError: it has no such service.

        """
        config = read_config(root, KINDS, load_kind)
        if only is not None and config.service(only) is None:
            names = ", ".join(service.id for service in config.services)
            raise UsageError(f"status.yml has no service {only}", tip=f"it has: {names}")
        run_ = cls(root, config, only, vantage or config.monitor.vantage, verbose, allow_exec)
        if vantage is not None and not run_.targets():
            raise UsageError(f"nothing is to be looked at from the vantage {vantage}", tip=_SEVERAL)
        return run_

    def targets(self) -> tuple[Target, ...]:
        """What it looks at."""
        return select_targets(self.config, self.vantage, self.only)

    def runner(self, world: ThreadedWorld, journal: Journal) -> Runner:
        """The runner that looks."""
        return Runner(self.policy(), world, journal.record)

    def policy(self) -> Policy:
        """How it looks."""
        policy = build_policy(self.config, self.vantage, self.root, os.environ, say)
        return policy.allow_programs(os.environ) if self.allow_exec else policy

    def again(self) -> "Run":
        """The same run of the project as it is now."""
        return Run.of(self.root, self.only, self.vantage, verbose=self.verbose, allow_exec=self.allow_exec)

    def recent(self, targets: Sequence[Target], now: Instant) -> Evidence:
        """The evidence that decides what is due and what was known last."""
        window = Interval(now - find_longest_interval(targets), now + 1)
        return store.load_evidence(self.root, window, self.config.page.timezone, now)

    def record_news(self, now: Instant) -> tuple[str, ...]:
        """Bring the register up to date; what is wrong with notices and corrections."""
        lines, problems = record_pending_lines(self.root, self.config, now)
        if lines:
            signals.signal_change(self.root, now)
        if lines and self.verbose:
            _print(f"{len(lines)} new lines in the register", sys.stdout)
        return tuple(str(problem) for problem in problems)


def look_once(run_: Run, now: Instant) -> int:
    """One round of what is due; of everything, where one service was named."""
    for problem in run_.record_news(now):
        _print(str(problem), sys.stderr)
    targets = run_.targets()
    if run_.only is None:
        targets = select_due(targets, run_.recent(targets, now), run_.vantage, now)
    told = _Told(len(targets), verbose=run_.verbose)
    world = _world(now)
    try:
        with interruptible(world):
            run_.runner(world, Journal(run_.root, told.take)).once(targets)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        told.end()
    return 0


def _watch(run_: Run, now: Instant, span: Interval, summary_file: Path | None) -> int:
    """Every slot that begins in a span; files that change meanwhile hold from then on."""
    for problem in run_.record_news(now):
        _print(str(problem), sys.stderr)
    evidence = run_.recent(run_.targets(), now)
    told = _Told(0, verbose=run_.verbose)
    journal = Journal(run_.root, told.take, signal_changes(run_.root, evidence, run_.vantage, say))
    world = _world(now)
    runner = run_.runner(world, journal)
    try:
        with interruptible(world):
            runner.watch(_Following(run_, runner, world.now).targets, span.start, span.end)
    except KeyboardInterrupt:
        say(f"the watch was asked to end; {journal.count} samples are recorded")
    finally:
        if runner.offline_rounds:
            told_of = f"no canary answered in {runner.offline_rounds} rounds of the watch from {run_.vantage}"
            troubles.note_trouble(run_.root, run_.config.monitor, int(world.now()), told_of)
        if summary_file:
            watched = Interval(span.start, min(span.end, int(world.now())))
            append_summary(
                summary_file,
                run_.root,
                run_.config,
                Watch(watched, run_.vantage, journal.count, runner.offline_rounds),
            )
    return 0


class _Following:
    """The project as a long watch sees it: read again when its files change, kept as it was where they are wrong."""

    def __init__(self, run_: Run, runner: Runner, clock: Callable[[], float]) -> None:
        self._run = run_
        self._runner = runner
        self._clock = clock
        self._targets = run_.targets()
        self._files = read_file_states(run_.root)
        self._told: tuple[str, ...] = ()
        self._look_at = time.monotonic() + _LOOK_AGAIN_S
        self._record_at = time.monotonic() + _RECORD_AGAIN_S

    def targets(self) -> tuple[Target, ...]:
        """The targets as they are now."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK_AGAIN_S
            self._look()
        return self._targets

    def _look(self) -> None:
        """Also without a change, now and then: an update of a notice may be dated ahead."""
        files = read_file_states(self._run.root)
        if files == self._files and time.monotonic() < self._record_at:
            return
        try:
            self._read_again()
        except ConstatError as error:
            self._tell((f"the watch goes on as before: {error}",))
        self._files = files
        self._record_at = time.monotonic() + _RECORD_AGAIN_S

    def _read_again(self) -> None:
        """Take what the files say now, and record what is new in it."""
        run_ = self._run.again()
        self._targets = run_.targets()
        self._runner.adopt(run_.policy())
        self._run = run_
        self._tell(run_.record_news(int(self._clock())))

    def _tell(self, lines: tuple[str, ...]) -> None:
        """Say what is wrong, once."""
        for line in lines:
            if line not in self._told:
                say(line)
        self._told = lines


class _Told:
    """Tells of samples: each where that is wanted, else how far a long round is, on a terminal."""

    def __init__(self, expected: int, *, verbose: bool) -> None:
        self._expected = expected
        self._verbose = verbose
        self._began = time.monotonic()
        self._count = 0
        self._drawn = False

    def take(self, samples: Sequence[Sample]) -> None:
        """Tell of samples that were recorded."""
        self._count += len(samples)
        if self._verbose:
            _print("\n".join(map(format_sample, samples)), sys.stdout)
        elif self._expected and sys.stderr.isatty() and time.monotonic() - self._began > 1:
            print(f"\r{self._count} of {self._expected} checks", end="", file=sys.stderr, flush=True)
            self._drawn = True

    def end(self) -> None:
        """Leave the terminal clean."""
        if self._drawn:
            print("\r\033[K", end="", file=sys.stderr)


def _world(now: Instant) -> ThreadedWorld:
    """The real world, or one whose clock begins at the `now` that was given."""
    offset = now - int(time.time())
    return ThreadedWorld(time.time if abs(offset) <= 1 else lambda: time.time() + offset)
