"""Answers of a source become rows; invalid answers are reported and give no row."""

import gzip
import json
import ssl
import time
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from constat.interval import DAY_S, Interval, format_instant, value_at
from constat.model import Outcome, Sample
from outside.evidence.signals import read_last_change
from outside.evidence.troubles import read_troubles
from outside.sources.question import Access, Question, Series, TooSlowError
from tasks.collect import Collector
from tasks.collecting import collecting
from tasks.look import LookPlan, plan_look
from tasks.project import Project
from tasks.seal import seal_folder
from tasks.source_track import OVERLAP_S, Track
from tests.support.command_line import generate_here
from tests.support.look_recorder import LookRecorder
from tests.support.prometheus_answers import Answers, Reply, serve_answers
from tests.support.small_project import read_register_lines, read_rows, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
TOKEN = "t0ken-of-ours"


class Place:
    """A project with a source, collected at any time."""

    def __init__(self, root: Path, answers: Answers, more: str = "", secrets: str = "") -> None:
        source = f"  - {{id: engine, kind: prometheus, url: '{answers.url}/', query: probe_success, latency: took{more}}}"
        checks = "kind: tcp, host: 127.0.0.1, port: 9, via: engine, vantages: [here, there], quorum: 1"
        services = [
            f"  - {{id: {name}, name: {name}, checks: [{{name: port, {checks}}}]}}"
            for name in ("web", "mail")
        ]
        write_project(root, *services, more=f"{secrets}sources:\n{source}\n")
        self.root, self.answers, self.listener = root, answers, LookRecorder()

    def collect(self, now: int = NOW, *, only: str | None = None, token: str = TOKEN) -> list[str]:
        """Collect as a new process would; the times of the rows that came."""
        before = len(read_rows(self.root))
        plan = plan_look(Project(self.root, ROOT, now), {"CONSTAT_TOKEN": token} if token else {}, only=only)
        Collector(lambda: now, self.listener).collect(plan)
        return [row["at"] for row in read_rows(self.root)[before:]]


@pytest.fixture
def answers() -> Iterator[Answers]:
    with serve_answers() as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, answers: Answers) -> Place:
    return Place(tmp_path, answers)


def labels(service: str = "web", vantage: str = "here", check: str = "port") -> dict[str, str]:
    return {"service": service, "check": check, "vantage": vantage}


def test_sample_becomes_a_row_at_the_second_of_its_scrape(place: Place) -> None:
    place.answers.add_samples("probe_success", [(NOW - 90.2, "1"), (NOW - 30.2, "0")], **labels())
    place.answers.add_samples("took", [(NOW - 90.2, "0.0123"), (NOW - 30.2, "9.5")], **labels())
    place.collect()
    assert [tuple(row.values()) for row in read_rows(place.root)] == [
        ("2026-11-25T09:58:29Z", "web", "port", "up", "12", "1", "60", "here", ""),
        ("2026-11-25T09:59:29Z", "web", "port", "down", "9500", "1", "60", "here", "reported by engine"),
    ]


def test_stale_markers_and_invalid_values_are_no_samples(place: Place) -> None:
    odd = [(NOW - 120.0, "NaN"), (NOW - 60.0, "0.5"), (NOW - 30.0, "1")]
    place.answers.add_samples("probe_success", odd, **labels())
    place.answers.add_samples("took", [(NOW - 30.0, "NaN")], **labels())
    assert place.collect() == ["2026-11-25T09:59:30Z"]
    assert read_rows(place.root)[0]["latency_ms"] == "0"
    [trouble] = place.listener.troubles
    assert "has the value 0.5, neither 1 nor 0: nobody looked" in trouble


