"""Globalping results become rows of the configured places; a missing answer is unknown, with a reason."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from outside.evidence.troubles import read_troubles
from outside.globalping import Api, Limits, Pace
from tasks.look import plan_look
from tasks.measure import Measurer
from tasks.project import Project
from tests.support.command_line import generate_here
from tests.support.globalping_api import (
    FakeGlobalping,
    Json,
    Reply,
    StandingClock,
    make_empty_result,
    make_http_result,
    make_refusal,
    serve_globalping,
)
from tests.support.look_recorder import LookRecorder
from tests.support.small_project import read_rows, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
TOKEN = "t0ken-of-ours"
HTTP = "kind: http, url: 'https://www.maxony.example/shop?from=status', follow_redirects: false"
FAILED, OFFLINE = make_empty_result("failed"), make_empty_result("offline")


class Place:
    """A project with one check of Globalping's, measured at any time by one watch."""

    def __init__(
        self,
        root: Path,
        fake: FakeGlobalping,
        check: str = HTTP,
        *,
        more: str = "",
        vantages: str = "[frankfurt]",
    ) -> None:
        keys = f"url: '{fake.url}/', locations: {{frankfurt: Frankfurt+DE, dallas: Dallas}}, probes: 3{more}"
        line = f"  - {{id: web, name: Web, interval: 10m, checks: [{{name: shop, {check}, via: globalping, vantages: {vantages}, quorum: 1}}]}}"
        declared = "secrets: {CONSTAT_TOKEN: [127.0.0.1]}\n"
        write_project(root, line, more=f"{declared}globalping: {{{keys}}}\n")
        self.root, self.now, self.listener, self.clock = root, NOW, LookRecorder(), StandingClock()
        pace = Pace(time.monotonic, self.clock.wait, request_s=0.4)

        def make_api(url: str, headers: Mapping[str, str], _limits: Limits) -> Api:
            return Api(url, headers, self.limits, pace._replace(clock=self.clock.read))

        self.limits = Limits(self.clock.read)
        self.measurer = Measurer(lambda: self.now, self.listener, make_api)

    def measure(self, now: int = NOW, **environment: str) -> list[tuple[str, ...]]:
        """Measure what is due; outcome, latency and reason of the rows that came."""
        self.now = now
        before = len(read_rows(self.root))
        self.measurer.collect(plan_look(Project(self.root, ROOT, now), environment))
        return [(row["outcome"], row["latency_ms"], row["reason"]) for row in read_rows(self.root)[before:]]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeGlobalping]:
    with serve_globalping() as fake:
        yield fake


@pytest.fixture
def fake(server: FakeGlobalping) -> FakeGlobalping:
    server.reset()
    return server


def test_each_place_is_a_vantage_with_its_own_measurement(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake, vantages="[frankfurt, dallas]")
    fake.results = lambda _request: [make_http_result(total=each) for each in (80, 120.4, 300)]
    place.measure()
    assert sorted(tuple(row.values()) for row in read_rows(tmp_path)) == [
        ("2026-11-25T10:00:00Z", "web", "shop", "up", "120", "1", "600", "dallas", ""),
        ("2026-11-25T10:00:00Z", "web", "shop", "up", "120", "1", "600", "frankfurt", ""),
    ]
    first = next(each for each in fake.requests if each["locations"][0]["magic"] == "Frankfurt+DE")
    assert first == {
        "type": "http",
        "target": "www.maxony.example",
        "locations": [{"magic": "Frankfurt+DE", "limit": 3}],
        "measurementOptions": {
            "protocol": "HTTPS",
            "port": 443,
            "request": {"method": "GET", "path": "/shop", "query": "from=status", "headers": {}},
        },
    }
    assert place.listener.troubles == []


