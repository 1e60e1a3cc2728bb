"""`push`: the evidence to its branch; before that, the clone it is pushed from; beside a watch, all that goes on."""

import argparse
import base64
import os
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from checks.registry import KINDS, load_kind
from constat.errors import OutsideError, UsageError
from constat.history.fetch_plan import FetchPlan, plan_for_page, plan_for_watch
from constat.interval import Instant, Interval, format_instant, parse_instant
from constat.maintainers.job_summary import Deliveries, format_cron_start, format_deliveries
from constat.model import Config
from outside.branch import append, clone, watches
from outside.branch.git import Git, GitError, add_credentials
from outside.evidence import notification_log, signals, troubles
from outside.evidence.watch_lock import is_watched
from outside.github import GitHub
from outside.github import Job as HostJob
from outside.project.files import read_config
from tasks.project import Project
from tasks.record import record_pending_lines
from tasks.watch_companion import Report, Timing, WatchCompanion, steady_clock

ALIVE_SLACK_S = 300
"""A watch that wrote nothing for `push_every` and this long is dead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and for which job."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--prepare", choices=("watch", "page"), help="make the clone history/ for a job")
    what.add_argument("--record", action="store_true", help="record what the project newly says, then push")
    what.add_argument("--follow", action="store_true", help="push beside a watch until it has ended")
    parser.add_argument(
        "--remote", metavar="URL", help="where the branch is; by default the project's origin"
    )
    parser.add_argument(
        "--vantage",
        metavar="NAME",
        help="the place that the watch looks from, where it is not monitor.vantage",
    )
    parser.add_argument(
        "--minutes", type=int, metavar="N", help="with --prepare watch: how long the watch will be"
    )
    parser.add_argument(
        "--from", dest="begin", type=_begin, metavar="TIME", help="with --prepare watch: take over then"
    )
    parser.add_argument(
        "--until", type=_begin, metavar="TIME", help="with --follow: when the next watch takes over"
    )


def _begin(text: str) -> Instant | None:
    """A time, or nothing where a job was given none."""
    try:
        return parse_instant(text) if text else None
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Do the one thing that was asked."""
    job = Job.of(args)
    if args.prepare:
        return prepare(job, args)
    if args.follow:
        return follow(job, args.until)
    if args.record:
        _, problems = record_pending_lines(Project(args.root, args.code, args.now))
        for problem in problems:
            print(problem, file=sys.stderr)
    pushed = job.push(args.now)
    if args.verbose:
        print("pushed" if pushed else "nothing new to push")
    return 0


class Job(NamedTuple):
    """The project whose evidence is pushed, its clone, and GitHub where this is a job of it."""

    root: Path
    config: Config
    git: Git
    main: Git
    github: GitHub | None
    vantage: str

    @classmethod
    def of(cls, args: argparse.Namespace) -> "Job":
        """The project of the command line; only here the token of the environment reaches git."""
        environment = _let_in(dict(os.environ))
        config = read_config(args.root, KINDS, load_kind)
        history = Git(args.root / "history", environment)
        main, vantage = Git(args.root, environment), args.vantage or config.monitor.vantage
        return cls(args.root, config, history, main, GitHub.of(os.environ), vantage)

    @property
    def dead_after_s(self) -> int:
        """A watch that wrote nothing for so long is dead: it pushes what is new, and that may be a while in coming."""
        intervals = [check.interval_s for service in self.config.services for check in service.checks]
        return self.config.monitor.push_every_s + min(intervals, default=0) + ALIVE_SLACK_S

    def push(self, now: Instant, who: str = "") -> bool:
        """Push what is new; whether there was anything. `who` is the vantage whose watch it comes from, if any."""
        if not (self.root / "history" / ".git").exists():
            raise UsageError(
                f"{self.root / 'history'} is no clone",
                tip="make it with: python generate.py push --prepare watch",
            )
        patience = append.Backoff(time.sleep, random.random)
        message = f"{who}: evidence" if who else "Evidence"
        return append.push(self.git, message, now, patience) is not None


def _let_in(environment: dict[str, str]) -> dict[str, str]:
    """Let git reach GitHub with the job's token, where there is one."""
    token = environment.get("GITHUB_TOKEN")
    if not token:
        return environment
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    return add_credentials(environment, server, base64.b64encode(f"x-access-token:{token}".encode()).decode())


def prepare(job: Job, args: argparse.Namespace) -> int:
    """Make the clone. For a watch: say from when to when it is to look, unless another one is alive."""
    if os.environ.get("GITHUB_EVENT_NAME") == "schedule" and args.prepare == "watch":
        _tell(format_cron_start(args.now))
    url = args.remote or _origin(job)
    clone.prepare_clone(job.git, url, _wanted(job.config, args.prepare, args.now), args.now)
    if args.prepare == "watch" and args.minutes:
        _announce(job, args)
    return 0


