"""The runner with a fake clock: slots, confirmation, canaries, and failures of our own machine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from math import inf

import pytest

from checks.confirming import ProbeTarget
from checks.probing import Context, ProbeResult
from checks.runner import Policy, Runner
from constat.errors import OutsideError
from constat.model import CheckConfig, Confirm, Outcome, Sample
from tests.support.fake_world import START, FakeWorld

UP = ProbeResult(Outcome.UP, 20)
SLOW = ProbeResult(Outcome.DEGRADED, 900, "slow 900 ms")
DOWN = ProbeResult(Outcome.DOWN, 30, "refused")
OURS = ProbeResult(Outcome.UNKNOWN, 1, "resolver")

SIX_SECONDS: list["Act"] = [(6, UP)]

Act = ProbeResult | BaseException | tuple[float, ProbeResult] | Callable[[], ProbeResult]


def target(name: str = "home", *, interval: int = 60, attempts: int = 3, delay: int = 5) -> ProbeTarget:
    confirm = Confirm(attempts, delay)
    check = CheckConfig(
        name, "tcp", interval, Decimal(10), confirm, "availability", 1, ("here",), options=None, subject=""
    )
    return ProbeTarget("website", check)


class Scene:
    """A world, the acts that each check's probe plays in turn (the last for ever), and what was recorded."""

    def __init__(
        self, *, workers: int = 64, canaries: Sequence[bool] | None = None, **acts: list[Act]
    ) -> None:
        self.world = FakeWorld()
        self.acts = {name: list(each) for name, each in acts.items()}
        self.samples: list[Sample] = []
        self.times: list[float] = []
        self.log: list[str] = []
        self.knocks = 0
        self.begun: list[tuple[str, float]] = []
        self._canaries = list(canaries or ())
        addresses = ("tcp://192.0.2.1:443",) if canaries is not None else ()
        self.policy = Policy(
            "here", workers, addresses, log=self.log.append, probe=self._probe, knock=self._knock
        )
        self.runner = Runner(self.policy, self.world, self.record)

    def record(self, samples: Sequence[Sample]) -> None:
        self.samples += samples
        self.times += [self.world.now() - START] * len(samples)

    def _probe(self, watched: ProbeTarget, _context: Context) -> ProbeResult:
        name = watched.check.name
        self.begun.append((name, self.world.now() - START))
        acts = self.acts[name]
        act = acts.pop(0) if len(acts) > 1 else acts[0]
        if isinstance(act, tuple) and not isinstance(act, ProbeResult):
            self.world.spend(act[0])
            act = act[1]
        if isinstance(act, BaseException):
            raise act
        return act if isinstance(act, ProbeResult) else act()

    def _knock(self, host: str, port: int) -> bool:
        assert (host, port) == ("192.0.2.1", 443)
        self.knocks += 1
        return self._canaries.pop(0) if len(self._canaries) > 1 else self._canaries[0]

    @property
    def told(self) -> list[tuple[str, str, int, str]]:
        """Check, outcome, attempts and reason of every sample, in the order in which they were recorded."""
        return [(each.check, each.outcome.value, each.attempts, each.reason) for each in self.samples]


class TestConfirmation:
    def test_a_success_is_one_attempt_and_recorded_at_once(self) -> None:
        scene = Scene(home=[(0.02, UP)])
        scene.runner.once([target()])
        assert scene.samples == [Sample(START, "website", "home", Outcome.UP, 20, 1, 60, "here", "")]

    def test_a_failure_is_tried_again_after_the_delay_and_the_deciding_attempt_counts(self) -> None:
        scene = Scene(home=[(2, DOWN), DOWN, ProbeResult(Outcome.DOWN, 77, "reset")])
        scene.runner.once([target()])
        assert scene.told == [("home", "down", 3, "reset")]
        assert (scene.samples[0].at, scene.samples[0].latency_ms) == (START, 77)
        assert [at for _, at in scene.begun] == [0, 7, 12], "the pauses stand between the attempts"

    def test_a_failure_that_is_not_confirmed_is_up_with_its_attempts(self) -> None:
        scene = Scene(home=[DOWN, DOWN, UP])
        scene.runner.once([target()])
        assert scene.told == [("home", "up", 3, "")]

    def test_degraded_is_an_answer_and_is_not_tried_again(self) -> None:
        scene = Scene(home=[SLOW, UP])
        scene.runner.once([target()])
        assert scene.told == [("home", "degraded", 1, "slow 900 ms")]

    def test_failure_of_our_own_is_retried_and_stays_unknown(self) -> None:
        scene = Scene(home=[OURS], mail=[OURS, UP])
        scene.runner.once([target(), target("mail")])
        assert scene.told == [("mail", "up", 2, ""), ("home", "unknown", 3, "resolver")]

    def test_unconfirmed_check_is_decided_by_one_attempt(self) -> None:
        scene = Scene(home=[DOWN])
        scene.runner.once([target(attempts=1)])
        assert scene.told == [("home", "down", 1, "refused")]
        assert scene.times == [0]

    def test_row_is_recorded_when_its_check_ends_not_its_round(self) -> None:
        scene = Scene(home=[(8, UP)], mail=[(1, UP)])
        scene.runner.once([target(), target("mail")])
        assert scene.told == [("mail", "up", 1, ""), ("home", "up", 1, "")]
        assert scene.times == [1, 8]


