"""The watch companion: what it does when, by a clock that the test turns."""

from dataclasses import dataclass, field

import pytest

from constat.errors import OutsideError
from tasks.watch_companion import Report, Timing, WatchCompanion, steady_clock


@dataclass
class Stage:
    """A watch from `begins` to `ends`, and the second of each action of its companion."""

    begins: int = 0
    ends: int = 3300
    changes: tuple[int, ...] = ()
    fails: dict[str, int] = field(default_factory=dict)
    now: float = 0
    done: list[tuple[str, int]] = field(default_factory=list)
    pushes_nothing: bool = False
    draft_delays_s: tuple[int, ...] = ()
    unsettled: bool = False

    def _do(self, action: str) -> None:
        if self.fails.get(action, 0):
            self.fails[action] -= 1
            raise OutsideError(f"{action} failed")
        self.done.append((action, int(self.now)))

    def is_watching(self) -> bool:
        return self.begins <= self.now < self.ends

    def read_last_change(self) -> str | None:
        return max((f"{change:09}" for change in self.changes if change <= self.now), default=None)

    def push(self) -> bool:
        self._do("push")
        return not self.pushes_nothing

    def publish(self) -> None:
        self._do("publish")

    def is_unsettled(self) -> bool:
        return self.unsettled

    def draft(self) -> None:
        self._do("draft")

    def follow_main(self) -> None:
        self._do("main")

    def call_next(self, begin: int) -> None:
        self._do(f"call {begin}")

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def times(self, action: str) -> list[int]:
        return [at for name, at in self.done if name == action]


def follow(stage: Stage, until: int | None = None) -> Report:
    return WatchCompanion(stage, 900, until, Timing(lambda: stage.now, stage.pause, lambda _: None)).follow()


def test_evidence_is_pushed_every_quarter_of_an_hour_and_at_the_end() -> None:
    stage = Stage()
    follow(stage)
    assert stage.times("push") == [900, 1800, 2700, 3300]


def test_a_change_is_pushed_at_once_and_the_page_is_published_after_it() -> None:
    stage = Stage(ends=300, changes=(100,))
    follow(stage)
    assert [done for done in stage.done if done[0] != "main"][:2] == [("push", 100), ("publish", 100)]


def test_nothing_is_published_without_a_push() -> None:
    stage = Stage(ends=1000, pushes_nothing=True)
    follow(stage)
    assert stage.times("publish") == []


def test_a_push_that_fails_is_tried_again_and_the_page_published_only_then() -> None:
    stage = Stage(ends=300, changes=(100,), fails={"push": 2})
    report = follow(stage)
    assert stage.times("push")[0] == 140
    assert stage.times("publish")[0] == 140
    assert report.troubles == ["1970-01-01T00:01:40Z push failed", "1970-01-01T00:02:00Z push failed"]


def test_a_page_that_could_not_be_published_is_published_later() -> None:
    stage = Stage(ends=300, changes=(100,), fails={"publish": 1})
    follow(stage)
    assert stage.times("publish")[0] == 120


def test_the_next_watch_is_called_once_three_minutes_before_it_takes_over() -> None:
    stage = Stage()
    report = follow(stage, until=3300)
    assert stage.times("call 3300") == [3120]
    assert report.called


def test_a_call_that_fails_is_repeated() -> None:
    stage = Stage(fails={"call 3300": 3})
    follow(stage, until=3300)
    assert stage.times("call 3300") == [3180]


def test_a_watch_that_ends_early_calls_the_next_to_begin_at_once() -> None:
    stage = Stage(ends=1000)
    follow(stage, until=3300)
    assert stage.times("call 1000") == [1000]


def test_main_is_fetched_every_minute() -> None:
    stage = Stage(ends=200)
    follow(stage)
    assert stage.times("main") == [60, 120, 180]


def test_a_watch_that_never_begins_is_an_error() -> None:
    with pytest.raises(OutsideError, match="no watch began"):
        follow(Stage(begins=1000))


def test_a_last_push_that_fails_is_an_error() -> None:
    """The job is red, and the rows wait on the disk."""
    with pytest.raises(OutsideError, match="push failed"):
        follow(Stage(ends=10, fails={"push": 1}))


def test_wall_clock_set_back_delays_no_push() -> None:
    """The wall clock is read once; from then on the companion goes by the monotonic clock."""
    stage, wall = Stage(ends=1000), [50_000.0]
    clock = steady_clock(lambda: wall[0], lambda: stage.now)
    wall[0] -= 3600
    WatchCompanion(stage, 900, None, Timing(clock, stage.pause, lambda _: None)).follow()
    assert clock() == 51_000
    assert stage.times("push") == [900, 1000]


def test_drafts_are_updated_once_a_change_may_have_lasted() -> None:
    """Five minutes after a change a notice may be due, after a quarter of an hour a draft may be withdrawn."""
    stage = Stage(ends=2000, changes=(100, 700), draft_delays_s=(300, 900))
    follow(stage)
    assert stage.times("draft") == [400, 1000, 1600]
    assert set(stage.times("draft")) <= set(stage.times("push"))


def test_drafts_are_updated_at_start_only_during_an_outage() -> None:
    stage = Stage(ends=1000, draft_delays_s=(300, 900), unsettled=True)
    follow(stage)
    assert stage.times("draft") == [300, 900]
    calm = Stage(ends=1000, draft_delays_s=(300, 900))
    follow(calm)
    assert calm.times("draft") == []


def test_a_draft_that_could_not_be_started_is_started_later() -> None:
    stage = Stage(ends=1000, changes=(100,), draft_delays_s=(300,), fails={"draft": 1})
    follow(stage)
    assert stage.times("draft") == [420]
