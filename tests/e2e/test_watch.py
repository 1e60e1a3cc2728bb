"""The watch workflow, unchanged: run after run on a repository, against real servers."""

import csv
import io
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.registry import KINDS, load_kind
from constat.availability import build_account, compute_figures
from constat.interval import Instant, Interval, parse_instant
from constat.model import Figures
from constat.register import build_effective_register
from outside.branch.append import push
from outside.evidence.store import load_evidence, read_register
from outside.project.files import read_config
from tests.e2e.conftest import NOTICE, START, Stage, Watched
from tests.support.git_remote import HURRIED
from tests.support.running_watch import signal_watch

DAY = "2026/11/2026-11-24.csv"
TAKE = "Take the evidence, unless a watch is alive"
HAND_OVERS = 2


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_first_run_on_an_empty_repository_starts_the_chain(stage: Stage) -> None:
    """It begins the branch, looks, pushes, has the page published, and calls the next watch for the very end.

    It begins at 09:03:40, so that the slot of the checks that are made every five minutes is in it.
    """
    stage.clock.set(START + 220)
    run = stage.run("watch", "first", {"WATCH_MINUTES": "4"}, set_up_s=40)
    assert not run.failed
    seen = rows(stage.remote.read_text(DAY))
    assert {row["service"] for row in seen} == {"website", "applications", "api", "smtp", "sms", "dedicated"}
    assert {row["outcome"] for row in seen} == {"up"}
    assert [line["id"] for line in stage.in_register("service")]
    assert stage.github.list_dispatches("publish")
    assert stage.github.list_dispatches("watch") == [{"from": run.outputs["take"]["until"]}]
    assert "promised checks were made" in run.summary()
    assert re.search(r"Pushed (once|\d+ times), last at 2026-11-24T09:", run.summary())
    assert "Notified meanwhile: 0 sent, 0 failed." in run.summary()


def test_unneeded_watch_exits_at_once(looked: Stage) -> None:
    """The cron starts it while a watch is alive: it neither looks nor pushes."""
    before = looked.remote.list_subjects()
    looked.clock.set(START + 360)
    run = looked.run("watch", "second")
    assert run.outputs == {"take": {"watch": "no"}}
    assert "it is alive" in run.output[TAKE]
    assert looked.remote.list_subjects() == before


def test_a_chain_that_broke_is_restarted(looked: Stage) -> None:
    looked.clock.set(START + 3600)
    run = looked.run("watch", "second")
    assert run.outputs["take"]["watch"] == "yes"
    assert max(row["at"] for row in rows(looked.remote.read_text(DAY))) > "2026-11-24T10:00:00Z"


def test_one_of_two_simultaneous_watches_stays(stage: Stage) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda n: stage.run("watch", f"run{n}"), range(2)))
    assert sorted(run.outputs["take"]["watch"] for run in runs) == ["no", "yes"]


@pytest.mark.long
def test_simultaneous_watches_lose_no_row(stage: Stage) -> None:
    """From five places, in the same seconds: every row of each is on the branch, once."""
    places = [f"place{number}" for number in range(5)]
    settings = (stage.folder / "main/status.yml").read_text()
    stage.merge("status.yml", settings.replace("timeout: 20s}", f"timeout: 20s, vantages: {places}}}"))
    with ThreadPoolExecutor(len(places)) as pool:
        runs = list(pool.map(lambda place: stage.run("watch", place, {"VANTAGE": place}), places))
    assert [run.failed for run in runs] == [""] * len(places)
    published = stage.remote.read_text(DAY).splitlines()
    assert len(published) == len(set(published))
    written = set()
    for run, place in zip(runs, places, strict=True):
        ours = set((run.checkout / "history" / DAY).read_text().splitlines())
        assert {row[:17] for row in ours if f",{place}," in row} >= {"2026-11-24T09:01:"}
        written |= ours
    assert written == set(published)


def test_one_of_two_watches_called_for_the_same_time_stays(stage: Stage) -> None:
    """A call that GitHub took and did not confirm is made again: there is one chain all the same."""
    event = {"client_payload": {"from": "2026-11-24T09:00:50Z"}}
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda n: stage.run("watch", f"run{n}", event=event), range(2)))
    assert sorted(run.outputs["take"]["watch"] for run in runs) == ["no", "yes"]
    assert len(stage.github.list_dispatches("watch")) == 1