class TestCanaries:
    def test_canaries_are_not_asked_without_a_failure(self) -> None:
        scene = Scene(canaries=[True], home=[UP])
        scene.runner.once([target()])
        assert scene.knocks == 0

    def test_failure_stands_if_canaries_answer_before_and_after(self) -> None:
        scene = Scene(canaries=[True], home=[DOWN])
        scene.runner.once([target()])
        assert scene.told == [("home", "down", 3, "refused")]
        assert scene.knocks == 2

    @pytest.mark.parametrize("canaries", [[False, True], [True, False], [False, False]])
    def test_failing_canaries_make_failures_unknown_and_keep_successes(self, canaries: list[bool]) -> None:
        scene = Scene(canaries=canaries, home=[DOWN], mail=[DOWN], api=[UP], slow=[SLOW])
        scene.runner.once([target(), target("mail"), target("api"), target("slow")])
        assert sorted(scene.told) == [
            ("api", "up", 1, ""),
            ("home", "unknown", 3, "offline refused"),
            ("mail", "unknown", 3, "offline refused"),
            ("slow", "degraded", 1, "slow 900 ms"),
        ]

    def test_failing_canaries_are_reported_once_a_round(self) -> None:
        scene = Scene(canaries=[False], home=[DOWN], mail=[DOWN])
        scene.runner.watch(lambda: [target(), target("mail")], START, START + 120)
        assert scene.log == ["no canary answers: the failures of this round are ours"] * 2
        assert scene.runner.offline_rounds == 2

    def test_a_failure_that_was_confirmed_first_waits_for_those_that_are_being_confirmed(self) -> None:
        """The line dies while the second check is confirmed: the first one's failure was ours too."""
        scene = Scene(canaries=[True, True, True, False], home=[DOWN], mail=[(0.5, DOWN), (9, DOWN)])
        scene.runner.once([target(delay=1), target("mail", delay=1)])
        assert {told[1] for told in scene.told} == {"unknown"}

    def test_success_at_the_second_attempt_stays_despite_failing_canaries(self) -> None:
        scene = Scene(canaries=[False], home=[DOWN, UP])
        scene.runner.once([target()])
        assert scene.told == [("home", "up", 2, "")]

    def test_next_round_asks_canaries_again(self) -> None:
        scene = Scene(canaries=[False, False, True], home=[DOWN])
        scene.runner.watch(lambda: [target()], START, START + 120)
        assert [told[1] for told in scene.told] == ["unknown", "down"]

    def test_one_canary_that_answers_is_enough(self) -> None:
        scene = Scene(canaries=[True], home=[DOWN])
        answers = {"192.0.2.1": False, "192.0.2.2": True}
        policy = Policy(
            "here",
            canaries=("tcp://192.0.2.1:443", "tcp://192.0.2.2:443"),
            probe=scene.policy.probe,
            knock=lambda host, _port: answers[host],
        )
        Runner(policy, scene.world, scene.record).once([target()])
        assert scene.told == [("home", "down", 3, "refused")]

    def test_a_canary_that_crashes_is_a_canary_that_does_not_answer(self) -> None:
        scene = Scene(home=[DOWN])

        def crash(_host: str, _port: int) -> bool:
            raise ZeroDivisionError

        policy = Policy("here", canaries=("tcp://192.0.2.1:443",), probe=scene.policy.probe, knock=crash)
        Runner(policy, scene.world, scene.record).once([target()])
        assert scene.told == [("home", "unknown", 3, "offline refused")]


