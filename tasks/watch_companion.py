"""What goes on beside a watch: its evidence leaves, the page is told, `main` is followed, the next watch is called.

The watch itself knows nothing of it and has no token. Nothing here ends a watch: what fails is said, and tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from constat.errors import OutsideError
from constat.interval import Instant, format_instant

TICK_S = 1.0
MAIN_EVERY_S = 60
CALL_BEFORE_S = 180
"""The next watch is called so long before it takes over: it sets up meanwhile."""
TRY_AGAIN_S = 20
START_WITHIN_S = 120
"""A watch that has not begun after so long will not."""


class Actions(Protocol):
    """What a steward does, each by one call; all but `watching` and `changed` may raise `OutsideError`."""

    def watching(self) -> bool:
        """Whether the watch is alive."""

    def changed(self) -> str | None:
        """The watch's last word about a change of state; another one is another change."""

    def push(self) -> bool:
        """Let the evidence leave; whether there was any."""

    def publish(self) -> None:
        """Have the page built, and tell subscribers."""

    def follow_main(self) -> None:
        """Bring the project's files up to date."""

    def call_next(self, begin: Instant) -> None:
        """Start the watch that takes over."""


@dataclass(slots=True)
class Report:
    """What a steward did, for people."""

    pushes: int = 0
    last_push: Instant | None = None
    called: bool = False
    troubles: list[str] = field(default_factory=list)


class Timing(NamedTuple):
    """The clock that a steward lives by, how it waits, and whom it tells what fails."""

    clock: Callable[[], float]
    pause: Callable[[float], None]
    say: Callable[[str], None]


def steady_clock(wall: Callable[[], float], monotonic: Callable[[], float]) -> Callable[[], float]:
    """The clock on the wall as it is now, which from here on goes without jumps."""
    offset = wall() - monotonic()
    return lambda: monotonic() + offset


class WatchCompanion:
    """Follows one watch to its end. `until` is when the next one takes over, `None` where none does."""

    def __init__(self, deeds: Actions, push_every_s: int, until: Instant | None, beat: Timing) -> None:
        self.report = Report()
        self._deeds = deeds
        self._push_every_s = push_every_s
        self._until = until
        self._clock, self._pause, self._say = beat.clock, beat.pause, beat.say
        self._pushed_at = self._main_at = beat.clock()
        self._told: str | None = None
        self._untold = False
        self._not_before: dict[str, float] = {}

    def follow(self) -> Report:
        """Stay until the watch has ended and its last evidence has left.

        Raises:
            OutsideError: no watch began, or the last push failed; the evidence is still on the disk.

        """
        self._await_begin()
        while self._deeds.watching():
            self._turn()
            self._pause(TICK_S)
        if self._until is not None and not self.report.called:
            begin = min(self._until, int(self._clock()))
            self._attempt("call", lambda: self._call_next(begin))
        self._push()
        if self._untold:
            self._attempt("publish", self._publish)
        return self.report

    def _await_begin(self) -> None:
        deadline = self._clock() + START_WITHIN_S
        while not self._deeds.watching():
            if self._clock() > deadline:
                raise OutsideError(f"no watch began within {START_WITHIN_S} s", tip="see what it said")
            self._pause(TICK_S)

    def _turn(self) -> None:
        now = self._clock()
        self._call_next_if_due(now)
        if now - self._main_at >= MAIN_EVERY_S:
            self._main_at = now
            self._attempt("main", self._deeds.follow_main)
        if self._deeds.changed() != self._told or now - self._pushed_at >= self._push_every_s:
            self._attempt("push", self._push)
        if self._untold:
            self._attempt("publish", self._publish)

    def _attempt(self, name: str, deed: Callable[[], None]) -> None:
        """Do it; what fails is tried again a little later."""
        if self._clock() < self._not_before.get(name, 0):
            return
        try:
            deed()
        except OutsideError as error:
            self._not_before[name] = self._clock() + TRY_AGAIN_S
            self.report.troubles.append(f"{format_instant(int(self._clock()))} {error}")
            self._say(str(error))

    def _push(self) -> None:
        told, at = self._deeds.changed(), self._clock()
        if self._deeds.push():
            self.report.pushes += 1
            self.report.last_push = int(self._clock())
            self._untold = True
        self._told, self._pushed_at = told, at

    def _publish(self) -> None:
        """Only what was pushed is told."""
        self._deeds.publish()
        self._untold = False

    def _call_next_if_due(self, now: float) -> None:
        until = self._until
        if until is not None and not self.report.called and now >= until - CALL_BEFORE_S:
            self._attempt("call", lambda: self._call_next(until))

    def _call_next(self, until: Instant) -> None:
        self._deeds.call_next(until)
        self.report.called = True
