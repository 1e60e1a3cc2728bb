"""The `icmp` check: against a real kernel in a network namespace, and against a network that loses, delays and forges."""

import errno
import random
import socket
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Self

import pytest

from checks.contract import CheckKind
from checks.kinds import icmp
from checks.kinds.icmp import Options
from checks.network import echo
from checks.network.resolver import Address
from checks.probing import Context, Deadline, ProbeResult
from checks.reason_words import WORDS
from constat.config.fields import WrongError
from tests.support.configured_probe import look, read_outcome
from tests.support.effort import scale_tries
from tests.support.nonsense_socket import Clock
from tests.support.ping_namespace import ALLOWED, SILENT, run_in_namespace

KIND: CheckKind[icmp.Options] = icmp

Answers = Callable[[int, bytes], list[tuple[float, bytes]]]
"""What comes back for a packet, by its number: after how many seconds, and the bytes."""


def answer(packet: bytes, *, family: int = socket.AF_INET) -> bytes:
    """The right answer to a request."""
    return (b"\0" if family == socket.AF_INET else b"\x81") + packet[1:]


class Network:
    """A network in memory: a clock that waiting moves, and what comes back for each packet."""

    def __init__(self, answers: Answers, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.sent: list[bytes] = []
        self._answers = answers
        self._coming: list[tuple[float, bytes]] = []
        self._timeout = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0, "a socket with this timeout would not wait"
        self._timeout = seconds

    def send(self, data: bytes) -> int:
        coming = self._answers(len(self.sent), data)
        self._coming = sorted([*self._coming, *((self.clock.now + late, text) for late, text in coming)])
        self.sent.append(data)
        return len(data)

    def recv(self, size: int) -> bytes:
        until = self.clock.now + self._timeout
        if not self._coming or self._coming[0][0] > until:
            self.clock.now = until
            raise TimeoutError
        arrives, data = self._coming.pop(0)
        self.clock.now = max(self.clock.now, arrives)
        return data[:size]

    def probe(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 10, **options: Any) -> ProbeResult:
        """One probe in this network."""
        monkeypatch.setattr(echo, "SYSTEM", lambda _family, _address: self)
        context = Context(Deadline(seconds, self.clock), now=1_795_508_000)
        return icmp.probe(Options(**{"host": "192.0.2.1", **options}), context)


def answer_all_but(*lost: int, after_s: float = 0.01) -> Answers:
    """Every packet is answered but these."""
    return lambda number, packet: [] if number in lost else [(after_s, answer(packet))]


MAY_NOT = ("unknown", "permission this user may not ping (net.ipv4.ping_group_range)")


def test_real_kernel_answers_over_both_protocols_unless_silenced() -> None:
    either = {("up", ""), MAY_NOT}
    assert read_outcome(look("icmp", 2, Options("127.0.0.1", packets=1))) in either, "this machine, as it is"
    hosts = ["127.0.0.1", ALLOWED, "127.0.0.1", "::1", "192.0.2.1", SILENT, "127.0.0.2"]
    assert run_in_namespace(hosts) in (
        None,
        [
            MAY_NOT,
            ("up", ""),
            ("up", ""),
            ("unknown", "route"),
            ("down", "loss 2 of 2 packets"),
        ],
    )


LOSSES: dict[str, tuple[Answers, dict[str, Any], tuple[str, str]]] = {
    "none": (answer_all_but(), {}, ("up", "")),
    "one of five": (answer_all_but(3), {}, ("up", "")),
    "two of five": (answer_all_but(0, 4), {}, ("degraded", "loss 2 of 5 packets")),
    "all": (answer_all_but(*range(5)), {}, ("down", "loss 5 of 5 packets")),
    "one of one": (answer_all_but(0), {"packets": 1}, ("down", "loss 1 of 1 packets")),
    "as many as fail": (answer_all_but(1, 2), {"fail": Decimal(40)}, ("down", "loss 2 of 5 packets")),
    "answers too late": (answer_all_but(after_s=9), {}, ("down", "loss 5 of 5 packets")),
    "slow answers": (answer_all_but(after_s=0.3), {"degraded_above": 200}, ("degraded", "slow 300 ms")),
    "answers to nobody": (
        lambda _, packet: [(0.01, answer(packet[:-1] + bytes([packet[-1] ^ 1])))],
        {},
        ("down", "loss 5 of 5 packets"),
    ),
    "answers twice": (
        lambda number, packet: [(0.01, answer(packet))] * 2 if number == 0 else [],
        {},
        ("degraded", "loss 4 of 5 packets"),
    ),
    "answers before they are asked for": (
        lambda _, packet: [(0.01, answer(packet[:6] + b"\0\x09" + packet[8:]))],
        {},
        ("down", "loss 5 of 5 packets"),
    ),
    "its own requests back": (lambda _, packet: [(0.01, packet)], {}, ("down", "loss 5 of 5 packets")),
    "a header of IPv4 before the answer": (
        lambda _, packet: [(0.01, b"\x45" + b"\0" * 19 + answer(packet))],
        {},
        ("up", ""),
    ),
}


@pytest.mark.parametrize(("answers", "options", "expected"), LOSSES.values(), ids=LOSSES)
def test_packet_loss_decides_the_outcome(
    monkeypatch: pytest.MonkeyPatch, answers: Answers, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    network = Network(answers)
    assert read_outcome(network.probe(monkeypatch, **options)) == expected
    assert network.clock.now < 5


def test_the_latency_is_the_median_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    trips = (0.01, 0.5, 0.03, 0.02, 0.04)
    network = Network(lambda number, packet: [(trips[number], answer(packet))])
    result = network.probe(monkeypatch)
    assert result.latency_ms == 30
    assert result.steps[-1].detail == "192.0.2.1: 5 of 5 answered 10 ms 500 ms 30 ms 20 ms 40 ms"


def test_request_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network(answer_all_but())
    network.probe(monkeypatch, packets=2)
    first, second = network.sent
    assert (first[0], second[6:8]) == (8, b"\0\x01")
    assert {echo.checksum(each) for each in network.sent} == {0}, (
        "a message with its checksum sums up to zero"
    )


def test_ipv6_request_has_its_own_type_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network(lambda _, packet: [(0.01, answer(packet, family=socket.AF_INET6))])
    assert read_outcome(network.probe(monkeypatch, host="2001:db8::1")) == ("up", "")
    assert network.sent[0][0] == 128


@pytest.mark.parametrize(
    ("canary_answers", "expected"),
    [
        (True, ("down", "loss 5 of 5 packets")),
        (False, ("unknown", "blocked the canary answers no ping either")),
    ],
)
def test_silent_canary_makes_the_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, canary_answers: bool, expected: tuple[str, str]
) -> None:
    clock = Clock()
    networks = {
        "192.0.2.1": Network(answer_all_but(*range(5)), clock),
        "192.0.2.9": Network(answer_all_but() if canary_answers else answer_all_but(*range(5)), clock),
    }
    monkeypatch.setattr(echo, "SYSTEM", lambda _family, address: networks[address[0]])
    context = Context(Deadline(10, clock), now=1_795_508_000)
    assert read_outcome(icmp.probe(Options("192.0.2.1", canary="192.0.2.9"), context)) == expected
    assert clock.now <= 10


@pytest.mark.parametrize(
    ("reachable", "expected"),
    [
        ({"192.0.2.9"}, ("down", "unreachable")),
        ({"192.0.2.1"}, ("unknown", "blocked the canary cannot be reached either")),
        (set(), ("unknown", "blocked the canary cannot be reached either")),
    ],
    ids=["only the canary", "only the host, which is silent", "neither"],
)
def test_no_route_to_the_canary_makes_the_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, reachable: set[str], expected: tuple[str, str]
) -> None:
    clock = Clock()

    def open_any(_family: int, address: Address) -> Network:
        if address[0] not in reachable:
            raise OSError(errno.EHOSTUNREACH, "No route to host")
        return Network(answer_all_but(*range(5)) if address[0] == "192.0.2.1" else answer_all_but(), clock)

    monkeypatch.setattr(echo, "SYSTEM", open_any)
    context = Context(Deadline(10, clock), now=1_795_508_000)
    assert read_outcome(icmp.probe(Options("192.0.2.1", canary="192.0.2.9"), context)) == expected


