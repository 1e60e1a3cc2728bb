"""`check` on real files and against real servers: what it records, prints and returns."""

import argparse
import re
import signal
import time
from pathlib import Path

import pytest

from tests.support.command_line import generate, read_lines_until, start_generate
from tests.support.small_project import format_service, read_register_lines, read_rows, write_project
from tests.support.source_tree import ROOT
from tests.support.tcp_speakers import hang, hold_closed_port, send_and_wait, serve_script
from verbs.check import add_arguments

WELL = send_and_wait(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
NOW = "2026-11-25T10:00:00Z"


def test_each_service_gives_a_row_and_down_is_no_error(tmp_path: Path) -> None:
    with serve_script(WELL) as port, hold_closed_port() as closed:
        write_project(
            tmp_path,
            format_service("website", f'kind: http, url: "http://127.0.0.1:{port}/", contains: hello'),
            format_service("api", f"kind: tcp, host: 127.0.0.1, port: {closed}"),
        )
        told = generate(tmp_path, "check", "--now", NOW)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", ""), "quiet when all is well with us"
    seen = {row["service"]: row for row in read_rows(tmp_path)}
    assert {name: (row["outcome"], row["reason"], row["attempts"]) for name, row in seen.items()} == {
        "website": ("up", "", "1"),
        "api": ("down", "refused", "2"),
    }
    assert all(row["at"].startswith("2026-11-25T10:00:0") for row in seen.values())
    assert (tmp_path / "history/2026/11/2026-11-25.csv").is_file()


def test_a_program_runs_only_where_that_is_allowed(tmp_path: Path) -> None:
    write_project(
        tmp_path,
        format_service("queue", "kind: exec, command: [sh, -c, 'touch ran; echo 5 waiting; exit 1']"),
    )
    assert generate(tmp_path, "check", "--now", NOW).returncode == 0
    assert not (tmp_path / "ran").exists()
    assert generate(tmp_path, "check", "--now", "2026-11-25T10:05:00Z", "--allow-exec").returncode == 0
    assert (tmp_path / "ran").exists()
    assert [(row["outcome"], row["reason"]) for row in read_rows(tmp_path)] == [
        ("unknown", "program may not be run here: --allow-exec"),
        ("degraded", "reported '5 waiting'"),
    ]


def test_register_is_recorded_once_before_any_check(tmp_path: Path) -> None:
    with serve_script(WELL) as port:
        write_project(tmp_path, format_service("website", f"kind: tcp, host: 127.0.0.1, port: {port}"))
        for _ in range(2):
            assert generate(tmp_path, "check", "--now", NOW).returncode == 0
    assert [line["kind"] for line in read_register_lines(tmp_path)] == ["page", "service"]
    assert {line["at"] for line in read_register_lines(tmp_path)} == {NOW}


def test_only_due_checks_run(tmp_path: Path) -> None:
    with serve_script(WELL) as port:
        write_project(
            tmp_path,
            format_service("website", f"kind: tcp, host: 127.0.0.1, port: {port}", interval="5m"),
            format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"),
        )
        for now in ("10:00:30", "10:00:50", "10:01:10", "10:05:05"):
            assert generate(tmp_path, "check", "--now", f"2026-11-25T{now}Z").returncode == 0
    assert sorted((row["service"], row["at"][11:16]) for row in read_rows(tmp_path)) == [
        ("api", "10:00"),
        ("api", "10:01"),
        ("api", "10:05"),
        ("website", "10:00"),
        ("website", "10:05"),
    ]


def test_single_service_is_checked_whether_due_or_not(tmp_path: Path) -> None:
    with serve_script(WELL) as port:
        block = f"kind: tcp, host: 127.0.0.1, port: {port}"
        write_project(tmp_path, format_service("website", block), format_service("api", block))
        for now in (NOW, "2026-11-25T10:00:20Z"):
            assert generate(tmp_path, "check", "--only", "api", "--now", now).returncode == 0
    assert [row["service"] for row in read_rows(tmp_path)] == ["api", "api"]


def test_unknown_service_is_refused(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("website", "kind: tcp, host: 127.0.0.1, port: 9"))
    told = generate(tmp_path, "check", "--only", "webiste")
    assert told.returncode == 2
    assert told.stderr == "constat: status.yml has no service webiste\ntip: it has: website\n"
    assert not (tmp_path / "history").exists(), "nothing is written"


def test_invalid_configuration_writes_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("website", "kind: tcp, host: 127.0.0.1, prot: 9"))
    told = generate(tmp_path, "check")
    assert told.returncode == 2
    assert "unknown key prot" in told.stderr
    assert not (tmp_path / "history").exists()


