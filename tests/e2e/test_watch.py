"""The watch, as its workflow stands: run after run on a repository, against real servers."""

import csv
import io
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from constat.interval import parse_instant
from tests.support.github_api import FakeGitHub
from tests.support.remotes import Remote
from tests.support.workflow import Clock, Run

START = parse_instant("2026-11-24T09:00:00Z")
DAY = "2026/11/2026-11-24.csv"


def watch(remote: Remote, github: FakeGitHub, folder: Path, clock: Clock, **more: object) -> Run:
    """One run of the watch, to its end."""
    given = {"variables": {"WATCH_MINUTES": "2"}, **more}
    return Run("watch", folder, remote.url, clock, github.url, **given).execute()  # type: ignore[arg-type]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_first_run_on_an_empty_repository(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    """It begins the branch, looks, pushes, has the page published, and calls the next watch for the very end.

    It begins at 09:03:40, so that the slot of the checks that are made every five minutes is in it.
    """
    run = watch(
        remote,
        github,
        tmp_path / "first",
        Clock.bearable(START + 220),
        variables={"WATCH_MINUTES": "4"},
        set_up_s=40,
    )
    assert not run.failed
    seen = rows(remote.text(DAY))
    assert {row["service"] for row in seen} == {"website", "applications", "api", "smtp", "sms"}
    assert {row["outcome"] for row in seen} == {"up"}
    assert '"kind":"service","id":"api"' in remote.text("register.jsonl")
    assert github.dispatched("publish")
    assert github.dispatched("watch") == [{"from": run.outputs["take"]["until"]}]
    assert "promised checks were made" in run.summary()
    assert re.search(r"Pushed (once|\d+ times), last at 2026-11-24T09:", run.summary())
    assert "Notified meanwhile: 0 sent, 0 failed." in run.summary()


def test_one_that_is_not_needed_leaves_at_once(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    """The cron starts it while a watch is alive: it neither looks nor pushes."""
    watch(remote, github, tmp_path / "first", Clock.bearable(START))
    before = remote.commits()
    run = watch(remote, github, tmp_path / "second", Clock.showing(START + 360))
    assert run.outputs == {"take": {"watch": "no"}}
    assert "it is alive" in run.output["Take the evidence, unless a watch is alive"]
    assert remote.commits() == before


def test_a_chain_that_broke_is_restarted(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    watch(remote, github, tmp_path / "first", Clock.bearable(START))
    run = watch(remote, github, tmp_path / "second", Clock.bearable(START + 3600))
    assert run.outputs["take"]["watch"] == "yes"
    assert max(row["at"] for row in rows(remote.text(DAY))) > "2026-11-24T10:00:00Z"


def test_of_two_that_start_together_one_stays(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    clock = Clock.bearable(START)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda n: watch(remote, github, tmp_path / f"run{n}", clock), range(2)))
    assert sorted(run.outputs["take"]["watch"] for run in runs) == ["no", "yes"]


def test_five_at_the_same_time_lose_no_row(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    """All were called to take over: every row of each is on the branch, once."""
    clock = Clock.bearable(START)
    given = {
        "variables": {"WATCH_MINUTES": "2"},
        "event": {"client_payload": {"from": "2026-11-24T09:00:30Z"}},
    }
    with ThreadPoolExecutor(5) as pool:
        runs = list(pool.map(lambda n: watch(remote, github, tmp_path / f"run{n}", clock, **given), range(5)))
    assert [run.failed for run in runs] == [""] * 5
    published = remote.text(DAY).splitlines()
    assert len(published) == len(set(published))
    for run in runs:
        ours = (run.checkout / "history" / DAY).read_text().splitlines()
        assert len(ours) > 5
        assert set(ours) <= set(published)


def test_ten_hand_overs_observe_everything(remote: Remote, github: FakeGitHub, tmp_path: Path) -> None:
    """Each run is called by the one before, sets up for 40 s, and takes over at the second it was told."""
    clock, given = Clock.bearable(START), {"variables": {"WATCH_MINUTES": "3"}, "set_up_s": 40}
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(watch, remote, github, tmp_path / "run0", clock, **given)]
        for number in range(1, 11):
            while len(github.dispatched("watch")) < number:
                clock.pause(1)
            event = {"client_payload": github.dispatched("watch")[number - 1]}
            folder = tmp_path / f"run{number}"
            waiting.append(pool.submit(watch, remote, github, folder, clock, event=event, **given))
        assert [run.result().failed for run in waiting] == [""] * 11
    samples = sorted(parse_instant(row["at"]) for row in rows(remote.text(DAY)) if row["service"] == "api")
    blind = sum(max(0, later - earlier - 120) for earlier, later in itertools.pairwise(samples))
    assert samples[-1] - samples[0] > 30 * 60
    assert blind <= 0.005 * (samples[-1] - samples[0])