def test_infinite_values_and_histograms_are_no_look_and_spoil_no_other_series(place: Place) -> None:
    def build(vantage: str, **content: object) -> dict[str, object]:
        return {"metric": {"__name__": "probe_success", **labels(vantage=vantage)}, **content}

    histogram = {"count": "3", "sum": "2", "buckets": [[1, "0", "1", "3"]]}
    result = [
        build("here", values=[[NOW - 90.0, "+Inf"], [NOW - 60.0, "1"], [NOW - 120.5, "0"]]),
        build("there", histograms=[[NOW - 60.0, histogram]]),
    ]
    data = {"resultType": "matrix", "result": result}
    content = {"status": "success", "data": data, "infos": ["not a counter"], "warnings": []}
    place.answers.instead = lambda _end, _seconds: Reply(200, json.dumps(content).encode())
    assert place.collect() == ["2026-11-25T09:57:59Z", "2026-11-25T09:59:00Z"]
    assert place.collect(NOW + 60) == [], "the samples came out of order, and are taken once"
    told = sorted(trouble.partition(" has the value ")[2] for trouble in place.listener.troubles[:2])
    assert told == ["+Inf, neither 1 nor 0: nobody looked", "of a histogram, neither 1 nor 0: nobody looked"]


def test_a_very_long_label_is_named_in_short(place: Place) -> None:
    place.answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels("x" * 100_000))
    place.collect()
    [trouble] = place.listener.troubles
    assert len(trouble) < 400


def test_rows_are_collected_once_and_late_ones_too(place: Place) -> None:
    place.answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels())
    place.collect()
    place.answers.add_samples("probe_success", [(NOW + 1.0, "1")], **labels())
    place.answers.add_samples("probe_success", [(NOW - 120.0, "1")], **labels(vantage="there"))
    assert place.collect(NOW + 60) == ["2026-11-25T09:58:00Z", "2026-11-25T10:00:01Z"]
    assert place.collect(NOW + 61) == []


def test_gap_of_days_is_collected_in_windows(place: Place) -> None:
    place.answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels())
    place.collect()
    later = NOW + 9 * DAY_S
    place.answers.add_samples(
        "probe_success", [(NOW + day * DAY_S - 30.0, "1") for day in range(1, 10)], **labels()
    )
    place.answers.asked.clear()
    taken = place.collect(later)
    assert taken == [format_instant(NOW + day * DAY_S - 30) for day in range(1, 10)]
    assert {seconds for _, seconds in place.answers.asked} <= set(range(1, DAY_S + 1))
    assert len(place.answers.asked) >= 2 * 9


def test_first_day_to_collect_is_configurable(tmp_path: Path, answers: Answers) -> None:
    place = Place(tmp_path, answers, ", since: 2026-11-23")
    answers.add_samples("probe_success", [(NOW - day * DAY_S, "1") for day in (4, 2, 1)], **labels())
    assert place.collect() == ["2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"]


def test_unexpected_series_are_reported_once_with_the_reason(place: Place) -> None:
    strange = {
        "status.yml has no service shop": labels("shop"),
        "the service web has no check home": labels(check="home"),
        "the check web/port has no vantage mars": labels(vantage="mars"),
        "it has no label vantage": {"service": "web", "check": "port"},
    }
    for each in strange.values():
        place.answers.add_samples("probe_success", [(NOW - 60.0, "0")], **each)
    assert place.collect() == []
    assert len(place.listener.troubles) == len(strange)
    for why, trouble in zip(strange, place.listener.troubles, strict=True):
        assert trouble.startswith("source engine: probe_success{")
        assert trouble.endswith(f"is not taken: {why}")


def test_overlapping_series_are_not_both_collected(place: Place) -> None:
    """Two exporters look at the same target under the same name; where one ends, the other goes on."""
    first = [(NOW - 60.0 * back, "1") for back in range(40, 20, -1)]
    second = [(NOW - 60.0 * back - 30, "0") for back in range(40, 0, -1)]
    place.answers.add_samples("probe_success", second, **labels(), instance="b")
    place.answers.add_samples("probe_success", first, **labels(), instance="a")
    place.collect()
    taken = [row["outcome"] for row in read_rows(place.root)]
    assert taken == ["up"] * 20 + ["down"] * 18
    [trouble] = place.listener.troubles
    assert 'instance="b"' in trouble
    assert trouble.endswith("is not taken beside another series of the same service, check and vantage")


def test_a_second_series_fills_the_gap_of_the_first(place: Place) -> None:
    """Two Prometheus watch the same; the first one stood still for half an hour."""
    first = [(NOW - 60.0 * back, "1") for back in range(59, 0, -1) if not 10 < back < 40]
    second = [(NOW - 60.0 * back - 30, "0") for back in range(58, 0, -1)]
    place.answers.add_samples("probe_success", second, **labels(), replica="b")
    place.answers.add_samples("probe_success", first, **labels(), replica="a")
    place.collect()
    taken = [row["outcome"] for row in read_rows(place.root)]
    assert taken == ["up"] * 20 + ["down"] * 26 + ["up"] * 10