def _announce(job: Job, args: argparse.Namespace) -> None:
    """Say from when to when the watch is to look, on the branch and to the later steps, unless another one does."""
    begin = max(args.now, args.begin or 0)
    span = Interval(begin, begin + args.minutes * 60)
    before = watches.find_last_write(job.git, job.vantage)
    by_cron = args.begin is None
    not_needed = _not_needed(job, span, args.now, by_cron=by_cron)
    if not_needed:
        print(not_needed)
        _output("watch", "no")
        return
    if by_cron and before is not None:
        broke = f"the chain of watches broke: {job.vantage} wrote last at {format_instant(before)}"
        troubles.note_trouble(job.root, job.config.monitor, args.now, broke)
    for name, value in (
        ("watch", "yes"),
        ("from", format_instant(span.start)),
        ("until", format_instant(span.end)),
    ):
        _output(name, value)


def _not_needed(job: Job, span: Interval, now: Instant, *, by_cron: bool) -> str:
    """Announce the watch; why it is not needed. One that was called looks also where the remote does not take that."""
    try:
        return watches.announce_watch(job.git, job.vantage, span, now, job.dead_after_s if by_cron else None)
    except OutsideError as error:
        if by_cron:
            raise
        print(f"constat: {error}; the watch is not announced", file=sys.stderr)
        return ""


def _origin(job: Job) -> str:
    """Where the project itself comes from.

    Raises:
        UsageError: it comes from nowhere.

    """
    try:
        return job.main.run_text("remote", "get-url", "origin")
    except GitError:
        raise UsageError(
            f"{job.root} has no git remote named origin", tip="say where: --remote URL"
        ) from None


def _wanted(config: Config, purpose: str, now: Instant) -> FetchPlan:
    """Which files of the branch a job needs."""
    longest = max((check.interval_s for service in config.services for check in service.checks), default=0)
    return plan_for_page(now) if purpose == "page" else plan_for_watch(now, longest)


def _output(name: str, value: str) -> None:
    """Hand a value to the later steps of a job; elsewhere print it."""
    file = os.environ.get("GITHUB_OUTPUT")
    if file is None:
        print(f"{name}={value}")
        return
    with Path(file).open("a", encoding="utf-8") as outputs:
        outputs.write(f"{name}={value}\n")


def follow(job: Job, until: Instant | None) -> int:
    """Push beside the watch of this project until it has ended; 1 where something failed on the way."""
    clock = steady_clock(time.time, time.monotonic)
    beat = Timing(clock, time.sleep, lambda line: print(f"constat: {line}", file=sys.stderr, flush=True))
    steward = WatchCompanion(_Deeds(job, until), job.config.monitor.push_every_s, until, beat)
    began = int(time.time())
    try:
        report = steward.follow()
    except OutsideError as error:
        steward.report.troubles.append(f"{format_instant(int(time.time()))} {error}")
        raise
    finally:
        for trouble in steward.report.troubles:
            troubles.note_trouble(job.root, job.config.monitor, int(time.time()), trouble.partition(" ")[2])
        _tell(format_deliveries(_left(job, steward.report, began)))
    print(f"{report.pushes} pushes, {len(report.troubles)} troubles")
    return 1 if report.troubles else 0


def _left(job: Job, report: Report, began: Instant) -> Deliveries:
    """What left the watch since it began."""
    sent, failed = notification_log.count_results(job.root, began)
    return Deliveries(report.pushes, report.last_push, sent, failed, tuple(report.troubles))


def _tell(text: str) -> None:
    """Say it in the summary of a job, where this is one."""
    HostJob.of(os.environ).append_summary(text)


class _Deeds:
    """What a steward does, in the world."""

    def __init__(self, job: Job, until: Instant | None) -> None:
        self._job = job
        self._until = until

    def watching(self) -> bool:
        return is_watched(self._job.root, self._job.vantage)

    def changed(self) -> str | None:
        return signals.read_last_change(self._job.root)

    def push(self) -> bool:
        return self._job.push(int(time.time()), self._job.vantage)

    def publish(self) -> None:
        if self._job.github:
            self._job.github.dispatch("publish", {})

    def follow_main(self) -> None:
        """Only forward: a checkout that has commits of its own stays as it is, and says so."""
        self._job.main.run("fetch", "--quiet", "--no-tags", "origin", "HEAD")
        self._job.main.run("merge", "--quiet", "--ff-only", "FETCH_HEAD")

    def call_next(self, begin: Instant) -> None:
        if self._until is not None and begin < self._until:
            with suppress(OutsideError):  # then the next one leaves, and the cron starts another
                watches.announce_end(self._job.git, self._job.vantage, self._until, int(time.time()))
        if self._job.github:
            self._job.github.dispatch("watch", {"from": format_instant(begin)})
