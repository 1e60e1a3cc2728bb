"""`check`: record what changed in the register, then look: one round of what is due, or for a while."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from checks.runner import Runner
from checks.world import ThreadedWorld
from constat.config.parsing import name
from constat.config.times import positive_duration
from constat.errors import OutsideError
from constat.interval import Instant, Interval, parse_instant
from constat.model import Config, Sample
from outside import signals
from outside.lock import watching_alone
from verbs.watching import Changes, Following, Journal, Scope, due, recent, record_and_tell, say

INTERRUPTED = 130


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
        type=_read(positive_duration),
        metavar="TIME",
        help="keep watching for so long, each check at its own interval: 55m",
    )
    until.add_argument(
        "--until", type=_read(parse_instant), metavar="TIME", help="keep watching until a time"
    )
    parser.add_argument(
        "--from", dest="begin", type=_read(parse_instant), metavar="TIME", help="begin no slot before a time"
    )
    parser.add_argument("--only", metavar="SERVICE", help="look at one service, due or not")
    parser.add_argument(
        "--vantage", type=_read(name), metavar="NAME", help="the place we look from, where it is another one"
    )


def run(args: argparse.Namespace) -> int:
    """Look, and record what was seen. A service that is down is data: 0."""
    scope = Scope(args.root, args.only, args.vantage)
    config = scope.config()
    world = _world(args.now)
    until = args.now + args.watch if args.watch else args.until
    if until is None:
        return _once(scope, config, world, args)
    with watching_alone(args.root, scope.place(config), args.now) as before:
        if before:
            say(f"a watch did not end well before this one: {before}")
        return _watch(scope, config, world, Interval(args.begin or args.now, until), args)


def _once(scope: Scope, config: Config, world: ThreadedWorld, args: argparse.Namespace) -> int:
    """One round of what is due."""
    _record_news(scope, config, args)
    targets = scope.targets(config)
    if not scope.only:
        evidence = recent(scope.root, config, targets, args.now)
        targets = due(targets, evidence, scope.place(config), args.now)
    journal = Journal(scope.root, verbose=args.verbose, expected=len(targets))
    runner = Runner(scope.policy(config), world, journal.record)
    try:
        with _interrupting(world):
            runner.once(targets)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        journal.end()
    return 0


def _watch(
    scope: Scope, config: Config, world: ThreadedWorld, span: Interval, args: argparse.Namespace
) -> int:
    """Every slot that begins in a span; files that change meanwhile hold from then on."""
    if _record_news(scope, config, args):
        signals.tell_change(scope.root, args.now)
    evidence = recent(scope.root, config, scope.targets(config), args.now)
    changes = Changes(evidence, scope.place(config))

    def tell_changes(samples: Sequence[Sample]) -> None:
        if changes.take(samples):
            _tell_change(scope.root, samples[-1].at)

    journal = Journal(scope.root, verbose=args.verbose, on_recorded=tell_changes)
    runner = Runner(scope.policy(config), world, journal.record)
    following = Following(scope, config, runner, world.now)
    try:
        with _interrupting(world):
            runner.watch(following.targets, span.start, span.end)
    except KeyboardInterrupt:
        say(f"the watch was asked to end; {journal.count} samples are recorded")
    return 0


def _record_news(scope: Scope, config: Config, args: argparse.Namespace) -> int:
    count, problems = record_and_tell(scope.root, config, args.now)
    for problem in problems:
        print(problem, file=sys.stderr)
    if args.verbose and count:
        print(f"{count} new lines in the register")
    return count


def _tell_change(root: Path, at: Instant) -> None:
    """Tell whoever pushes. The rows are written: that a word about them could not be is no reason to stop."""
    try:
        signals.tell_change(root, at)
    except OutsideError as error:
        say(str(error))


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
