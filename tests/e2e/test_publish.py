"""The page, as its workflow stands: what `main` says and what the evidence holds, built and pushed."""

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from constat.interval import parse_instant
from demo.maxony import Maxony, maxony
from tests.e2e.conftest import Merge, begin
from tests.support.github_api import FakeGitHub, fake_github
from tests.support.remotes import ENVIRONMENT, Remote
from tests.support.workflow import Clock, Run

START = parse_instant("2026-11-24T09:00:00Z")
NOTICE = """---
title: New certificates
kind: maintenance
services: [api]
starts: 2026-11-24T10:20+01:00
ends: 2026-11-24T11:00+01:00
---
We renew the certificates.
"""


@pytest.fixture(scope="module")
def watched(tls: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that was watched for two minutes; made once, and copied."""
    folder = tmp_path_factory.mktemp("watched")
    with maxony(tls) as servers, fake_github() as github:
        remote = begin(folder, servers)
        given = {"WATCH_MINUTES": "2"}
        run = Run("watch", folder / "watch", remote.url, Clock.bearable(START), github.url, variables=given)
        assert not run.execute().failed
    return folder


@pytest.fixture
def looked(watched: Path, tmp_path: Path) -> Remote:
    """A copy of it, with the clone of its maintainers."""
    shutil.copytree(watched / "main", tmp_path / "main")
    shutil.copytree(watched / "remote.git", tmp_path / "remote.git")
    return Remote(tmp_path / "remote.git")


def publish(remote: Remote, folder: Path, now: int) -> Run:
    """One run of the publishing."""
    run = Run("publish", folder, remote.url, Clock.showing(now)).execute()
    assert not run.failed
    return run


def test_a_notice_merged_before_its_start_is_announced_in_time(looked: Remote, tmp_path: Path) -> None:
    """Ten minutes ahead: recorded and pushed before the page is built, and on the page."""
    Merge(looked, tmp_path / "main")("incidents/2026-11-24-certificates.md", NOTICE)
    run = publish(looked, tmp_path / "publish", START + 600)
    lines = map(json.loads, looked.text("register.jsonl").splitlines())
    (line,) = (line for line in lines if line["kind"] == "maintenance")
    assert line["slug"] == "2026-11-24-certificates"
    assert (
        parse_instant("2026-11-24T09:10:00Z")
        <= parse_instant(line["at"])
        < parse_instant("2026-11-24T09:12:00Z")
    )
    assert "New certificates" in (run.folder / "artifact/index.html").read_text()


def test_publishing_again_without_news_commits_nothing(looked: Remote, tmp_path: Path) -> None:
    publish(looked, tmp_path / "once", START + 600)
    before = looked.commits()
    publish(looked, tmp_path / "twice", START + 660)
    assert looked.commits() == before


def test_a_month_is_frozen_when_its_time_has_come(looked: Remote, tmp_path: Path) -> None:
    run = publish(looked, tmp_path / "early", parse_instant("2026-12-02T00:00:00Z"))
    assert "statements/2026-11.json" not in looked.paths()
    run = publish(looked, tmp_path / "late", parse_instant("2026-12-04T00:00:00Z"))
    statement = looked.text("statements/2026-11.json")
    assert json.loads(statement)["month"] == "2026-11"
    assert (run.folder / "artifact/api/sla/2026-11.json").read_text() == statement
    assert "derived/2026/11/2026-11-24.json" in looked.paths()


def test_a_remote_that_refuses_three_times_gets_everything(looked: Remote, tmp_path: Path) -> None:
    Merge(looked, tmp_path / "main")("incidents/2026-11-24-certificates.md", NOTICE)
    looked.refuse(3)
    publish(looked, tmp_path / "publish", START + 600)
    assert "2026-11-24-certificates" in looked.text("register.jsonl")


def test_a_run_killed_in_mid_push_is_resumed_by_the_next(looked: Remote, tmp_path: Path) -> None:
    """Killed without warning while the remote thinks: the same command in the same folder brings every row."""
    work = publish(looked, tmp_path / "publish", START + 600).checkout
    day = work / "history/2026/11/2026-11-24.csv"
    with day.open("a") as file:
        file.write("2026-11-24T09:05:00Z,api,status,up,5,1,60,gha,\n")
    hook = looked.folder / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/reached'\nsleep 30\n")
    hook.chmod(0o755)
    command = [sys.executable, "generate.py", "push"]
    with subprocess.Popen(command, cwd=work, env=ENVIRONMENT, start_new_session=True) as killed:  # noqa: S603 (our own program)
        while not (tmp_path / "reached").exists():
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    hook.unlink()
    subprocess.run(command, cwd=work, env=ENVIRONMENT, check=True)  # noqa: S603 (our own program)
    assert looked.text("2026/11/2026-11-24.csv").splitlines() == day.read_text().splitlines()


def test_the_page_tells_of_a_failure_within_its_interval(
    remote: Remote, servers: Maxony, merge: Merge, github: FakeGitHub, tmp_path: Path
) -> None:
    """From the first failing answer to the built page: one interval, the confirmation, and 10 s of our own."""
    settings = (tmp_path / "main/status.yml").read_text().replace("interval: 1m", "interval: 10s")
    merge("status.yml", settings.replace("timeout: 20s", "timeout: 2s"))
    clock = Clock.showing(time.time())
    watch = Run("watch", tmp_path / "watch", remote.url, clock, github.url, variables={"WATCH_MINUTES": "1"})
    beside = threading.Thread(target=watch.execute)
    beside.start()
    while not github.dispatched("publish"):
        time.sleep(0.1)
    known = len(github.dispatched("publish"))
    servers.fail_api()
    failed = time.time()
    while len(github.dispatched("publish")) == known:
        time.sleep(0.1)
    page = (
        publish(remote, tmp_path / "publish", int(time.time())).folder / "artifact/index.html"
    ).read_text()
    took = time.time() - failed
    lock = watch.checkout / "history/.watch-gha.lock"
    os.kill(int(lock.read_text().split()[1]), signal.SIGTERM)
    beside.join()
    assert "API" in page
    assert "en panne" in page
    assert took <= 10 + 2 + 10