class TestSlots:
    def test_attempts_begin_on_multiples_of_each_check_s_own_interval(self) -> None:
        scene = Scene(home=[UP], mail=[UP])
        watched = [target(interval=300), target("mail", interval=60)]
        scene.world.jump(13)
        scene.runner.watch(lambda: watched, START + 13, START + 13 + 600)
        at = [(each.check, each.at - START) for each in scene.samples]
        assert [when for name, when in at if name == "mail"] == list(range(60, 601, 60))
        assert [when for name, when in at if name == "home"] == [300, 600]

    def test_a_slot_that_began_less_than_ten_seconds_ago_is_still_begun(self) -> None:
        scene = Scene(home=[UP])
        scene.world.jump(9)
        scene.runner.watch(lambda: [target()], START + 9, START + 50)
        assert [each.at for each in scene.samples] == [START + 9]

    def test_a_slot_that_began_ten_seconds_ago_is_missed(self) -> None:
        scene = Scene(home=[UP])
        scene.world.jump(10)
        scene.runner.watch(lambda: [target()], START + 10, START + 50)
        assert scene.samples == []

    def test_workers_bound_concurrency_and_late_first_attempts_are_missed(self) -> None:
        names = [f"check-{number}" for number in range(6)]
        scene = Scene(workers=2, canaries=None, **dict.fromkeys(names, SIX_SECONDS))
        scene.runner.watch(lambda: [target(name) for name in names], START, START + 60)
        assert scene.world.most_running == 2
        assert [each.at - START for each in scene.samples] == [0, 0, 6, 6], "the third pair would begin at 12"

    def test_slowest_checks_begin_first(self) -> None:
        scene = Scene(workers=1, home=[UP], mail=[UP], api=[UP])
        patient = ProbeTarget("website", replace(target("mail").check, timeout_s=Decimal(30)))
        scene.runner.once([target(), patient, target("api")])
        assert [told[0] for told in scene.told] == ["mail", "home", "api"]

    def test_single_round_runs_every_check(self) -> None:
        names = [f"check-{number}" for number in range(6)]
        scene = Scene(workers=2, canaries=None, **dict.fromkeys(names, SIX_SECONDS))
        scene.runner.once([target(name) for name in names])
        assert len(scene.samples) == 6

    def test_a_confirmation_that_outlasts_the_slot_misses_the_next_and_not_the_one_after(self) -> None:
        scene = Scene(home=[(70, UP), UP])
        patient = ProbeTarget("website", replace(target().check, timeout_s=Decimal(90)))
        scene.runner.watch(lambda: [patient], START, START + 180)
        assert [each.at - START for each in scene.samples] == [0, 120]

    def test_watch_waits_for_its_start_and_begins_nothing_after_its_end(self) -> None:
        scene = Scene(home=[(30, UP)])
        scene.runner.watch(lambda: [target()], START + 120, START + 240)
        assert [each.at - START for each in scene.samples] == [120, 180]
        assert scene.world.now() - START == 240, "the last look was waited for"

    def test_new_targets_hold_from_their_next_slot(self) -> None:
        scene = Scene(home=[UP], mail=[UP])
        watched = [target()]
        scene.world.schedule(START + 90, lambda: watched.__setitem__(0, target("mail")))
        scene.runner.watch(lambda: watched, START, START + 180)
        assert [(each.check, each.at - START) for each in scene.samples] == [
            ("home", 0),
            ("home", 60),
            ("mail", 120),
        ]

    def test_a_clock_that_jumps_back_an_hour_costs_at_most_one_slot(self) -> None:
        scene = Scene(home=[UP])
        scene.world.schedule(START + 90, lambda: scene.world.jump(-3600))
        scene.runner.watch(lambda: [target()], START, START + 300)
        assert [each.at - START for each in scene.samples] == [0, 60, -3480, -3420, -3360]

    def test_a_clock_that_jumps_forward_an_hour_does_not_end_the_watch(self) -> None:
        scene = Scene(home=[UP])
        scene.world.schedule(START + 90, lambda: scene.world.jump(3600))
        scene.runner.watch(lambda: [target()], START, START + 300)
        assert [each.at - START for each in scene.samples] == [0, 60, 3720, 3780, 3840]


