"""The publishing workflow, unchanged: it builds and pushes the page from `main` and the evidence."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from constat.interval import parse_instant
from demo.maxony import Maxony
from tests.e2e.conftest import NOTICE, START, Stage
from tests.support.git_remote import ENVIRONMENT
from tests.support.running_watch import signal_watch


def test_a_notice_merged_before_its_start_is_announced_in_time(looked: Stage) -> None:
    """Ten minutes ahead: recorded and pushed before the page is built, and on the page."""
    looked.merge("incidents/2026-11-24-certificates.md", NOTICE)
    run = looked.publish("publish", START + 600)
    (line,) = looked.in_register("maintenance")
    assert line["slug"] == "2026-11-24-certificates"
    assert START + 600 <= parse_instant(line["at"]) < START + 720
    assert "New certificates" in (run.folder / "artifact/index.html").read_text()


@pytest.mark.long
def test_publishing_again_without_news_commits_nothing(looked: Stage) -> None:
    looked.publish("once", START + 600)
    before = looked.remote.list_subjects()
    looked.publish("twice", START + 660)
    assert looked.remote.list_subjects() == before


@pytest.mark.long
def test_a_month_is_frozen_when_its_time_has_come(looked: Stage) -> None:
    looked.publish("early", parse_instant("2026-12-02T00:00:00Z"))
    assert "statements/2026-11.json" not in looked.remote.list_paths()
    run = looked.publish("late", parse_instant("2026-12-04T00:00:00Z"))
    statement = looked.remote.read_text("statements/2026-11.json")
    assert json.loads(statement)["month"] == "2026-11"
    assert (run.folder / "artifact/api/sla/2026-11.json").read_text() == statement
    assert "derived/2026/11/2026-11-24.json" in looked.remote.list_paths()


@pytest.mark.long
def test_a_remote_that_refuses_three_times_gets_everything(looked: Stage) -> None:
    looked.merge("incidents/2026-11-24-certificates.md", NOTICE)
    looked.remote.refuse(3)
    looked.publish("publish", START + 600)
    assert [line["slug"] for line in looked.in_register("maintenance")] == ["2026-11-24-certificates"]


@pytest.mark.long
def test_a_run_killed_in_mid_push_is_resumed_by_the_next(looked: Stage) -> None:
    """Killed without warning while the remote thinks: the same command in the same folder brings every row."""
    work, reached = looked.publish("publish", START + 600).checkout, looked.folder / "reached"
    day = work / "history/2026/11/2026-11-24.csv"
    with day.open("a") as file:
        file.write("2026-11-24T09:05:00Z,api,status,up,5,1,60,gha,\n")
    hook = looked.remote.folder / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\ntouch '{reached}'\nsleep 30\n")
    hook.chmod(0o755)
    command = [sys.executable, "generate.py", "push"]
    with subprocess.Popen(command, cwd=work, env=ENVIRONMENT, start_new_session=True) as killed:  # noqa: S603 (our own program)
        while not reached.exists():
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    hook.unlink()
    subprocess.run(command, cwd=work, env=ENVIRONMENT, check=True)  # noqa: S603 (our own program)
    published = looked.remote.read_text("2026/11/2026-11-24.csv").splitlines()
    assert published == day.read_text().splitlines()
    assert published[-1].startswith("2026-11-24T09:05:00Z,api,status,up,")


def test_the_page_tells_of_a_failure_within_its_interval(
    stage: Stage, servers: Maxony, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """From the first failing answer to the built page: one interval, the confirmation, and our own work.

    Our own work takes some seconds on an idle machine. The bound is far above that: it catches a page that waits for
    another interval or push, not a slow machine. The property says how long it took.
    """
    real = {"clock": None}  # what our own work takes is measured: by the world's clock
    settings = (stage.folder / "main/status.yml").read_text().replace("interval: 1m", "interval: 10s")
    stage.merge("status.yml", settings.replace("timeout: 20s", "timeout: 2s"))
    beside = threading.Thread(target=stage.run, args=("watch", "watch", {"WATCH_MINUTES": "1"}), kwargs=real)
    beside.start()
    while not stage.github.list_dispatches("publish"):
        time.sleep(0.1)
    known = len(stage.github.list_dispatches("publish"))
    servers.fail_api()
    failed = time.time()
    while len(stage.github.list_dispatches("publish")) == known:
        time.sleep(0.1)
    page = (stage.publish("publish", **real).folder / "artifact/index.html").read_text()
    took = time.time() - failed
    signal_watch(stage.folder / "watch/work", signal.SIGTERM)
    beside.join()
    assert "API" in page
    assert "en panne" in page
    record_testsuite_property("seconds", round(took, 1))
    assert took <= 10 + 2 + 60