def test_each_interval_is_measured_once_by_a_new_process_too(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    assert len(place.measure(NOW + 30)) == 1
    assert place.measure(NOW + 599) == []
    place.measurer = Measurer(lambda: place.now, place.listener)
    assert place.measure(NOW + 599) == []
    assert len(fake.requests) == 1


def test_measurement_is_polled_until_it_ends(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    fake.pending = 4
    assert place.measure() == [("up", "120", "")]
    assert [method for method, _ in fake.asked] == ["POST", *["GET"] * 5]
    assert place.clock.seconds == 2.5


def test_failing_probe_that_reaches_the_canary_counts(tmp_path: Path, fake: FakeGlobalping) -> None:
    def answer(request: Json) -> list[Json]:
        if request["target"] == "canary.example.org":
            return [make_http_result(404), make_http_result(), OFFLINE]
        return [FAILED, FAILED, FAILED]

    fake.results = answer
    place = Place(tmp_path, fake, more=", canary: canary.example.org")
    reason = "reported by Globalping: failed and the canary answers (2 of 2 probes)"
    assert place.measure() == [("down", "0", reason)]
    assert [each["locations"] for each in fake.requests] == [[{"magic": "Frankfurt+DE", "limit": 3}], "m1"]


def test_canary_is_asked_only_after_a_failure_and_ignored_if_silent(
    tmp_path: Path, fake: FakeGlobalping
) -> None:
    place = Place(tmp_path, fake, more=", canary: canary.example.org")
    assert place.measure() == [("up", "120", "")]
    assert len(fake.requests) == 1
    fake.results = lambda _request: [FAILED]
    assert place.measure(NOW + 600) == [("unknown", "0", "unanswered Globalping's probe failed")]


def test_missing_answer_is_unknown_and_reported_once(tmp_path: Path, fake: FakeGlobalping) -> None:
    refused = make_refusal(422, "no_probes_found", "No suitable probes found.")
    fake.instead = lambda _method, _path: refused
    place = Place(tmp_path, fake)
    row = ("unknown", "0", "unanswered Globalping has no probe there")
    assert [*place.measure(), *place.measure(NOW + 600)] == [row, row]
    assert place.listener.troubles == ["Globalping has no probe there: No suitable probes found."]


def test_maintainers_get_the_first_failure_until_recovery(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    settings = tmp_path / "status.yml"
    told = '{attempts: 2, delay: 0s}\n  tell: ["mailto://maintainer:x@mail.maxony.example"]'
    settings.write_text(settings.read_text().replace("{attempts: 2, delay: 0s}", told))
    refused = make_refusal(422, "no_probes_found", "No suitable probes found.")
    for now in (NOW, NOW + 600, NOW + 1800):
        fake.instead = lambda _method, _path: refused
        place.measure(now)
        if now == NOW + 600:
            fake.instead = lambda _method, _path: None
            place.measure(NOW + 1200)
    noted = "Globalping has no probe there: No suitable probes found."
    assert read_troubles(tmp_path) == (f"2026-11-25T10:00:00Z {noted}", f"2026-11-25T10:30:00Z {noted}")


def test_failure_of_one_place_is_reported_once(tmp_path: Path, fake: FakeGlobalping) -> None:
    """It is reported again after a recovery."""
    place = Place(tmp_path, fake, vantages="[frankfurt, dallas]")
    told = ["Globalping does not answer as documented: a measurement without results"]

    def is_odd(path: str) -> bool:
        return bool(fake.requests[int(path.rpartition("m")[2]) - 1]["locations"][0]["magic"] == "Dallas")

    fake.instead = lambda method, path: (
        Reply(200, b'{"status": "finished"}') if method == "GET" and is_odd(path) else None
    )
    for number in range(3):
        assert sorted(row[0] for row in place.measure(NOW + 600 * number)) == ["unknown", "up"]
    assert place.listener.troubles == told
    odd, fake.instead = fake.instead, lambda _method, _path: None
    place.measure(NOW + 1800)
    fake.instead = odd
    place.measure(NOW + 2400)
    assert place.listener.troubles == told * 2


def test_limit_is_reported_once_and_recorded_for_every_sample(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    fake.headers = {"X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "1800"}
    assert place.measure() == [("up", "120", "")]
    for number in (1, 2):
        assert place.measure(NOW + 600 * number) == [
            ("unknown", "0", "unanswered Globalping allows no test yet")
        ]
        place.clock.wait(600)
    assert place.listener.troubles == ["Globalping allows no test yet: for another 1800 s"]
    assert len(fake.requests) == 1


def test_token_is_sent_and_appears_nowhere_else(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake, more=", token: '${CONSTAT_TOKEN}', unencrypted: true")
    assert place.measure() == [("unknown", "0", "secret CONSTAT_TOKEN is not set")]
    assert fake.asked == []
    assert place.measure(NOW + 600, CONSTAT_TOKEN=TOKEN) == [("up", "120", "")]
    assert [each["authorization"] for each in fake.received] == [f"Bearer {TOKEN}"] * 2
    assert TOKEN not in str(fake.requests)


def test_refusal_that_echoes_the_token_is_redacted(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake, more=", token: '${CONSTAT_TOKEN}', unencrypted: true")
    refused = make_refusal(401, "unauthorized", f"The token {TOKEN} is unknown.")
    fake.instead = lambda _method, _path: refused
    assert place.measure(CONSTAT_TOKEN=TOKEN) == [
        ("unknown", "0", "unanswered Globalping does not take the token")
    ]
    [trouble] = place.listener.troubles
    assert trouble.startswith("Globalping does not take the token: The token ")
    assert TOKEN not in trouble


def test_full_disk_is_reported_and_measuring_continues(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    assert len(place.measure()) == 1
    [day] = (tmp_path / "history").glob("*/*/*.csv")
    day.unlink()
    day.mkdir()
    place.now = NOW + 600
    place.measurer.collect(plan_look(Project(tmp_path, ROOT, NOW), {}))
    [trouble] = place.listener.troubles
    assert day.name in trouble


@pytest.mark.parametrize("words", [(), ("--for", "2s")])
def test_check_command_requests_measurements(
    tmp_path: Path, fake: FakeGlobalping, words: tuple[str, ...]
) -> None:
    refused = make_refusal(422, "no_probes_found", "No suitable probes found.")
    fake.instead = lambda _method, _path: refused
    Place(tmp_path, fake)
    done = generate_here("-q", "check", *words, "--root", str(tmp_path))
    assert done.returncode == 0
    assert [row["reason"] for row in read_rows(tmp_path)] == ["unanswered Globalping has no probe there"]
    assert "Globalping has no probe there: No suitable probes found." in done.stderr


def test_only_the_monitors_vantage_requests_measurements(tmp_path: Path, fake: FakeGlobalping) -> None:
    place = Place(tmp_path, fake)
    plan = plan_look(Project(tmp_path, ROOT, NOW), {})
    place.measurer.collect(type(plan)(plan.project, {}, "elsewhere"))
    assert fake.asked == []