@pytest.mark.parametrize(
    ("step", "said"), [(300, ["every 300 s"]), (15, ["every 15 s"]), (100, []), (80, []), (60, []), (31, [])]
)
def test_looks_that_come_at_another_pace_than_every_says_are_told_once(
    step: int, said: list[str], place: Place
) -> None:
    """Else most of the time would be unknown, or the evidence larger than it need be, and nobody would know why."""
    if step == 100:  # every other look is missed
        samples = [(NOW - 60.0 * n, "1") for n in range(50, 0, -1) if n % 5]
    else:
        samples = [(NOW - float(step) * n, "1") for n in range(10, 0, -1)]
    place.answers.add_samples("probe_success", samples, **labels())
    place.collect()
    expected = [f"source engine: the samples come {pace}, but every: says 60 s" for pace in said]
    assert place.listener.troubles == expected


def test_report_of_unexpected_series_is_limited(place: Place) -> None:
    for number in range(300):
        place.answers.add_samples("probe_success", [(NOW - 60.0, "0")], **labels(f"shop-{number}"))
    place.collect()
    assert len(place.listener.troubles) == 11
    assert place.listener.troubles[-1] == "source engine: so it is with 290 more series"


def test_only_one_service_collects_the_whole_source_or_nothing(tmp_path: Path, answers: Answers) -> None:
    """Else the rows of the others would seem to have been taken."""
    place = Place(tmp_path, answers)
    for name in ("web", "mail"):
        answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels(name))
    assert len(place.collect(only="web")) == 2


MALFORMED = {
    b"<html>": "does not answer as Prometheus does",
    b"[]": "does not answer as Prometheus does",
    b'{"status": "success"}': "does not answer as Prometheus does",
    b'{"status": "success", "data": {"resultType": "vector", "result": []}}': "a result of the type vector",
    b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1]]}]}}': (
        "does not answer as Prometheus does"
    ),
    b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [["1", "1"]]}]}}': (
        "does not answer as Prometheus does"
    ),
    b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"service": 5}, "values": []}]}}': (
        "a label that is not text"
    ),
    b'{"status": "error", "errorType": "bad_data", "error": "parse error"}': "parse error",
    b'{"status": "success", "warnings": ["a store is gone"], "data": {"resultType": "matrix", "result": []}}': (
        "answers only in part: a store is gone"
    ),
    b"[" * 100_000: "does not answer as Prometheus does",
}


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: body[:60].decode())
def test_malformed_answer_is_reported_and_gives_no_row(place: Place, body: bytes) -> None:
    place.answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels())
    place.answers.instead = lambda _end, _seconds: Reply(200, body)
    assert place.collect() == []
    [trouble] = place.listener.troubles
    assert MALFORMED[body] in trouble
    assert trouble.startswith("source engine: http://127.0.0.1:")


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        (
            Reply(302, b"", {"Location": "http://127.0.0.1:9/"}),
            "redirects: write the address that it leads to",
        ),
        (Reply(401, b'{"error": "no token"}'), "answers with status 401: no token"),
        (Reply(200, b"\x1f\x8b\x08broken", {"Content-Encoding": "gzip"}), "cannot be unpacked"),
        (Reply(503, b"<html>Service Unavailable"), "answers with status 503: it does not say why"),
        (Reply(429, b'["slow down"]'), "answers with status 429: it does not say why"),
        (Reply(404, b"404 page not found"), "(write in url: the address below which api/v1/query is)"),
    ],
    ids=["redirect", "refused", "torn", "proxy", "limited", "elsewhere"],
)
def test_unexpected_answer_type_is_reported(place: Place, reply: Reply, complaint: str) -> None:
    place.answers.instead = lambda _end, _seconds: reply
    assert place.collect() == []
    assert complaint in place.listener.troubles[0]


