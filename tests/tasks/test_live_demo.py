"""The demo that stays alive: its page is served while it is watched, and services break and are mended in turn."""

import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.certificates import build_server_context
from demo.maxony import Maxony, serve_maxony
from tasks.live_demo import BEFORE_S, BROKEN, DURING_S, Stage, break_in_turn, run_live_demo
from tasks.look import look_once, plan_look
from tasks.project import Project
from tests.support.command_line import build_environment
from tests.support.look_recorder import LookRecorder
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_517_400


@pytest.fixture(scope="module")
def servers() -> Iterator[Maxony]:
    with serve_maxony(build_server_context()) as running:
        yield running


def test_services_fail_and_recover_in_turn(servers: Maxony) -> None:
    """At the end nothing stays broken."""
    states: list[tuple[float, set[str]]] = []
    said: list[str] = []

    def pause(seconds: float) -> bool:
        states.append((seconds, {name for name, one in servers.web_servers.items() if one.failing}))
        return len(states) == 6

    break_in_turn(servers, pause, said.append)
    assert states == [
        (seconds, broken) for name in BROKEN for seconds, broken in ((BEFORE_S, set()), (DURING_S, {name}))
    ]
    assert said[:2] == ["api is broken now: it answers 503", "api is mended"]
    assert not [one for one in servers.web_servers.values() if one.failing]


def test_page_is_served_while_watching_and_no_thread_remains(tmp_path: Path, servers: Maxony) -> None:
    check = f'kind: http, url: "http://{servers.api}/v1/status", timeout: 400ms, confirm: {{attempts: 1}}'
    write_project(tmp_path, format_service("api", check, interval="1s"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("the page")
    served: list[bytes] = []

    def announce(address: str) -> None:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own server
            served.append(answer.read())

    clock = iter(range(NOW * 10, NOW * 10 + 10_000))
    stage = Stage(lambda _: None, announce, lambda _: None, lambda: next(clock) / 10, length_s=2)
    plan = plan_look(Project(tmp_path, ROOT, NOW), build_environment())
    before = threading.active_count()
    run_live_demo(plan, servers, LookRecorder(), stage)
    assert served == [b"the page"]
    assert {row["outcome"] for row in read_rows(tmp_path)} == {"up"}
    assert threading.active_count() <= before + 1, "but for one that is about to end"


def test_demo_without_servers_is_unknown_not_down(tmp_path: Path) -> None:
    """Its canary is one of its servers, so nothing is known; and it is said why."""
    with serve_maxony(build_server_context()) as gone:
        check = f'kind: http, url: "http://{gone.api}/v1/status", timeout: 1s, confirm: {{attempts: 1}}'
        write_project(tmp_path, format_service("api", check), monitor=f'  canaries: ["tcp://{gone.dns}"]')
    (tmp_path / ".constat-demo").touch()
    listener = LookRecorder()
    look_once(plan_look(Project(tmp_path, ROOT, NOW), build_environment()), lambda: NOW, listener)
    assert {row["outcome"] for row in read_rows(tmp_path)} == {"unknown"}
    assert listener.troubles[-1].startswith("the demo's servers are gone")
