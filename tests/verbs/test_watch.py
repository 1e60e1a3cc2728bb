"""`check --for`: the failures that a watch survives, and the samples it keeps when it does not."""

import resource
import signal
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from constat.interval import parse_instant
from outside.evidence.signals import read_last_change
from tests.support.command_line import (
    build_command,
    build_environment,
    generate,
    read_lines_until,
    read_rest,
    start_generate,
)
from tests.support.small_project import format_service, read_register_lines, read_rows, write_project
from tests.support.tcp_speakers import hold_closed_port, send_and_wait, serve_script

WELL = send_and_wait(b"")
FAST = "timeout: 200ms, confirm: {attempts: 1, delay: 0s}"
NOW = "2026-11-25T10:00:00Z"


def write_watched_project(root: Path, port: int, services: int = 1) -> Path:
    """A project with services that are checked every second."""
    block = f"kind: tcp, host: 127.0.0.1, port: {port}, {FAST}"
    return write_project(
        root, *(format_service(f"service-{n}", block, interval="1s") for n in range(services))
    )


class TestKilled:
    def test_kill_at_any_moment_keeps_every_reported_row(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port, services=4)
            reported: list[str] = []
            for moment in (1, 6, 11):
                with start_generate(tmp_path, "check", "-v", "--for", "90s") as process:
                    reported += [line for line in read_lines_until(process, moment, " up ") if " up " in line]
                    process.send_signal(signal.SIGKILL)
                    rest, _ = read_rest(process)
                    reported += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
        kept = {(row["at"], f"{row['service']}/{row['check']}") for row in read_rows(tmp_path)}
        told = {(line.split()[0], line.split()[1]) for line in reported}
        assert len(reported) >= 18
        assert told <= kept

    def test_next_watch_takes_over_and_says_so(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            with start_generate(tmp_path, "check", "-v", "--for", "90s") as process:
                read_lines_until(process, 1, " up ")
                process.kill()
            told = generate(tmp_path, "check", "--for", "1s")
        assert told.returncode == 0
        assert told.stderr.startswith(
            f"constat: the watch before this one did not end properly: process {process.pid}"
        )

    def test_sigterm_ends_the_watch_cleanly(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            with start_generate(tmp_path, "check", "-v", "--for", "90s") as process:
                read_lines_until(process, 1, " up ")
                process.terminate()
                rest, errors = read_rest(process)
            told = generate(tmp_path, "check", "--for", "1s")
        count = 1 + rest.count(" up ")
        assert (process.returncode, errors) == (
            0,
            f"constat: the watch was interrupted; {count} samples are recorded\n",
        )
        assert told.stderr == "", "it let go of its lock"


class TestTwo:
    def test_a_second_watch_in_the_same_folder_is_refused_with_who_watches(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            with start_generate(tmp_path, "check", "-v", "--for", "90s") as process:
                read_lines_until(process, 1, " up ")
                told = generate(tmp_path, "check", "--for", "1s")
                once = generate(tmp_path, "check", "--only", "service-0")
        assert told.returncode == 2
        assert f"is being watched already from the vantage here (process {process.pid} since " in told.stderr
        assert "tip: stop that watch first" in told.stderr
        assert once.returncode == 0, "one look by hand is welcome: rows are a set"

    def test_two_vantages_watch_the_same_project(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            block = f"kind: tcp, host: 127.0.0.1, port: {port}, {FAST}, vantages: [here, there], quorum: 2"
            write_project(tmp_path, format_service("api", block, interval="1s"))
            with (
                start_generate(tmp_path, "check", "-v", "--for", "90s") as here,
                start_generate(tmp_path, "check", "-v", "--for", "90s", "--vantage", "there") as there,
            ):
                read_lines_until(here, 2, " up ")
                read_lines_until(there, 2, " up ")
        assert {row["vantage"] for row in read_rows(tmp_path)} == {"here", "there"}


class TestDisk:
    """A bound on the size of files stands for a full disk: the operating system refuses the same write."""

    def test_a_full_disk_is_reported_and_no_sample_is_reported_as_written(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            folder = tmp_path / "history/2026/11"
            folder.mkdir(parents=True)
            (folder / "2026-11-25.csv").write_text("x" * 8192)
            words = build_command(tmp_path, "check", "-v", "--now", NOW, "--only", "service-0")
            told = subprocess.run(  # noqa: S603 (our own program)
                ["/bin/sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *words],  # in blocks of 512 or 1024 bytes
                capture_output=True,
                text=True,
                env=build_environment(),
                check=False,
            )
        assert told.returncode == 2
        assert "2026-11-25.csv could not be appended to: File too large" in told.stderr
        assert " up " not in told.stdout

    def test_watch_keeps_samples_until_they_can_be_written(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            day = tmp_path / "history/2026/11/2026-11-25.csv"
            with start_generate(tmp_path, "check", "-v", "--for", "90s", "--now", NOW) as process:
                read_lines_until(process, 1, " up ")
                _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (day.stat().st_size, hard))
                assert process.stderr is not None
                assert "File too large; 1 samples wait" in process.stderr.readline()
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
                read_lines_until(process, 4, " up ")
        at = sorted(parse_instant(row["at"]) for row in read_rows(tmp_path))
        assert max(later - earlier for earlier, later in pairwise(at)) < 5, "five seconds went by meanwhile"

    def test_watch_continues_if_its_log_is_on_a_full_disk(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port, Path("/dev/full").open("w", encoding="utf-8") as full:
            write_watched_project(tmp_path, port)
            (tmp_path / "history").mkdir()
            (tmp_path / "history" / ".watch-here.lock").write_text("process 1 since long", encoding="utf-8")
            told = subprocess.run(  # noqa: S603 (our own program)
                build_command(tmp_path, "check", "-v", "--for", "3s", "--now", NOW),
                stdout=full,
                stderr=full,
                env=build_environment(),
                check=False,
            )
        assert told.returncode == 0
        assert len(read_rows(tmp_path)) >= 2

    def test_unwritable_folder_is_reported(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port).chmod(0o555)
            told = generate(tmp_path, "check", "--now", NOW, powerless=True)
        assert told.returncode == 2
        assert (
            told.stderr
            == f"constat: {tmp_path}/history/register.jsonl could not be appended to: Permission denied\n"
        )
        assert not (tmp_path / "history").exists()


class TestFollowing:
    def test_changes_of_the_files_take_effect_in_the_running_watch(self, tmp_path: Path) -> None:
        """A new service is looked at; a typo is then reported once, and the watch continues unchanged."""
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            with start_generate(tmp_path, "check", "-v", "--for", "90s") as process:
                read_lines_until(process, 1, "service-0/check-0 up")
                write_watched_project(tmp_path, port, services=2)
                read_lines_until(process, 1, "service-1/check-0 up")
                (tmp_path / "status.yml").write_text("services: 7", encoding="utf-8")
                assert process.stderr is not None
                assert process.stderr.readline().startswith(
                    "constat: the watch continues unchanged: status.yml"
                )
                read_lines_until(process, 1, "service-1/check-0 up")
        recorded = [line["id"] for line in read_register_lines(tmp_path) if line["kind"] == "service"]
        assert recorded == ["service-0", "service-1"], "the new promise is on record"

    def test_only_a_change_of_state_is_signalled(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            assert generate(tmp_path, "check", "--for", "2s", "--now", NOW).returncode == 0
            first = read_last_change(tmp_path)
            assert generate(tmp_path, "check", "--for", "2s", "--now", "2026-11-25T10:00:03Z").returncode == 0
            assert read_last_change(tmp_path) == first, (
                "up it was, up it stays: also for the watch that takes over"
            )
        assert generate(tmp_path, "check", "--for", "2s", "--now", "2026-11-25T10:00:06Z").returncode == 0
        word = read_last_change(tmp_path)
        assert word is not None
        assert word.startswith("2026-11-25T10:00:06Z ")
        assert read_rows(tmp_path)[-1]["outcome"] == "down"


class TestSummary:
    def test_summary_counts_expected_and_made_checks(self, tmp_path: Path) -> None:
        file = tmp_path / "summary.md"
        with serve_script(WELL) as port:
            write_project(tmp_path, format_service("api", f"kind: tcp, host: 127.0.0.1, port: {port}"))
            words = ("--for", "2s", "--now", NOW)
            assert generate(tmp_path, "check", *words, GITHUB_STEP_SUMMARY=str(file)).returncode == 0
        text = file.read_text(encoding="utf-8")
        assert text.startswith("### Watched 2026-11-25T10:00:00Z to 2026-11-25T10:00:02Z from here\n")
        assert "| `api` | 1 | 1 | 0 | 0 s | 100.00 % |" in text
        assert "1 of 1 promised checks were made, 0 missed; 1 samples recorded." in text

    def test_unwritable_summary_is_reported(self, tmp_path: Path) -> None:
        with serve_script(WELL) as port:
            write_watched_project(tmp_path, port)
            told = generate(tmp_path, "check", "--for", "1s", "--now", NOW, "--summary", str(tmp_path))
        assert told.returncode == 2
        assert told.stderr == f"constat: {tmp_path} could not be written: Is a directory\n"
        assert len(read_rows(tmp_path)) == 1, "what was seen is recorded all the same"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ("--for", "soon"),
            "'soon' is not a valid duration; write a whole number and a unit: 90s, 5m, 4h or 14d",
        ),
        (("--for", "1m", "--until", NOW), "not allowed with argument --for"),
        (
            ("--until", "noon"),
            "argument --until: 'noon' is not a valid time; write it as 2026-11-23T10:00:00Z",
        ),
        (("--from", "2026-11-25T10:00"), "'2026-11-25T10:00' is not a valid time; write it as"),
        (
            ("--vantage", "My Office"),
            "'My Office' is not a valid name; use lower-case letters, digits and hyphens",
        ),
    ],
)
def test_invalid_arguments_are_refused(tmp_path: Path, words: tuple[str, ...], complaint: str) -> None:
    told = generate(write_watched_project(tmp_path, 9), "check", *words)
    assert told.returncode == 2
    assert complaint in told.stderr
    assert not (tmp_path / "history").exists()


def test_watch_begins_and_ends_as_requested(tmp_path: Path) -> None:
    with hold_closed_port() as port:
        write_watched_project(tmp_path, port)
        words = ("--from", "2026-11-25T10:00:02Z", "--until", "2026-11-25T10:00:04Z", "--now", NOW)
        assert generate(tmp_path, "check", *words).returncode == 0
    at = {row["at"][-3:] for row in read_rows(tmp_path)}
    assert at
    assert at <= {"02Z", "03Z"}
