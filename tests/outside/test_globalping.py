"""Globalping's API: its answers are believed as documented and no further, and its limits are kept."""

from collections.abc import Iterator

import pytest

from outside.globalping import Api, Limits, Pace, UnansweredError
from tests.support.globalping_api import (
    FakeGlobalping,
    Reply,
    StandingClock,
    make_http_result,
    make_refusal,
    serve_globalping,
)

REQUEST = {"type": "http", "target": "www.maxony.example", "locations": [{"magic": "DE", "limit": 3}]}


class Asker:
    """Somebody who asks by a clock that only waiting moves."""

    def __init__(self, url: str, clock: StandingClock | None = None) -> None:
        self.clock = clock or StandingClock()
        pace = Pace(self.clock.read, self.clock.wait, request_s=0.3)
        self.api = Api(url, {}, Limits(self.clock.read), pace)

    def ask(self) -> str:
        """Why there is no answer; empty where there is one."""
        try:
            self.api.measure(REQUEST, 3)
        except UnansweredError as error:
            return error.reason
        return ""


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGlobalping]:
    with serve_globalping() as fake:
        yield fake


@pytest.fixture
def fake(server: FakeGlobalping) -> FakeGlobalping:
    server.reset()
    return server


def test_measurement_is_polled_every_half_second_until_it_ends(fake: FakeGlobalping) -> None:
    fake.pending = 4
    asker = Asker(f"{fake.url}/behind/")
    fake.results = lambda _request: [make_http_result(), None]
    measured = asker.api.measure(REQUEST, 3)
    assert measured == ("m1", (make_http_result(), None))
    assert fake.asked == [("POST", "/behind/v1/measurements"), *[("GET", "/behind/v1/measurements/m1")] * 5]
    assert asker.clock.seconds == 2.5
    assert fake.requests == [REQUEST]


@pytest.mark.parametrize(
    ("headers", "held_s"),
    [
        ({"Retry_After": "900"}, 900),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "120"}, 120),
        ({"Retry_After": "Wed, 25 Nov 2026 10:00:00 GMT"}, 60),
        ({"Retry_After": "9999999"}, 86_400),
    ],
)
def test_no_request_is_sent_before_the_retry_time(
    fake: FakeGlobalping, headers: dict[str, str], held_s: int
) -> None:
    asker = Asker(fake.url)
    refused = make_refusal(429, "rate_limit_exceeded", "API rate limit exceeded.", **headers)
    fake.instead = lambda _method, _path: refused
    assert asker.ask() == "allows no more for now"
    fake.instead = lambda _method, _path: None
    asker.clock.wait(held_s - 1)
    assert asker.ask() == "allows no request yet"
    assert len(fake.asked) == 1
    asker.clock.wait(1)
    assert asker.ask() == ""


def test_refusal_during_a_measurement_delays_the_following_requests(fake: FakeGlobalping) -> None:
    asker = Asker(fake.url)
    refused = make_refusal(429, "rate_limit_exceeded", "API rate limit exceeded.", Retry_After="30")
    fake.instead = lambda method, _path: refused if method == "GET" else None
    assert asker.ask() == "allows no more for now"
    assert asker.ask() == "allows no request yet"
    assert [method for method, _ in fake.asked] == ["POST", "GET"]


@pytest.mark.parametrize("credit", ["", "2", "3"])
def test_exhausted_tests_are_not_requested_until_the_reset(fake: FakeGlobalping, credit: str) -> None:
    """Credits are tests as well; two tests and one credit are enough for three probes."""
    asker = Asker(fake.url)
    fake.headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800"}
    fake.headers |= {"X-Credits-Remaining": credit} if credit else {}
    assert asker.ask() == ""
    assert asker.ask() == ("" if credit == "3" else "allows no test yet")
    assert len(fake.requests) == (2 if credit == "3" else 1)
    asker.clock.wait(1800)
    assert asker.ask() == ""


ODD = "does not answer as documented"


@pytest.mark.parametrize(
    ("method", "reply", "why"),
    [
        ("POST", make_refusal(422, "no_probes_found", "No suitable probes found."), "has no probe there"),
        ("POST", make_refusal(400, "validation_error", "Wrong."), "answers with status 400"),
        ("POST", make_refusal(401, "unauthorized", "Unauthorized."), "does not take the token"),
        ("POST", Reply(302, b"", {"Location": "http://192.0.2.1/"}), "answers with status 302"),
        ("POST", Reply(202, b"<html>"), ODD),
        ("POST", Reply(202, b'{"id": 7}'), ODD),
        ("GET", Reply(200, b'{"status": "finished", "results": {}}'), ODD),
        ("GET", Reply(200, b"[" * 100_000), ODD),
        ("GET", Reply(200, b" " * (5 << 20)), "sends more than 4 MiB"),
        ("GET", Reply(200, b'{"status": "in-progress"}'), "does not finish a measurement within 45 s"),
        ("GET", Reply(599, b""), "answers with status 599"),
    ],
)
def test_invalid_answer_has_a_reason(fake: FakeGlobalping, method: str, reply: Reply, why: str) -> None:
    fake.instead = lambda asked, _path: reply if asked == method else None
    assert Asker(fake.url).ask() == why


def test_hanging_or_unreachable_server_has_a_reason(fake: FakeGlobalping) -> None:
    fake.instead = lambda _method, _path: Reply(200) if fake.release.wait(5) else None
    assert Asker(fake.url).ask() == "does not answer in time"
    fake.release.set()
    assert Asker("http://127.0.0.1:9").ask() == "cannot be reached"
