"""Looking up host names, and whether a failure is the fault of the target or of this machine."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from checks.network.resolver import Names, resolve
from checks.probing import Deadline
from checks.reasons import Trouble, translate_error


def fail_with(code: int) -> Callable[..., Sequence[tuple[Any, ...]]]:
    def lookup(*_question: object) -> Sequence[tuple[Any, ...]]:
        raise socket.gaierror(code, "as the system says it")

    return lookup


def resolve_and_describe(names: Names, seconds: float = 2) -> str:
    with pytest.raises((Trouble, OSError)) as caught:
        resolve("www.maxony.example", 80, Deadline(seconds), names=names)
    trouble = translate_error(caught.value, seconds)
    assert trouble is not None
    return f"{trouble.outcome.value}: {trouble.reason}"


def test_addresses_are_unique_and_in_system_order() -> None:
    six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 80, 0, 0))
    four = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    names = Names(lambda *_: [six, four, four], lambda _: True)
    assert resolve("localhost", 80, Deadline(2), names=names) == ((six[0], six[4]), (four[0], four[4]))


def test_a_name_that_does_not_exist_is_down() -> None:
    assert (
        resolve_and_describe(Names(fail_with(socket.EAI_NONAME), lambda _: True)) == "down: dns no such name"
    )


def test_silent_target_name_servers_are_down_if_our_resolver_answers() -> None:
    assert (
        resolve_and_describe(Names(fail_with(socket.EAI_AGAIN), lambda _: True))
        == "down: dns name servers do not answer"
    )


def test_our_own_dead_name_server_is_unknown() -> None:
    assert resolve_and_describe(Names(fail_with(socket.EAI_AGAIN), lambda _: False)) == "unknown: resolver"


@pytest.mark.parametrize(
    ("alive", "reason"), [(True, "down: timeout after 0.2 s"), (False, "unknown: resolver does not answer")]
)
def test_hanging_lookup_ends_at_the_deadline(alive: bool, reason: str) -> None:
    release = threading.Event()

    def hang(*_question: object) -> Sequence[tuple[Any, ...]]:
        release.wait(10)
        return ()

    names = Names(hang, lambda _: alive)
    began = time.monotonic()
    assert resolve_and_describe(names, 0.2) == reason
    assert time.monotonic() - began < 2
    release.set()