def test_oversized_window_is_halved_until_answered(place: Place) -> None:
    too_many = Reply(422, json.dumps({"status": "error", "error": "too many samples"}).encode())
    place.answers.add_samples("probe_success", [(NOW - 60.0 * n, "1") for n in range(59, 0, -1)], **labels())
    place.answers.instead = lambda _end, seconds: too_many if seconds > 1000 else None
    assert len(place.collect()) == 59
    assert place.listener.troubles == []
    place.answers.instead = lambda _end, _seconds: too_many
    assert place.collect(NOW + 60) == []
    assert "too many samples" in place.listener.troubles[0]


def test_after_a_window_that_was_too_much_the_next_gap_is_asked_for_in_long_ones_again(place: Place) -> None:
    too_many = Reply(422, json.dumps({"status": "error", "error": "too many samples"}).encode())
    now = NOW
    collector = Collector(lambda: now, place.listener)
    plan = plan_look(Project(place.root, ROOT, NOW), {})
    place.answers.instead = lambda _end, seconds: too_many if seconds > 100 else None
    collector.collect(plan)
    place.answers.instead = lambda _end, _seconds: None
    now += DAY_S
    place.answers.asked.clear()
    collector.collect(plan)
    assert len(place.answers.asked) == 2 * 2


def test_a_source_that_is_too_slow_for_a_window_is_asked_for_half_of_it_next_time(place: Place) -> None:
    """Else the rows of a long gap would never come."""
    asked: list[int] = []

    def ask(question: Question) -> tuple[Series, ...]:
        asked.append(question.window.seconds)
        if question.window.seconds > 15_000:
            raise TooSlowError("too slow")
        return ()

    track = Track({("web", "port", "here"): NOW - DAY_S})
    [source] = Project(place.root, ROOT, NOW).config.sources
    wanted = [("web", "port", "here")]
    for _ in range(3):
        with pytest.raises(TooSlowError):
            list(track.collect(ask, source, Access(), NOW, wanted))
    list(track.collect(ask, source, Access(), NOW, wanted))
    assert asked[:4] == [DAY_S, DAY_S // 2, DAY_S // 4, DAY_S // 8]
    assert sum(asked[3:]) == DAY_S + OVERLAP_S


def test_what_a_place_was_late_to_deliver_is_taken_once_it_is_back(place: Place) -> None:
    """Its Prometheus could not send on for three hours, and then sent everything."""
    now = NOW
    collector = Collector(lambda: now, place.listener)
    plan = plan_look(Project(place.root, ROOT, NOW), {})
    for each in ("here", "there"):
        place.answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels(vantage=each))
    collector.collect(plan)
    held_up = [(NOW + 600.0 * n, "0") for n in range(1, 19)]
    for now in range(NOW + 600, NOW + 3 * 3600, 600):
        place.answers.add_samples("probe_success", [(now - 30.0, "1")], **labels())
        collector.collect(plan)
    assert not [row for row in read_rows(place.root)[2:] if row["vantage"] == "there"]
    place.answers.add_samples("probe_success", held_up, **labels(vantage="there"))
    for now in (NOW + 3 * 3600 + 60, NOW + 3 * 3600 + 120):  # noqa: B007 -- the clock reads it
        place.answers.asked.clear()
        collector.collect(plan)
    assert len(place.answers.asked) == 2, "asked for once"
    came = [row["at"] for row in read_rows(place.root)[2:] if row["vantage"] == "there"]
    assert came == [format_instant(int(at)) for at, _ in held_up]


def test_decompression_bomb_is_not_unpacked(tmp_path: Path, answers: Answers) -> None:
    place = Place(tmp_path, answers, ", every: 1h")
    giant = gzip.compress(bytes(65 << 20), 1)
    place.answers.instead = lambda _end, _seconds: Reply(200, giant, {"Content-Encoding": "gzip"})
    assert place.collect() == []
    assert "sends more than 64 MiB" in place.listener.troubles[0]


def test_unreachable_source_is_reported_once_per_failure(place: Place) -> None:
    now = NOW
    collector = Collector(lambda: now, place.listener)
    plan = plan_look(Project(place.root, ROOT, NOW), {})
    gone = Reply(503, b'{"error": "starting"}')
    for reply in (gone, gone, None, gone):
        place.answers.instead = lambda _end, _seconds, reply=reply: reply  # type: ignore[misc]
        collector.collect(plan)
        now += 60
    assert len(place.listener.troubles) == 2


