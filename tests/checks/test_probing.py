"""One attempt of a probe: deadline, latency, agreed times, and errors as outcomes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from checks.probing import Context, Deadline, attempt
from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.model import Outcome


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def context(clock: Callable[[], float], seconds: float = 10) -> Context:
    secrets = Secrets({"CONSTAT_X": "hunter2-pass"}, {})
    return Context(Deadline(seconds, clock), now=0, secrets=secrets)


def test_a_deadline_counts_down_and_then_raises() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    clock.now += 7.5
    assert deadline.left() == 2.5
    assert deadline.elapsed_ms() == 7500
    clock.now += 2.5
    with pytest.raises(TimeoutError):
        deadline.left()


def test_success_is_up_with_its_latency() -> None:
    clock = Clock()

    def work() -> None:
        clock.now += 0.25

    result = attempt(context(clock), work)
    assert (result.outcome, result.latency_ms, result.reason) == (Outcome.UP, 250, "")


def test_work_may_report_its_own_latency() -> None:
    assert attempt(context(Clock()), lambda: 4321).latency_ms == 4321


@pytest.mark.parametrize(("latency_ms", "outcome"), [(800, Outcome.UP), (801, Outcome.DEGRADED)])
def test_exceeding_the_agreed_time_is_degraded(latency_ms: int, outcome: Outcome) -> None:
    result = attempt(context(Clock()), lambda: latency_ms, degraded_above=800)
    assert result.outcome is outcome
    assert result.reason == ("" if outcome is Outcome.UP else "slow 801 ms")


@pytest.mark.parametrize(
    ("vantage", "latency_ms", "outcome"),
    [
        ("zurich", 300, "up"),
        ("zurich", 301, "degraded"),
        ("sydney", 900, "up"),
        ("sydney", 901, "degraded"),
        ("lima", 5000, "up"),
    ],
)
def test_agreed_time_may_differ_by_vantage(vantage: str, latency_ms: int, outcome: str) -> None:
    """Sydney is farther from the servers; for Lima nothing is agreed."""
    world = replace(context(Clock()), vantage=vantage)
    assert (
        attempt(world, lambda: latency_ms, degraded_above={"zurich": 300, "sydney": 900}).outcome == outcome
    )


def test_failure_keeps_the_time_until_it_occurred() -> None:
    clock = Clock()

    def work() -> None:
        clock.now += 2
        raise Trouble("status", "503")

    result = attempt(context(clock), work)
    assert (result.outcome, result.latency_ms, result.reason) == (Outcome.DOWN, 2000, "status 503")


def test_programming_errors_are_not_caught() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt(context(Clock()), work)


def test_steps_quotes_and_reasons_hold_no_secret() -> None:
    made = context(Clock())
    made.note("login", "sent hunter2-pass")
    assert made.steps[0].detail == "sent [secret]"
    assert made.quote("bad hunter2-pass") == "'bad [secret]'"
    assert made.result(Outcome.DOWN, "auth hunter2-pass").reason == "auth [secret]"
