"""`exec` with real programs: small shell scripts that behave, and some that do not."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import exec as exec_kind
from checks.probing import Context, Deadline, ProbeResult
from checks.registry import KINDS, load_kind
from checks.secrets import Secrets
from constat import config
from constat.errors import InputError
from tests.support.probe_context import format_result

KIND: CheckKind[exec_kind.Options] = exec_kind

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/root", "CONSTAT_TOKEN": "t0ken-value", "PGHOST": "db"}
SECRETS = Secrets({"CONSTAT_TOKEN": "t0ken-value"}, {"CONSTAT_TOKEN": ("exec",)})


def run(
    folder: Path,
    *command: str,
    within: float = 5,
    allowed: bool = True,
    secrets: Secrets = SECRETS,
    **options: Any,
) -> ProbeResult:
    context = Context(
        Deadline(within), now=0, secrets=secrets, root=folder, programs=ENVIRONMENT if allowed else None
    )
    return exec_kind.probe(exec_kind.Options(command=command, **options), context)


def shell(folder: Path, script: str, **options: Any) -> ProbeResult:
    return run(folder, "sh", "-c", script, **options)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'DISK OK | used=3%'", "up"),
        (
            "echo 'DISK WARNING - 12 % free | used=88%'; exit 1",
            "degraded reported 'DISK WARNING - 12 % free'",
        ),
        ("echo 'DISK CRITICAL'; echo more; exit 2", "down reported 'DISK CRITICAL'"),
        ("echo 'no idea'; exit 3", "unknown reported 'no idea'"),
        ("exit 2", "down reported ''"),
        ("echo 'what'; exit 4", "unknown program ended with 4 'what'"),
        ("kill -9 $$", "unknown program ended with -9 ''"),
        ("no-such-command", "unknown program ended with 127 ''"),
        ("echo up >&2; exit 2", "down reported ''"),
        ("printf '=cmd()\\001,\"x\"\\n'; exit 2", "down reported 'cmd()?,\"x\"'"),
        ("printf '\\377\\376\\n'; exit 2", "down reported '\ufffd\ufffd'"),
        ("head -c 200 /dev/zero | tr '\\0' x; exit 2", f"down reported '{'x' * 57}...'"),
        ("sleep 60", "down timeout after 0.3 s"),
        ("while :; do echo x; done", "down timeout after 0.3 s"),
        ("trap '' TERM INT; sleep 60; sleep 60", "down timeout after 0.3 s"),
    ],
)
def test_each_end_has_its_outcome(tmp_path: Path, script: str, expected: str) -> None:
    began = time.monotonic()
    assert format_result(shell(tmp_path, script, within=0.3 if "timeout" in expected else 5)) == expected
    assert time.monotonic() - began < 20


def test_programs_run_only_if_allowed(tmp_path: Path) -> None:
    result = shell(tmp_path, "touch ran", allowed=False)
    assert format_result(result) == "unknown program may not be run here: --allow-exec"
    assert not (tmp_path / "ran").exists()


def test_arguments_are_not_interpreted_by_a_shell(tmp_path: Path) -> None:
    result = run(tmp_path, "echo", "$HOME; `date` | * > x")
    assert format_result(result) == "up"
    assert result.steps[-1].detail == "exit 0; $HOME; `date`"


def test_program_environment_holds_only_what_the_check_names(tmp_path: Path) -> None:
    result = shell(
        tmp_path, "env | sort | tr '\\n' ' '; exit 2", variables=("PGHOST", "CONSTAT_TOKEN", "NOT_SET")
    )
    assert format_result(result).startswith("down reported 'CONSTAT_TOKEN=[secret] LANG=C.UTF-8 PATH=")
    shell(tmp_path, "env | cut -d= -f1 | sort > names; pwd", variables=("PGHOST",))
    names = set((tmp_path / "names").read_text().split())
    assert names <= {"LANG", "PATH", "PGHOST", "PWD", "SHLVL", "OLDPWD", "_"}


def test_secret_is_passed_to_programs_only_if_declared(tmp_path: Path) -> None:
    elsewhere = Secrets(SECRETS.values, {"CONSTAT_TOKEN": ("api.maxony.example",)})
    result = shell(tmp_path, "true", secrets=elsewhere, variables=("CONSTAT_TOKEN",))
    assert format_result(result) == "unknown secret CONSTAT_TOKEN is not declared for this host"


@pytest.mark.parametrize("command", ["no-such-program", "./missing.sh", "./folder", "./binary"])
def test_program_that_cannot_be_run_is_unknown(tmp_path: Path, command: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\x00\x01 no program")
    (tmp_path / "binary").chmod(0o755)
    assert format_result(run(tmp_path, command)) == "unknown program cannot be run"


def test_a_relative_path_is_looked_up_in_the_project(tmp_path: Path) -> None:
    plugin = tmp_path / "check_queue"
    plugin.write_text("#!/bin/sh\necho QUEUE OK - $1\n")
    plugin.chmod(0o755)
    result = run(tmp_path, "./check_queue", "5 waiting")
    assert format_result(result) == "up"
    assert result.steps[-1].detail == "exit 0; QUEUE OK - 5 waiting"


def _alive(pid: int) -> bool:
    """Whether a process runs: one that was killed may still wait for somebody to ask how it ended."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("last", ["sleep 60", "echo done"])
def test_no_child_process_outlives_the_probe(tmp_path: Path, last: str) -> None:
    """Child processes end with the program, on time or not, and do not delay the probe."""
    began = time.monotonic()
    shell(tmp_path, f"sleep 300 & echo $! > child; {last}", within=0.5)
    assert time.monotonic() - began < 20
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _alive(child)


def test_much_output_is_read_and_dropped(tmp_path: Path) -> None:
    """A program that prints more than a pipe holds must not wait for us for ever."""
    assert (
        format_result(shell(tmp_path, "echo FINE; head -c 1000000 /dev/zero; exit 2"))
        == "down reported 'FINE'"
    )


def test_empty_command_is_refused() -> None:
    with pytest.raises(ValueError, match="an empty command"):
        exec_kind.Options(command=())


def test_a_secret_for_programs_is_declared_with_the_host_exec() -> None:
    status = """
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [en], timezone: Europe/Zurich}
monitor: {vantage: here}
secrets: {CONSTAT_TOKEN: [exec]}
sla: {target: 99}
services: [{id: one, name: One, interval: 1m, checks: [{name: queue, kind: exec, command: [check_queue], variables: [NAME]}]}]
"""
    config.load_config(status.replace("NAME", "CONSTAT_TOKEN"), "status.yml", KINDS, load_kind)
    config.load_config(status.replace("NAME", "PGHOST"), "status.yml", KINDS, load_kind)
    with pytest.raises(InputError, match="the secret CONSTAT_OTHER is not declared"):
        config.load_config(status.replace("NAME", "CONSTAT_OTHER"), "status.yml", KINDS, load_kind)
    with pytest.raises(InputError, match="'A B' is not a valid variable name"):
        config.load_config(status.replace("NAME", "A B"), "status.yml", KINDS, load_kind)
