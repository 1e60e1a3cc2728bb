"""`check`: record what changed in the register, then look: one round of what is due, or for a while."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from checks.confirming import Target
from checks.registry import KINDS, kind, warm_up
from checks.runner import Policy, Runner
from checks.secrets import Secrets
from checks.world import ThreadedWorld
from constat.config.times import positive_duration
from constat.errors import UsageError
from constat.interval import Instant, Interval, format_instant
from constat.model import Config, Sample
from outside import history
from outside.project import read_config
from outside.recording import record_news

INTERRUPTED = 130


def _duration(text: str) -> int:
    try:
        return positive_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    parser.add_argument(
        "--for", dest="watch", type=_duration, metavar="TIME", help="keep watching for so long: 55m"
    )
    parser.add_argument("--only", metavar="SERVICE", help="look at one service, due or not")


def run(args: argparse.Namespace) -> int:
    """Look, and record what was seen. A service that is down is data: 0."""
    config = read_config(args.root, KINDS, kind)
    wanted = _wanted(config, args.only)
    _record_news(args.root, config, args.now, verbose=args.verbose)
    warm_up(target.check.kind for target in wanted)
    journal = Journal(args.root, verbose=args.verbose)
    world = _world(args.now)
    runner = Runner(_policy(config, args.root), world, journal.record)
    try:
        with _interrupting(world):
            if args.watch:
                runner.watch(lambda: wanted, args.now, args.now + args.watch)
            else:
                due = wanted if args.only else _due(config, wanted, args.root, args.now)
                journal.expected = len(due)
                runner.once(due)
    except KeyboardInterrupt:
        return 0 if args.watch else INTERRUPTED
    finally:
        journal.end()
    return 0


def _wanted(config: Config, only: str | None) -> tuple[Target, ...]:
    """The checks that this vantage makes, of one service or of all.

    Raises:
        UsageError: there is no such service.

    """
    if only is not None and config.service(only) is None:
        names = ", ".join(service.id for service in config.services)
        raise UsageError(f"status.yml has no service {only}", tip=f"it has: {names}")
    return tuple(
        Target(service.id, check)
        for service in config.services
        if only in (None, service.id)
        for check in service.checks
        if config.monitor.vantage in check.vantages
    )


def _due(config: Config, wanted: Sequence[Target], root: Path, now: Instant) -> tuple[Target, ...]:
    """The checks without a sample of ours in the current slot."""
    longest = max((target.check.interval_s for target in wanted), default=0)
    window = Interval(now - longest, now + 1)
    evidence = history.load(root, window, config.page.timezone, now)
    newest = {
        (seen.service, seen.check): seen.newest
        for seen in evidence.observed
        if seen.vantage == config.monitor.vantage
    }
    return tuple(
        target
        for target in wanted
        if newest.get((target.service, target.check.name), -1) // target.check.interval_s
        < now // target.check.interval_s
    )


def _record_news(root: Path, config: Config, now: Instant, *, verbose: bool) -> None:
    lines, problems = record_news(root, config, now)
    for problem in problems:
        print(problem, file=sys.stderr)
    if verbose and lines:
        print(f"{len(lines)} new lines in the register")


def _policy(config: Config, root: Path) -> Policy:
    monitor = config.monitor
    return Policy(
        vantage=monitor.vantage,
        workers=monitor.workers,
        canaries=monitor.canaries,
        blocked=monitor.blocked,
        secrets=Secrets.of(config.secrets, os.environ),
        root=root,
        log=_log,
    )


def _log(line: str) -> None:
    print(f"constat: {line}", file=sys.stderr)


def _world(now: Instant) -> ThreadedWorld:
    """The real world, or one whose clock begins at the `now` that was given."""
    offset = now - int(time.time())
    return ThreadedWorld(time.time if abs(offset) <= 1 else lambda: time.time() + offset)


@contextmanager
def _interrupting(world: ThreadedWorld) -> Iterator[None]:
    """Let Ctrl-C, and a polite request to end, stop the runner between two turns. A second Ctrl-C does not wait."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        world.interrupt()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Journal:
    """Writes samples to the evidence, and tells of them where that is wanted."""

    def __init__(self, root: Path, *, verbose: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.expected = 0
        self._root = root
        self._verbose = verbose
        self._clock = clock
        self._began = clock()
        self._count = 0
        self._drawn = False

    def record(self, samples: Sequence[Sample]) -> None:
        """Append samples to the evidence; they have reached the disk on return."""
        history.append(self._root, samples)
        self._count += len(samples)
        if self._verbose:
            for sample in samples:
                print(_told(sample), flush=True)
        elif self.expected and sys.stderr.isatty() and self._clock() - self._began > 1:
            print(f"\r{self._count} of {self.expected} checks", end="", file=sys.stderr, flush=True)
            self._drawn = True

    def end(self) -> None:
        """Leave the terminal clean."""
        if self._drawn:
            print("\r\033[K", end="", file=sys.stderr)


def _told(sample: Sample) -> str:
    words = (format_instant(sample.at), f"{sample.service}/{sample.check}", sample.outcome.value)
    return f"{' '.join(words)} {sample.latency_ms} ms {sample.reason}".rstrip()