class TestTrouble:
    def test_a_probe_that_crashes_is_unknown_at_once_with_a_line_in_the_log(self) -> None:
        scene = Scene(home=[ZeroDivisionError("our\nmistake")], mail=[UP])
        scene.runner.once([target(), target("mail")])
        assert scene.told == [("home", "unknown", 1, "crash ZeroDivisionError"), ("mail", "up", 1, "")]
        assert len(scene.log) == 1
        assert scene.log[0].startswith(
            "website/home crashed: ZeroDivisionError: our mistake at test_runner.py:"
        )

    def test_probe_that_exits_affects_only_itself(self) -> None:
        scene = Scene(home=[SystemExit(3)], mail=[UP])
        scene.runner.once([target(), target("mail")])
        assert scene.told[0] == ("home", "unknown", 1, "crash SystemExit")
        assert scene.told[1] == ("mail", "up", 1, "")

    def test_hanging_probe_is_abandoned_a_second_after_its_deadline(self) -> None:
        scene = Scene(home=[(inf, UP)], mail=[(3, UP)])
        scene.runner.once([target(attempts=1), target("mail")])
        assert scene.told == [("mail", "up", 1, ""), ("home", "down", 1, "timeout after 10 s")]
        assert scene.times == [3, 11]
        assert scene.log == ["website/home did not end in 10 s and was abandoned"]

    def test_worker_of_a_hanging_probe_is_free_again(self) -> None:
        scene = Scene(workers=1, home=[(inf, UP)], mail=[UP])
        scene.runner.once([target(attempts=1), target("mail")])
        assert [told[0] for told in scene.told] == ["home", "mail"]

    def test_an_attempt_that_ends_after_it_was_abandoned_changes_nothing(self) -> None:
        scene = Scene(home=[(12, UP), (12, UP), DOWN])
        scene.runner.once([target(attempts=3, delay=1)])
        assert scene.told == [("home", "down", 3, "refused")]

    def test_interrupt_ends_the_run_with_all_samples_written(self) -> None:
        def interrupt() -> None:
            raise KeyboardInterrupt

        scene = Scene(canaries=[True], home=[(1, UP)], mail=[(0.2, DOWN)], api=[(0.1, DOWN)], slow=[(30, UP)])
        watched = [target(), target("mail", attempts=1), target("api", delay=20), target("slow")]
        scene.world.schedule(START + 5, interrupt)
        with pytest.raises(KeyboardInterrupt):
            scene.runner.once(watched)
        assert scene.told == [("home", "up", 1, ""), ("mail", "down", 1, "refused")], (
            "a confirmed failure is written, one in confirmation is not"
        )

    def test_a_disk_that_refuses_for_a_while_loses_nothing(self) -> None:
        scene = Scene(home=[UP])
        full = [True]
        kept = scene.record

        def record(samples: Sequence[Sample]) -> None:
            if full[0]:
                raise OutsideError("history could not be appended to: No space left on device")
            kept(samples)

        runner = Runner(scene.policy, scene.world, record)
        scene.world.schedule(START + 130, lambda: full.__setitem__(0, False))
        runner.watch(lambda: [target()], START, START + 180)
        assert [each.at - START for each in scene.samples] == [0, 60, 120]
        assert scene.log == ["history could not be appended to: No space left on device; 1 samples wait"]

    def test_a_disk_that_refuses_to_the_end_is_an_error(self) -> None:
        def record(_samples: Sequence[Sample]) -> None:
            raise OutsideError("history could not be appended to: No space left on device")

        scene = Scene(home=[UP])
        with pytest.raises(OutsideError, match="No space left"):
            Runner(scene.policy, scene.world, record).once([target()])

    def test_running_out_of_threads_is_unknown_and_retried(self) -> None:
        scene = Scene(home=[UP], mail=[UP])
        start, failures = scene.world.start, iter([True, False, False, True, True])

        def starved(work: Callable[[], Callable[[], None]]) -> None:
            if next(failures, False):
                raise RuntimeError("can't start new thread")
            start(work)

        scene.world.start = starved  # type: ignore[method-assign]
        scene.runner.once([target()])
        assert scene.told == [("home", "up", 2, "")]
        scene.runner.once([target(), target("mail", attempts=2)])
        assert scene.told[1:] == [("home", "up", 1, ""), ("mail", "unknown", 2, "resources")]

    def test_nothing_runs_if_nothing_is_due(self) -> None:
        scene = Scene()
        scene.runner.once([])
        assert (scene.samples, scene.begun) == ([], [])