def test_source_is_queried_at_most_once_per_interval(place: Place) -> None:
    now = NOW
    collector = Collector(lambda: now, place.listener)
    plan = plan_look(Project(place.root, ROOT, NOW), {})
    for now in range(NOW, NOW + 61, 20):  # noqa: B007 -- the clock reads it
        collector.collect(plan)
    assert len(place.answers.asked) == 2 * 2


def test_secret_is_sent_over_tls_to_its_host_and_never_reported(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    secrets = "secrets: {CONSTAT_TOKEN: [127.0.0.1]}\n"
    with serve_answers(context) as answers:
        place = Place(tmp_path, answers, ', ca: own.pem, bearer: "${CONSTAT_TOKEN}"', secrets)
        answers.add_samples("probe_success", [(NOW - 60.0, "1")], **labels())
        assert len(place.collect()) == 1
        assert {headers["authorization"] for headers in answers.headers} == {f"Bearer {TOKEN}"}
        answers.instead = lambda _end, _seconds: Reply(403, json.dumps({"error": f"{TOKEN} is old"}).encode())
        place.collect(NOW + 60)
        assert "is old" in place.listener.troubles[-1]
        assert TOKEN not in place.listener.troubles[-1]
        place.collect(NOW + 60, token="")
        assert "CONSTAT_TOKEN is not set" in place.listener.troubles[-1]
        place = Place(tmp_path, answers, ', bearer: "${CONSTAT_TOKEN}"', secrets)
        place.collect(NOW + 60)
        assert "cannot be reached" in place.listener.troubles[-1], "nobody vouches for that server"


def test_headers_such_as_the_tenant_of_mimir_are_sent(tmp_path: Path, answers: Answers) -> None:
    headers = ", headers: {X-Scope-OrgID: maxony, X-Key: '${CONSTAT_TOKEN}'}, unencrypted: true"
    place = Place(tmp_path, answers, headers, "secrets: {CONSTAT_TOKEN: [127.0.0.1]}\n")
    place.collect()
    assert {each["x-scope-orgid"] for each in answers.headers} == {"maxony"}
    assert {each["x-key"] for each in answers.headers} == {TOKEN}
    place.collect(NOW + 60, token="Ω")
    assert place.listener.troubles == ["source engine: secret it cannot be sent in the header X-Key"]


def test_check_of_a_source_is_not_run_by_us(place: Place) -> None:
    assert plan_look(Project(place.root, ROOT, NOW), {}).targets == ()


def test_only_the_monitors_vantage_queries(place: Place) -> None:
    """Two watches would write every row twice."""
    text = (place.root / "status.yml").read_text()
    own = "  - {id: api, name: api, checks: [{name: port, kind: tcp, host: 127.0.0.1, port: 9, vantages: [there]}]}\n"
    (place.root / "status.yml").write_text(f"{text}\n{own}")
    plan = plan_look(Project(place.root, ROOT, NOW), {}, vantage="there")
    Collector(lambda: NOW, place.listener).collect(plan)
    assert place.answers.asked == []


def test_outage_seen_by_a_source_is_down_and_its_silence_is_unknown(place: Place) -> None:
    place.answers.add_samples("probe_success", [(NOW - 600.0, "1"), (NOW - 540.0, "0")], **labels())
    place.collect()
    project = Project(place.root, ROOT, NOW)
    measured = project.account("web", Interval(NOW - 900, NOW)).measured
    assert value_at(measured, NOW - 600) is Outcome.UP
    assert value_at(measured, NOW - 540) is Outcome.DOWN
    assert value_at(measured, NOW - 540 + 120) is Outcome.UNKNOWN


def test_rows_collected_days_later_are_late_and_change_no_outage(place: Place) -> None:
    """They follow the rules of late rows: sealed rows take precedence."""
    day = NOW - NOW % DAY_S
    place.answers.add_samples("probe_success", [(NOW - DAY_S - 60.0, "1"), (NOW - 60.0, "0")], **labels())
    for now in (NOW - DAY_S, day + 7200, NOW, NOW + DAY_S):  # no row from before the first seal is late
        place.collect(now)
        seal_folder(Project(place.root, ROOT, now), lambda: True)
    _, seal = (line for line in read_register_lines(place.root) if line["kind"] == "seal")
    place.answers.add_samples("probe_success", [(NOW - 60.0 + 10, "1"), (NOW + 3600.0, "1")], **labels())
    later = NOW + 5 * DAY_S
    assert place.collect(later) == ["2026-11-25T09:59:10Z", "2026-11-25T11:00:00Z"]
    path = place.root / "history" / str(seal["path"])
    assert sha256(path.read_bytes()[: seal["bytes"]]).hexdigest() == seal["sha256"], "it was only appended to"
    account = Project(place.root, ROOT, later).account("web", Interval(day, later))
    assert value_at(account.measured, NOW - 60) is Outcome.DOWN
    assert value_at(account.measured, NOW + 50) is Outcome.DOWN, "the row on time still speaks"
    assert value_at(account.measured, NOW + 3600) is Outcome.UP, "what nobody knew is filled"
    assert value_at(account.unaided, NOW + 3600) is Outcome.UNKNOWN


def test_a_watch_collects_beside_its_slots(place: Place) -> None:
    now = time.time()
    place.answers.add_samples("probe_success", [(now - 90.0, "1"), (now - 30.0, "0")], **labels())
    done = generate_here("check", "--root", str(place.root), "--for", "1s")
    assert done.returncode == 0, done.stderr
    assert [row["outcome"] for row in read_rows(place.root)] == ["up", "down"]
    assert read_last_change(place.root) is not None, "whoever pushes is told"


def test_unexpected_error_is_reported_once_and_collection_continues(place: Place) -> None:
    """A listener that breaks after the rows reached the disk: none is written twice, and the thread lives."""
    reported: list[int] = []

    def report(samples: Sequence[Sample]) -> None:
        reported.append(len(samples))
        if len(reported) < 3:
            raise KeyError("nobody expects this")

    place.answers.add_samples("probe_success", [(NOW - 90.0, "1"), (NOW - 30.0, "1")], **labels())

    def replay(plan: LookPlan) -> LookPlan:
        return plan

    place.listener.report_samples = report  # type: ignore[method-assign]
    now = iter(range(NOW, NOW + 600, 60)).__next__
    collector = Collector(now, place.listener)
    for second in (0, 60, 120):
        place.answers.add_samples("probe_success", [(NOW + second + 10.0, "1")], **labels())
        plan = plan_look(Project(place.root, ROOT, NOW + second), {"CONSTAT_TOKEN": TOKEN})
        collector.collect_followed(partial(replay, plan))
    assert place.listener.troubles == ["source engine: unforeseen KeyError: 'nobody expects this'"]
    assert len(read_rows(place.root)) == collector.count == sum(reported) == 4


def test_failing_plan_is_reported_once_and_retried(place: Place) -> None:
    def follow() -> LookPlan | None:
        raise RuntimeError("no plan")

    collector = Collector(lambda: NOW, place.listener)
    collector.collect_followed(follow)
    collector.collect_followed(follow)
    assert place.listener.troubles == ["sources: unforeseen RuntimeError: no plan"]
    collector.collect_followed(lambda: None)
    collector.collect_followed(follow)
    assert len(place.listener.troubles) == 2


def test_a_watch_that_has_not_begun_collects_nothing(place: Place) -> None:
    collector = Collector(lambda: NOW, place.listener)
    with collecting(collector, lambda: None):
        pass
    assert place.answers.asked == []


def test_source_failures_are_reported_to_the_maintainers(tmp_path: Path, answers: Answers) -> None:
    place = Place(tmp_path, answers)
    text = (tmp_path / "status.yml").read_text()
    tell = '{attempts: 2, delay: 0s}\n  tell: ["mailto://maintainer:x@mail.maxony.example"]'
    (tmp_path / "status.yml").write_text(text.replace("{attempts: 2, delay: 0s}", tell))
    answers.instead = lambda _end, _seconds: Reply(500, b"{}")
    place.collect()
    [trouble] = read_troubles(tmp_path)
    assert trouble.startswith("2026-11-25T10:00:00Z source engine: http://127.0.0.1:")