def test_next_address_is_tried_if_one_has_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_any(family: int, _address: Address) -> Network:
        if family == socket.AF_INET6:
            raise OSError(101, "Network is unreachable")
        return network

    network = Network(answer_all_but())
    monkeypatch.setattr(
        echo,
        "resolve",
        lambda *_, **__: (
            (socket.AF_INET6, ("2001:db8::1", 0, 0, 0)),
            (socket.AF_INET, ("192.0.2.1", 0)),
        ),
    )
    monkeypatch.setattr(echo, "SYSTEM", open_any)
    result = icmp.probe(Options("gw.maxony.example"), Context(Deadline(10, network.clock), now=1_795_508_000))
    assert read_outcome(result) == ("up", "")


def test_malformed_packets_never_count_and_the_probe_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packets of noise, some of them nearly right, as often as they like."""
    chance = random.Random(7)  # noqa: S311 (repeatable, not secret)

    def spoil(_number: int, packet: bytes) -> list[tuple[float, bytes]]:
        right = bytearray(answer(packet))
        right[chance.choice([0, *range(8, 24)])] ^= chance.randrange(1, 256)
        return [(chance.random(), bytes(right[: chance.randrange(30)])) for _ in range(chance.randrange(9))]

    for _ in range(scale_tries(200)):
        network = Network(spoil)
        result = network.probe(monkeypatch, seconds=1)
        assert read_outcome(result) == ("down", "loss 5 of 5 packets")
        assert network.clock.now <= 1.01
        assert result.reason.partition(" ")[0] in WORDS


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"packets": 21}, "21 packets in one probe"),
        ({"warn": Decimal(50), "fail": Decimal(20)}, "fail comes before warn"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options("192.0.2.1", **options)
