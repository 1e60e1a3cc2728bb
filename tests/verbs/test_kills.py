"""A machine killed at any moment while it checks, pushes, seals or freezes keeps everything that it reported."""

import csv
import random
import subprocess
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

from constat.interval import DAY_S, MINUTE_S, format_instant, parse_instant
from tests.support.command_line import generate, read_lines_until, read_rest, start_generate
from tests.support.effort import scale_tries
from tests.support.git_remote import Remote
from tests.support.small_project import format_service, write_project
from tests.support.tcp_speakers import send_and_wait, serve_script

FIRST = parse_instant("2026-10-28T12:00:00Z")
"""When the project began: November is promised from its first second."""
BEGIN = parse_instant("2026-11-28T12:00:00Z")
SPAN_S = 10 * DAY_S
"""Over the end of November, and past the day on which it is frozen."""
ROUNDS = scale_tries(5)
"""Each with four kills."""
SERVICES = 25


def _list_work(at: int) -> list[tuple[str, ...]]:
    now = ("--now", format_instant(at))
    return [("push", *now), ("push", "--record", *now), ("statement", "--due", *now)]


def _watch_and_kill(root: Path, at: int, after_s: float) -> set[tuple[str, str]]:
    """Kill a watch some time after its first row; return the time and the check of each row that it had reported."""
    with start_generate(
        root, "check", "-v", "--for", "90s", "--now", format_instant(at), quick=True
    ) as process:
        lines = read_lines_until(process, 1, " up ")
        _kill(process, after_s)
        printed, _ = read_rest(process)
    lines += [line for line in printed.splitlines(keepends=True) if line.endswith("\n")]
    return {(line.split()[0], line.split()[1]) for line in lines if " up " in line}


def _kill(process: "subprocess.Popen[str]", after_s: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    process.kill()


def _list_rows(remote: Remote) -> set[tuple[str, str]]:
    """Every row of the branch, by its time and its check."""
    days = [path for path in remote.list_paths() if path.startswith("2026/")]
    rows = [row for path in days for row in csv.DictReader(StringIO(remote.read_text(path)))]
    return {(row["at"], f"{row['service']}/{row['check']}") for row in rows}


def test_kill_at_any_moment_loses_nothing_reported(tmp_path: Path) -> None:
    chance = random.Random(20261129)  # noqa: S311 -- the same moments each time, as far as a machine is
    remote = Remote(tmp_path / "remote.git")
    reported: set[tuple[str, str]] = set()
    with serve_script(send_and_wait(b"")) as port:
        check = (
            f"kind: tcp, host: 127.0.0.1, port: {port}, timeout: 200ms, confirm: {{attempts: 1, delay: 0s}}"
        )
        root = write_project(
            tmp_path, *(format_service(f"service-{n}", check, interval="1s") for n in range(SERVICES))
        )
        begun = ("push", "--prepare", "watch", "--remote", remote.url, "--now", format_instant(FIRST))
        assert generate(root, *begun).returncode == 0
        assert generate(root, "check", "--now", format_instant(FIRST)).returncode == 0
        usual_s = [_take_time(root, words) for words in _list_work(FIRST)]
        for number in range(ROUNDS):
            at = BEGIN + number * SPAN_S // ROUNDS
            reported |= _watch_and_kill(root, at, chance.uniform(0, 0.5))
            for words, usual in zip(_list_work(at + MINUTE_S), usual_s, strict=True):
                with start_generate(root, *words, quick=True) as process:
                    _kill(process, chance.uniform(0.1, 1.1) * usual)
                    read_rest(process)
            again = ("push", "--record", "--now", format_instant(at + 2 * MINUTE_S))
            assert generate(root, *again).returncode == 0
    end = format_instant(BEGIN + SPAN_S)
    for words in (("push",), ("statement", "--due"), ("push",)):
        assert generate(root, *words, "--now", end).returncode == 0
    verified = generate(root, "verify", "--now", end)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "2026-11" in verified.stdout
    assert len(reported) >= SERVICES
    assert reported <= _list_rows(remote)


def _take_time(root: Path, words: tuple[str, ...]) -> float:
    """How many seconds something takes on this machine, now, to its end."""
    began = time.monotonic()
    with start_generate(root, *words, quick=True) as process:
        read_rest(process)
    assert process.returncode == 0
    return time.monotonic() - began