def test_check_of_another_vantage_is_skipped(tmp_path: Path) -> None:
    with serve_script(WELL) as port:
        block = f"kind: tcp, host: 127.0.0.1, port: {port}"
        write_project(tmp_path, format_service("website", f"{block}, vantages: [there]", block))
        assert generate(tmp_path, "check", "--now", NOW).returncode == 0
    assert [row["check"] for row in read_rows(tmp_path)] == ["check-1"]


def test_verbose_prints_each_sample(tmp_path: Path) -> None:
    with hold_closed_port() as port:
        write_project(tmp_path, format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"))
        told = generate(tmp_path, "check", "-v", "--now", NOW)
    first, second = told.stdout.splitlines()
    assert first == "2 new lines in the register"
    assert second.startswith("2026-11-25T10:00:0")
    assert second.endswith(" ms refused")


def test_a_failure_while_every_canary_fails_is_unknown(tmp_path: Path) -> None:
    with hold_closed_port() as port, hold_closed_port() as canary, serve_script(WELL) as well:
        write_project(
            tmp_path,
            format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"),
            format_service("website", f"kind: tcp, host: 127.0.0.1, port: {well}"),
            monitor=f'  canaries: ["tcp://127.0.0.1:{canary}"]',
        )
        assert generate(tmp_path, "check", "--now", NOW).returncode == 0
    assert {row["service"]: (row["outcome"], row["reason"]) for row in read_rows(tmp_path)} == {
        "api": ("unknown", "offline refused"),
        "website": ("up", ""),
    }


@pytest.mark.parametrize("ask", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_ends_cleanly_with_all_samples_written(tmp_path: Path, ask: signal.Signals) -> None:
    with serve_script(WELL) as port, serve_script(hang) as silent:
        write_project(
            tmp_path,
            format_service("website", f"kind: tcp, host: 127.0.0.1, port: {port}"),
            format_service("api", f'kind: http, url: "http://127.0.0.1:{silent}/", timeout: 20s'),
        )
        with start_generate(tmp_path, "check", "-v") as process:
            read_lines_until(process, 1, "website")
            process.send_signal(ask)
            _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, "")
    assert [row["service"] for row in read_rows(tmp_path)] == ["website"]


def test_watch_checks_every_slot_until_its_end(tmp_path: Path) -> None:
    """The clock starts a second before a whole minute."""
    with serve_script(WELL) as port:
        write_project(tmp_path, format_service("website", f"kind: tcp, host: 127.0.0.1, port: {port}"))
        began = time.monotonic()
        told = generate(tmp_path, "check", "--for", "2s", "--now", "2026-11-25T09:59:59Z")
        assert time.monotonic() - began < 30
    assert (told.returncode, told.stderr) == (0, "")
    assert [row["at"] for row in read_rows(tmp_path)] == ["2026-11-25T10:00:00Z"]


def test_the_document_names_every_option_and_no_other() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    told = set(
        re.findall(r"^\| `(--[a-z-]+)", (ROOT / "docs/watching.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    ours = {word for action in parser._actions for word in action.option_strings}
    assert told - {"--root", "--now"} == ours
