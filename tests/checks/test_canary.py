"""Canaries: the hosts that tell whether this machine is online."""

from checks.canary import Canaries, knock
from tests.support.fake_world import FakeWorld
from tests.support.tcp_speakers import hang, hold_closed_port, serve_script


def test_accepting_canary_counts_as_answering() -> None:
    with serve_script(hang) as port:
        assert knock("127.0.0.1", port)


def test_refusing_or_unresolvable_canary_does_not_answer() -> None:
    with hold_closed_port() as port:
        assert not knock("127.0.0.1", port)
    assert not knock("nowhere.invalid", 443)


def test_concurrent_questions_share_the_next_look() -> None:
    """An answer that began before a question says nothing about what came after it."""
    world, looks, told = FakeWorld(), [], []

    def slow_knock(_host: str, _port: int) -> bool:
        looks.append(world.monotonic())
        world.spend(2)
        return True

    canaries = Canaries(["tcp://192.0.2.1:443"], world, slow_knock)
    canaries.ask(lambda online: told.append(("first", online, world.monotonic())))
    world.schedule(
        world.now() + 1,
        lambda: canaries.ask(lambda online: told.append(("second", online, world.monotonic()))),
    )
    world.schedule(
        world.now() + 1,
        lambda: canaries.ask(lambda online: told.append(("third", online, world.monotonic()))),
    )
    while event := world.wait(10):
        event()
    assert told == [("first", True, 2), ("second", True, 4), ("third", True, 4)]
    assert looks == [0, 2]


def test_first_answer_or_last_failure_decides() -> None:
    world, told = FakeWorld(), []
    takes = {"192.0.2.1": (3.0, False), "192.0.2.2": (1.0, True)}

    def paced(host: str, _port: int) -> bool:
        world.spend(takes[host][0])
        return takes[host][1]

    canaries = Canaries(["tcp://192.0.2.1:443", "tcp://192.0.2.2:443"], world, paced)
    canaries.ask(lambda online: told.append((online, world.monotonic())))
    while event := world.wait(10):
        event()
    takes["192.0.2.2"] = (1.0, False)
    canaries.ask(lambda online: told.append((online, world.monotonic())))
    while event := world.wait(10):
        event()
    assert told[0] == (True, 1)
    assert told[1][0] is False
    assert told[1][1] - told[0][1] >= 3


def test_without_canaries_we_are_online() -> None:
    told: list[bool] = []
    Canaries([], FakeWorld()).ask(told.append)
    assert told == [True]
