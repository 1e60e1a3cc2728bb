"""The threads, clock, timers and signals that the runner works with."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from checks.world import Loop, ThreadedWorld, interruptible
from tests.support.fake_world import FakeWorld


def test_work_runs_in_a_thread_and_its_event_is_delivered() -> None:
    world, seen = ThreadedWorld(time.time), []

    def work() -> Callable[[], None]:
        worker = threading.current_thread()
        return lambda: seen.append((worker, threading.current_thread()))

    world.start(work)
    event = world.wait(10)
    assert event is not None
    event()
    ((worker, here),) = seen
    assert worker is not here
    assert worker.daemon, "one that never ends must not keep us from ending"


def test_waiting_without_work_ends_in_time() -> None:
    assert ThreadedWorld(time.time).wait(0.01) is None
    assert ThreadedWorld(time.time).wait(-5) is None


def test_wall_clock_is_the_given_one() -> None:
    assert ThreadedWorld(lambda: 7.5).now() == 7.5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_interrupts_between_turns_and_handlers_are_restored(number: signal.Signals) -> None:
    world = ThreadedWorld(time.time)
    loop = Loop(world)
    before = signal.getsignal(number)
    with interruptible(world):
        os.kill(os.getpid(), number)
        with pytest.raises(KeyboardInterrupt):
            loop.turn(10)
    assert signal.getsignal(number) is before


def test_second_ctrl_c_interrupts_at_once() -> None:
    world = ThreadedWorld(time.time)
    with interruptible(world):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_timers_fire_in_order_of_time_then_of_creation() -> None:
    world = FakeWorld()
    done: list[tuple[str, float]] = []
    loop = Loop(world)

    def note(name: str) -> None:
        done.append((name, world.monotonic()))

    for seconds, name in ((3, "c"), (1, "a"), (1, "b"), (9, "d")):
        loop.after(seconds, partial(note, name))
    for _ in range(3):
        loop.turn(5)
    assert done == [("a", 1), ("b", 1), ("c", 3)]
    loop.turn(5)
    assert done[-1] == ("d", 9)