def test_a_watch_that_dies_is_followed_at_once(stage: Stage) -> None:
    """What goes on beside it calls the next one, to begin now, and says on the branch that this one is over."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(stage.run, "watch", "first", {"WATCH_MINUTES": "5"})
        while not stage.github.list_dispatches("publish"):
            stage.clock.wait(1)
        signal_watch(stage.folder / "first/work", signal.SIGKILL)
        taken = first.result().outputs["take"]
    (called,) = stage.github.list_dispatches("watch")
    assert called["from"] < taken["until"]
    second = stage.run("watch", "second", event={"client_payload": called})
    assert second.outputs["take"]["watch"] == "yes"


def test_unpushed_rows_are_kept_and_can_be_pushed_later(looked: Stage, watched: Watched) -> None:
    """The machine of a run is gone after it: an artifact holds its rows, and a clone takes them."""
    looked.remote.refuse(1000)
    run = looked.run("watch", "second", event={"client_payload": {"from": watched.until}})
    assert "git push failed" in run.failed
    looked.remote.refuse(0)
    rows_ = (run.checkout / "history" / DAY).read_text().splitlines()
    assert set(rows_) - set(looked.remote.read_text(DAY).splitlines())
    later = looked.remote.clone(looked.folder / "later")
    shutil.copytree(run.folder / "not-pushed", later.folder, dirs_exist_ok=True)
    assert push(later, "gha: evidence", int(looked.clock.now()), HURRIED)
    assert set(rows_) <= set(looked.remote.read_text(DAY).splitlines())


def test_hand_overs_miss_no_slot(
    stage: Stage, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Each run is called by the one before, sets up for 40 s, and takes over at the second it was told."""
    with ThreadPoolExecutor(HAND_OVERS + 2) as pool:
        given = {"variables": {"WATCH_MINUTES": "3"}, "set_up_s": 40}
        waiting = [pool.submit(stage.run, "watch", "run0", **given)]  # type: ignore[arg-type]
        for number in range(1, HAND_OVERS + 1):
            while len(stage.github.list_dispatches("watch")) < number:
                stage.clock.wait(1)
            event = {"client_payload": stage.github.list_dispatches("watch")[number - 1]}
            waiting.append(pool.submit(stage.run, "watch", f"run{number}", event=event, **given))  # type: ignore[arg-type]
        runs = [run.result() for run in waiting]
    assert [run.failed for run in runs] == [""] * (HAND_OVERS + 1)
    taken = [run.outputs["take"] for run in runs]
    assert [run["from"] for run in taken[1:]] == [run["until"] for run in taken[:-1]]
    begun, ended = parse_instant(taken[0]["from"]), parse_instant(taken[-1]["until"])
    assert ended - begun == (HAND_OVERS + 1) * 180
    for figures in measure_figures(stage, Interval(begun, ended)):
        record_testsuite_property(
            figures.service, f"{figures.made} of {figures.expected} checks, covered {figures.all.coverage}"
        )
        assert figures.all.coverage is not None
        assert figures.all.coverage >= 0.995
        assert figures.expected - figures.made <= HAND_OVERS  # at most one slot is missed at each


def measure_figures(stage: Stage, window: Interval) -> Iterator[Figures]:
    """The figures of every service, as the program computes them from what is on the branch."""
    root = stage.folder / "measured"
    stage.remote.clone(root / "history")
    config, now = read_config(stage.folder / "main", KINDS, load_kind), window.end
    zone = config.page.timezone
    evidence = load_evidence(root, Interval(window.start, now + 1), zone, now)
    register = build_effective_register(read_register(root, now), config, (), now)
    for service in config.services:
        yield compute_figures(build_account(register, evidence, service.id, zone, now), window, now)


@pytest.mark.long
def test_a_notice_merged_between_two_runs_is_recorded_by_the_next(looked: Stage, watched: Watched) -> None:
    looked.merge("incidents/2026-11-24-certificates.md", NOTICE)
    event = {"client_payload": {"from": watched.until}}
    assert not looked.run("watch", "second", event=event).failed
    (line,) = looked.in_register("maintenance")
    assert line["slug"] == "2026-11-24-certificates"
    assert parse_instant(line["at"]) >= parse_instant(watched.until) - 10


def test_a_notice_merged_while_it_watches_is_recorded_within_some_seconds_over_a_minute(stage: Stage) -> None:
    """`main` is fetched every minute, and the watch looks every five seconds whether it changed; it leaves at once."""
    run = threading.Thread(target=stage.run, args=("watch", "run", {"WATCH_MINUTES": "5"}))
    run.start()
    while not stage.github.list_dispatches("publish"):
        stage.clock.wait(1)
    merged = merged_at(stage)
    while not stage.in_register("maintenance"):
        stage.clock.wait(1)
    (line,) = stage.in_register("maintenance")
    assert merged <= parse_instant(line["at"]) <= merged + 60 + 5 + 10
    assert stage.clock.now() <= merged + 60 + 5 + 20
    run.join()


def merged_at(stage: Stage) -> Instant:
    """Merge the notice; when that was."""
    with stage.clock.at_work():
        stage.merge("incidents/2026-11-24-certificates.md", NOTICE)
        return int(stage.clock.now())
