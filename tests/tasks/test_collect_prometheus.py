"""The samples of a real Prometheus with three vantages become evidence whose account matches the raw series.

Meanwhile a target fails, an exporter is killed, and Prometheus itself stands still: only the first of these is an outage.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat.interval import Interval, value_at
from constat.model import Outcome, Sample
from demo.web_server import FixedAnswer, WebServer
from outside.evidence.store import read_samples
from tasks.collect import Collector
from tasks.look import plan_look
from tasks.project import Project
from tests.support.command_line import generate_here
from tests.support.effort import scale_tries
from tests.support.look_recorder import LookRecorder
from tests.support.prometheus_stack import Exporter, Prometheus, probe_job
from tests.support.slow_model import SlowModel
from tests.support.small_project import write_project
from tests.support.source_tree import ROOT

PLACES = ("geneva", "lyon", "dallas")
SERVICES = [f"service-{number}" for number in range(2 if scale_tries(1) == 1 else 66)]
"""Times three places: 6 targets, or 198."""
STEP_S = 3 if scale_tries(1) == 1 else 30
FAILING = FixedAnswer("no", status=503)


@dataclass
class Watched:
    """A project, the Prometheus that it asks, and what happened when."""

    root: Path
    prometheus: Prometheus
    listener: LookRecorder
    target_down: Interval
    exporter_killed: Interval
    paused: Interval
    end: int

    @cached_property
    def raw(self) -> list[Sample]:
        """Every raw sample of Prometheus, as the row that it should be."""
        rows = []
        found = self.prometheus.ask("probe_success[1h]", self.end - 0.001)
        for series in found:
            labels = series["metric"]
            for at, value in series["values"]:
                outcome = Outcome.UP if value == "1" else Outcome.DOWN
                reason = "" if outcome is Outcome.UP else "reported by engine"
                rows.append(
                    Sample(
                        int(at),
                        labels["service"],
                        labels["check"],
                        outcome,
                        0,
                        1,
                        1,
                        labels["vantage"],
                        reason,
                    )
                )
        return rows

    @cached_property
    def rows(self) -> list[Sample]:
        """Every row of the evidence as it was written, also where two scrapes fell into one second."""
        [path] = (self.root / "history").glob("*/*/*.csv")
        written = path.read_text().splitlines()
        assert len(written) == len(self.listener.samples) + 1, "no row is taken twice"
        return self.listener.samples


def configure(root: Path, url: str) -> Path:
    source = (
        f"sources:\n  - {{id: engine, kind: prometheus, url: '{url}', query: probe_success,"
        " latency: probe_duration_seconds, every: 1s}\n"
    )
    services = [
        f"  - id: {name}\n    name: {name}\n    checks:\n      - {{name: home, kind: http, via: engine,"
        f" url: 'http://127.0.0.1/', vantages: [{', '.join(PLACES)}], quorum: 2}}"
        for name in SERVICES
    ]
    return write_project(root, *services, more=source)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder, root = tmp_path_factory.mktemp("stack"), tmp_path_factory.mktemp("project")
    with ExitStack() as stack:
        steady, shaky = (stack.enter_context(WebServer({"/": FixedAnswer("yes")})) for _ in range(2))
        exporters = {place: Exporter(folder) for place in PLACES}
        for exporter in exporters.values():
            exporter.start()
            stack.callback(exporter.kill)
        urls = {
            (name, "home"): f"http://{(shaky if name == SERVICES[0] else steady).address}/?{name}"
            for name in SERVICES
        }
        jobs = [probe_job(place, exporter.address, urls) for place, exporter in exporters.items()]
        prometheus = Prometheus(folder, jobs)
        stack.enter_context(prometheus.running())
        configure(root, prometheus.url)
        yield _live_through(root, prometheus, shaky, exporters["lyon"])


def _live_through(root: Path, prometheus: Prometheus, shaky: WebServer, exporter: Exporter) -> Watched:
    """Let a target fail, then an exporter die, then Prometheus stand still, and collect meanwhile."""
    listener = LookRecorder()
    collector = Collector(time.time, listener)

    def collect_for(seconds: float) -> Interval:
        began, plan = int(time.time()), plan_look(Project(root, ROOT, int(time.time())), {})
        while time.time() < began + seconds:
            collector.collect(plan)
            time.sleep(0.5)
        return Interval(began, int(time.time()) + 1)

    while not prometheus.ask("sum(probe_success) == " + str(len(SERVICES) * 3), time.time()):
        time.sleep(0.2)
    collect_for(1)
    shaky.failing = FAILING
    target_down = collect_for(STEP_S)
    shaky.failing = None
    collect_for(1)
    exporter.kill()
    exporter_killed = collect_for(STEP_S + 2)
    exporter.start()
    collect_for(2)
    prometheus.pause()
    paused = Interval(int(time.time()), int(time.time()) + STEP_S + 2)
    time.sleep(paused.seconds)
    prometheus.resume()
    collect_for(2)
    end = int(time.time())
    time.sleep(1.5)  # a scrape is stored when it ends, with the time at which it began
    Collector(lambda: end, listener).collect(plan_look(Project(root, ROOT, end), {}))
    return Watched(root, prometheus, listener, target_down, exporter_killed, paused, end)


def test_each_scrape_is_one_row_with_its_own_time_and_place(watched: Watched) -> None:
    assert len(watched.raw) > 3 * len(SERVICES)
    timed = [row._replace(latency_ms=0) for row in watched.rows]
    assert sorted(timed) == sorted(watched.raw)
    assert watched.listener.troubles == []


def test_latencies_are_those_of_the_same_scrapes(watched: Watched) -> None:
    found = watched.prometheus.ask("probe_duration_seconds[1h]", watched.end - 0.001)
    expected = [
        (int(at), each["metric"]["service"], each["metric"]["vantage"], round(float(value) * 1000))
        for each in found
        for at, value in each["values"]
    ]
    assert sorted((row.at, row.service, row.vantage, row.latency_ms) for row in watched.rows) == sorted(
        expected
    )


def test_account_matches_the_raw_series(watched: Watched) -> None:
    project = Project(watched.root, ROOT, watched.end)
    window = Interval(watched.end - 3600, watched.end)
    for service in SERVICES[:5]:
        account = project.account(service, window)
        slow = SlowModel(project.register, watched.raw, service, ZoneInfo("Europe/Zurich"), watched.end)
        first = account.begins
        assert first is not None
        assert first == slow.begins
        for second in range(first, watched.end):
            assert value_at(account.measured, second) == slow.measured(second), second - first


def test_only_what_an_exporter_saw_fail_was_down(watched: Watched) -> None:
    """Unmeasured time is unknown: neither a dead exporter nor a suspended Prometheus is an outage."""
    project = Project(watched.root, ROOT, watched.end)
    window = Interval(watched.end - 3600, watched.end)
    for service in SERVICES[:2]:
        seen = {row.at for row in watched.raw if row.service == service and row.outcome is Outcome.DOWN}
        for stretch in project.account(service, window).measured:
            if stretch.value is Outcome.DOWN:
                assert {
                    second for second in range(stretch.start, stretch.end) if not {second, second - 1} & seen
                } == set()
    shaky, steady = (project.account(service, window).measured for service in SERVICES[:2])
    assert Outcome.DOWN in {value_at(shaky, second) for second in range(*watched.target_down)}
    assert value_at(steady, watched.paused.end - 1) is Outcome.UNKNOWN
    killed = Interval(watched.exporter_killed.start + 3, watched.exporter_killed.end - 1)
    assert not [row for row in watched.rows if row.vantage == "lyon" and row.at in killed]
    assert Outcome.UP in {value_at(steady, second) for second in range(*killed)}, "two others look"


def test_verb_collects_new_samples_and_reports_them(watched: Watched) -> None:
    span = Interval(watched.end - 3600, watched.end + 600)
    before = len(read_samples(watched.root, span, watched.end))
    done = generate_here("check", "--root", str(watched.root), "--json")
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert len(read_samples(watched.root, span, span.end)) > before
    assert taken["rows"] > 0
    assert [each["id"] for each in taken["services"]] == SERVICES
