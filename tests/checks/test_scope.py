"""Which checks a vantage runs, when they are due, and with which secrets."""

from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from checks.runner import Policy
from checks.scope import build_policy, find_longest_interval, select_due, select_targets
from constat.interval import Interval
from constat.model import Config, Outcome, Sample
from outside.project.files import read_config
from tests.support.plain_evidence import roll_up_samples
from tests.support.small_project import format_service, write_project

START = 1_795_600_800  # 2026-11-25T10:00:00Z
BLOCK = "kind: tcp, host: smtp.maxony.example, port: 25"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    write_project(
        tmp_path,
        format_service("website", BLOCK, f"{BLOCK}, vantages: [here, there]", interval="5m"),
        format_service("smtp", f"{BLOCK}, vantages: [there], interval: 1h"),
        monitor="  blocked: [25]\n  workers: 7",
        more="secrets:\n  CONSTAT_X: [smtp.maxony.example]",
    )
    return read_config(tmp_path, KINDS, load_kind)


def names(config: Config, vantage: str, only: str | None = None) -> list[str]:
    return [f"{target.service}/{target.check.name}" for target in select_targets(config, vantage, only)]


def test_vantage_runs_the_checks_that_name_it(config: Config) -> None:
    assert names(config, "here") == ["website/check-0", "website/check-1"]
    assert names(config, "there") == ["website/check-1", "smtp/check-0"]
    assert names(config, "there", "smtp") == ["smtp/check-0"]
    assert names(config, "elsewhere") == []


def test_longest_interval_decides_how_far_back_to_read(config: Config) -> None:
    assert find_longest_interval(select_targets(config, "there")) == 3600
    assert find_longest_interval(()) == 0


def test_only_declared_secrets_are_read_from_the_environment(config: Config, tmp_path: Path) -> None:
    environment = {"CONSTAT_X": "hunter2", "CONSTAT_Y": "not declared", "HOME": "/root"}
    policy = build_policy(config, "here", tmp_path, environment, print)
    assert isinstance(policy, Policy)
    assert (policy.vantage, policy.workers, policy.blocked, policy.root) == ("here", 7, (25,), tmp_path)
    assert dict(policy.secrets.values) == {"CONSTAT_X": "hunter2"}


@pytest.mark.parametrize(
    ("seen_at", "vantage", "now", "expected"),
    [
        (None, "here", 0, True),
        (0, "here", 299, False),
        (0, "here", 300, True),
        (290, "here", 300, True),
        (0, "there", 10, True),
    ],
)
def test_a_check_is_due_once_in_every_slot_of_its_interval(
    config: Config, seen_at: int | None, vantage: str, now: int, expected: bool
) -> None:
    targets = select_targets(config, "here", "website")[:1]
    samples = (
        []
        if seen_at is None
        else [Sample(START + seen_at, "website", "check-0", Outcome.UP, 1, 1, 300, vantage)]
    )
    evidence = roll_up_samples(samples, Interval(START - 600, START + 600))
    assert bool(select_due(targets, evidence, "here", START + now)) is expected


def test_each_vantage_has_its_own_canaries_and_blocked_ports(tmp_path: Path) -> None:
    """Those directly under `monitor` are those of `monitor.vantage`."""
    write_project(
        tmp_path,
        format_service("website", f"{BLOCK}, vantages: [here, there], quorum: 2"),
        monitor=(
            '  canaries: ["tcp://192.0.2.1:443"]\n'
            '  vantages: {here: {blocked: [25]}, there: {name: There, canaries: ["tcp://192.0.2.2:443"]}}'
        ),
    )
    config = read_config(tmp_path, KINDS, load_kind)
    here, there = (build_policy(config, name, tmp_path, {}, print) for name in ("here", "there"))
    assert (here.canaries, here.blocked) == (("tcp://192.0.2.1:443",), (25,))
    assert (there.canaries, there.blocked) == (("tcp://192.0.2.2:443",), ())
    assert config.monitor.describe_vantage("here").name == {"": "here"}
    assert config.monitor.describe_vantage("there").name == {"": "There"}
