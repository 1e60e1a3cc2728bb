"""The watch companion, which runs beside a watch: it pushes evidence, publishes, follows `main` and starts the next watch.

The watch itself knows nothing of it, and has no token. No failure here ends a watch: an action that fails is reported
and tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from constat.errors import OutsideError
from constat.interval import Instant, format_instant

TICK_S = 1.0
MAIN_EVERY_S = 60
CALL_BEFORE_S = 180
"""How long before its takeover the next watch is started, so that it has time to set up."""
TRY_AGAIN_S = 20
START_WITHIN_S = 120
"""How long to wait for the watch to begin before giving up."""


class Actions(Protocol):
    """The actions of a watch companion; all but `is_watching` and `read_last_change` may raise `OutsideError`.

    `draft_delays_s`: how many seconds after a change a notice may have to be drafted, or a draft to be withdrawn.
    """

    draft_delays_s: tuple[int, ...]

    def is_watching(self) -> bool:
        """Return whether the watch is alive."""

    def read_last_change(self) -> str | None:
        """Return the watch's last signal of a state change; a different signal means another change."""

    def push(self) -> bool:
        """Push new evidence; return whether there was any."""

    def publish(self) -> None:
        """Start the job that builds the page and notifies subscribers."""

    def is_unsettled(self) -> bool:
        """Return whether something has been down so lately that a draft may be due."""

    def draft(self) -> None:
        """Start the job that drafts notices."""

    def follow_main(self) -> None:
        """Bring the project's files up to date."""

    def call_next(self, begin: Instant) -> None:
        """Start the watch that takes over at `begin`."""


@dataclass(slots=True)
class Report:
    """The results of a watch companion, for the summary of its job."""

    pushes: int = 0
    last_push: Instant | None = None
    called: bool = False
    troubles: list[str] = field(default_factory=list)


class Timing(NamedTuple):
    """The clock of a watch companion, its way of waiting, and the receiver of its failures."""

    clock: Callable[[], float]
    pause: Callable[[float], None]
    report_trouble: Callable[[str], None]


def steady_clock(wall: Callable[[], float], monotonic: Callable[[], float]) -> Callable[[], float]:
    """Return a clock that starts at the wall clock's time, and is not affected by later adjustments of it."""
    offset = wall() - monotonic()
    return lambda: monotonic() + offset


class WatchCompanion:
    """Follows one watch to its end. `until` is when the next one takes over, `None` if none does."""

    def __init__(self, actions: Actions, push_every_s: int, until: Instant | None, timing: Timing) -> None:
        self.report = Report()
        self._actions = actions
        self._push_every_s = push_every_s
        self._until = until
        self._clock, self._pause, self._report_trouble = timing
        self._pushed_at = self._followed_at = self._clock()
        self._pushed_change: str | None = None
        self._is_unpublished = False
        self._not_before: dict[str, float] = {}
        self._draft_at: list[float] = []

    def follow(self) -> Report:
        """Follow the watch until it has ended and its last evidence is pushed.

        Raises:
            OutsideError: no watch began, or the last push failed; the evidence is still on the disk.

        """
        self._await_begin()
        if self._actions.draft_delays_s and self._actions.is_unsettled():
            self._expect_drafts(self._clock())
        while self._actions.is_watching():
            self._act()
            self._pause(TICK_S)
        if self._until is not None and not self.report.called:
            begin = min(self._until, int(self._clock()))
            self._attempt("call", lambda: self._call_next(begin))
        self._push()
        if self._is_unpublished:
            self._attempt("publish", self._publish)
        return self.report

    def _await_begin(self) -> None:
        deadline = self._clock() + START_WITHIN_S
        while not self._actions.is_watching():
            if self._clock() > deadline:
                raise OutsideError(f"no watch began within {START_WITHIN_S} s", tip="see the log of its step")
            self._pause(TICK_S)

    def _act(self) -> None:
        """Take every action that is due."""
        now = self._clock()
        self._call_next_if_due(now)
        if now - self._followed_at >= MAIN_EVERY_S:
            self._followed_at = now
            self._attempt("main", self._actions.follow_main)
        is_changed = self._actions.read_last_change() != self._pushed_change
        if is_changed or now - self._pushed_at >= self._push_every_s:
            self._attempt("push", self._push)
        if self._is_unpublished:
            self._attempt("publish", self._publish)
        if self._draft_at and now >= self._draft_at[0]:
            self._attempt("draft", self._draft)

    def _expect_drafts(self, changed: float) -> None:
        """Note when drafts may be due after a change."""
        self._draft_at = sorted(
            {*self._draft_at, *(changed + delay for delay in self._actions.draft_delays_s)}
        )

    def _draft(self) -> None:
        """Push what was seen, and start the drafting job."""
        now = self._clock()
        self._push()
        self._actions.draft()
        self._draft_at = [at for at in self._draft_at if at > now]

    def _attempt(self, name: str, action: Callable[[], None]) -> None:
        """Take an action; one that failed is tried again after `TRY_AGAIN_S`."""
        if self._clock() < self._not_before.get(name, 0):
            return
        try:
            action()
        except OutsideError as error:
            self._not_before[name] = self._clock() + TRY_AGAIN_S
            self.report.troubles.append(f"{format_instant(int(self._clock()))} {error}")
            self._report_trouble(str(error))

    def _push(self) -> None:
        change, at = self._actions.read_last_change(), self._clock()
        if change != self._pushed_change:
            self._expect_drafts(at)
        if self._actions.push():
            self.report.pushes += 1
            self.report.last_push = int(self._clock())
            self._is_unpublished = True
        self._pushed_change, self._pushed_at = change, at

    def _publish(self) -> None:
        """Publish what was pushed."""
        self._actions.publish()
        self._is_unpublished = False

    def _call_next_if_due(self, now: float) -> None:
        until = self._until
        if until is not None and not self.report.called and now >= until - CALL_BEFORE_S:
            self._attempt("call", lambda: self._call_next(until))

    def _call_next(self, until: Instant) -> None:
        self._actions.call_next(until)
        self.report.called = True
