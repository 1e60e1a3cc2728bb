"""The one-line summary of a round: by the checks that count, and by rule 4."""

import pytest

from checks.registry import KINDS, load_kind
from constat.config import load_config
from constat.maintainers.look_summary import ServiceLook, describe_look, summarise_look
from constat.model import Config, Outcome, Sample

UP, DEGRADED, DOWN, UNKNOWN = Outcome.UP, Outcome.DEGRADED, Outcome.DOWN, Outcome.UNKNOWN


def sample(check: str, outcome: Outcome, at: int = 0, reason: str = "") -> Sample:
    return Sample(at, "api", check, outcome, 12, 1, 60, "here", reason)


def config(require: str = "all") -> Config:
    """One service with two checks that count, and one that does not."""
    checks = ("one, kind: tcp", "two, kind: tcp", "aside, affects: nothing, kind: tcp")
    listed = "".join(f"      - {{name: {check}, host: a.example, port: 1}}\n" for check in checks)
    text = f"""\
page: {{id: own, name: Own, url: "https://status.example.org/", languages: [en], timezone: UTC}}
monitor: {{vantage: here}}
services:
  - id: api
    name: API
    require: {require}
    checks:
{listed}"""
    return load_config(text, "status.yml", KINDS, load_kind)


def test_the_newest_sample_of_each_check_that_counts_decides() -> None:
    looks = summarise_look(config(), [sample("one", UP, 60), sample("one", DOWN, 0, "refused")])
    assert looks == (ServiceLook("api", UP, ""),)
    assert summarise_look(config(), [sample("aside", DOWN), sample("gone", DOWN)]) == ()


@pytest.mark.parametrize(
    ("require", "seen", "outcome"),
    [
        ("all", (UP, DOWN), DOWN),
        ("all", (DEGRADED, UNKNOWN), UNKNOWN),
        ("any", (UP, DOWN), UP),
        ("any", (DOWN, UNKNOWN), UNKNOWN),
    ],
)
def test_one_failing_check_decides_unless_any_is_required(
    require: str, seen: tuple[Outcome, Outcome], outcome: Outcome
) -> None:
    made = [sample(name, each) for name, each in zip(("one", "two"), seen, strict=True)]
    assert [look.outcome for look in summarise_look(config(require), made)] == [outcome]


def test_summary_counts_states_and_names_failing_services() -> None:
    looks = [ServiceLook(name, UP) for name in "abcde"]
    assert describe_look(looks[:1]) == "1 service up"
    looks.append(ServiceLook("api", DOWN, "status 503"))
    assert describe_look(looks) == "5 services up, 1 down (api: status 503)"
    assert describe_look([]) == ""
