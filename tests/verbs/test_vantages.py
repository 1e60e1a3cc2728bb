"""Two vantages write into one history, and the quorum decides what their disagreement means."""

from pathlib import Path
from zoneinfo import ZoneInfo

from constat.availability import build_account
from constat.interval import Interval, parse_instant, value_at
from constat.model import Outcome
from outside.evidence import store
from tests.support.command_line import generate, read_lines_until, start_generate
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.tcp_speakers import send_and_wait, serve_script

UTC = ZoneInfo("UTC")


def project(root: Path, port: int, interval: str = "1m") -> Path:
    """One service that counts as down if both of two vantages say so."""
    check = (
        f"kind: tcp, host: 127.0.0.1, port: {port}, timeout: 200ms, confirm: {{attempts: 1, delay: 0s}}, "
        "vantages: [here, there], quorum: 2"
    )
    return write_project(root, format_service("api", check, interval=interval))


def state(root: Path, at: str) -> Outcome | None:
    """Return the state of the service at an instant, by the evidence."""
    instant = parse_instant(at)
    evidence = store.load_evidence(root, Interval(instant - 3600, instant + 1), UTC, instant)
    counted = build_account(store.read_register(root, instant), evidence, "api", UTC, instant)
    return value_at(counted.states, instant)


def look(root: Path, vantage: str, at: str) -> str:
    """Look once from a vantage; return the samples."""
    told = generate(root, "check", "--vantage", vantage, "--now", at)
    assert (told.returncode, told.stderr) == (0, "")
    return next(row["outcome"] for row in reversed(read_rows(root)) if row["vantage"] == vantage)


def test_disagreeing_vantages_degrade_and_a_single_one_decides(tmp_path: Path) -> None:
    with serve_script(send_and_wait(b"")) as port:
        project(tmp_path, port)
        assert look(tmp_path, "here", "2026-11-25T10:00:00Z") == "up"
        assert state(tmp_path, "2026-11-25T10:00:05Z") is Outcome.UP
        assert look(tmp_path, "there", "2026-11-25T10:00:00Z") == "up"
    assert look(tmp_path, "there", "2026-11-25T10:01:00Z") == "down"
    assert state(tmp_path, "2026-11-25T10:01:05Z") is Outcome.DEGRADED, "the other still speaks, and says up"
    assert state(tmp_path, "2026-11-25T10:02:30Z") is Outcome.DOWN, (
        "the other is silent: who looks is believed"
    )
    assert look(tmp_path, "here", "2026-11-25T10:02:00Z") == "down"
    assert look(tmp_path, "there", "2026-11-25T10:02:00Z") == "down"
    assert state(tmp_path, "2026-11-25T10:02:30Z") is Outcome.DOWN


def test_simultaneous_watches_lose_no_rows(tmp_path: Path) -> None:
    with serve_script(send_and_wait(b"")) as port:
        project(tmp_path, port, interval="1s")
        with (
            start_generate(tmp_path, "check", "-v", "--for", "90s") as here,
            start_generate(tmp_path, "check", "-v", "--for", "90s", "--vantage", "there") as there,
        ):
            told = {"here": read_lines_until(here, 4, " up "), "there": read_lines_until(there, 4, " up ")}
    written = {(row["vantage"], row["at"]) for row in read_rows(tmp_path)}
    for vantage, lines in told.items():
        assert {(vantage, line.split()[0]) for line in lines if " up " in line} <= written


def test_a_vantage_that_no_check_names_is_refused(tmp_path: Path) -> None:
    project(tmp_path, 9)
    told = generate(tmp_path, "check", "--vantage", "tehre")
    assert told.returncode == 2
    assert told.stderr.startswith("constat: no check runs from the vantage tehre\ntip: ")
    assert not (tmp_path / "history").exists()
