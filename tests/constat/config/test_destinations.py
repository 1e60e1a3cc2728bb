"""A check of several destinations becomes one check each, and every mistake is reported at its place."""

from typing import Any

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.errors import InputError
from constat.model import Config

HEAD = """
page: {id: maxony, name: Maxony, url: "https://status.example.org", languages: [en], timezone: Europe/Zurich}
monitor: {vantage: gha}
sla: {target: 99.5}
services:
"""
SMS = (
    HEAD
    + """
  - id: sms
    name: SMS
    checks:
      - {name: port, kind: tcp, host: sms.example.org, port: 2775}
      - name: delivery
        kind: smpp
        host: sms.example.org
        system_id: monitor
        submit: {sender: Maxony, text: Test}
        degraded_above: 20s
        destinations:
          - {name: east, submit: {to: "+41000000001"}}
          - {name: west, submit: {to: "+41000000002", text: West}, degraded_above: 40s, interval: 1h}
      - {name: bind, kind: smpp, host: sms.example.org, system_id: monitor}
"""
)


def load(text: str) -> Config:
    return config.load_config(text, "status.yml", KINDS, load_kind)


def list_problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(text)
    return [str(problem) for problem in caught.value.problems]


def test_each_destination_is_a_check_under_both_names() -> None:
    checks = {check.name: check for check in load(SMS).services[0].checks}
    assert list(checks) == ["port", "delivery-east", "delivery-west", "bind"]
    east: Any = checks["delivery-east"].options
    west: Any = checks["delivery-west"].options
    assert (east.submit.to, east.submit.sender, east.submit.text, east.degraded_above) == (
        "+41000000001",
        "Maxony",
        "Test",
        20_000,
    )
    assert (west.submit.to, west.submit.sender, west.submit.text, west.degraded_above) == (
        "+41000000002",
        "Maxony",
        "West",
        40_000,
    )
    defaults_of_submit = (900, 3600)
    assert (checks["delivery-east"].interval_s, checks["delivery-west"].interval_s) == defaults_of_submit


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (
            "{name: east, submit",
            "{submit",
            "18:13: a destination without a name (begin with name: and a short name)",
        ),
        ("{name: east", "{name: west", "19:20: the name delivery-west appears twice"),
        ("name: east", "name: East", "18:20: 'delivery-East' is not a valid name"),
        ('"+41000000001"', '"41"', "18:39: '41' is not a valid telephone number"),
        (
            "degraded_above: 40s",
            "degraded: 40s",
            "19:68: unknown key degraded (did you mean degraded_above?)",
        ),
        ("- name: delivery\n        kind: smpp", "- kind: smpp", "11:9: the check has no name"),
        ("interval: 1h", "kind: tcp", "19:89: kind in a destination (write it at the check)"),
        ("system_id: monitor\n        submit", "submit", "17:13: the key system_id is missing"),
        ("{name: bind,", "{name: port,", "20:16: the name port appears twice"),
    ],
)
def test_mistake_is_reported_at_its_place(right: str, wrong: str, problem: str) -> None:
    assert right in SMS
    problems = list_problems(SMS.replace(right, wrong))
    assert problems[0].startswith(f"status.yml:{problem}")


@pytest.mark.parametrize("written", ["[]", "east", "{name: east}"])
def test_empty_destinations_are_refused(written: str) -> None:
    text = SMS[: SMS.index("destinations:")] + f"destinations: {written}\n"
    assert list_problems(text) == [
        "status.yml:17:23: no destinations (write one after each hyphen: - name: gmail)"
    ]


def test_mistyped_key_is_suggested() -> None:
    problems = list_problems(SMS.replace("destinations:", "destinationss:"))
    assert "status.yml:17:9: unknown key destinationss (did you mean destinations?)" in problems


def test_number_of_destinations_is_limited() -> None:
    many = "".join(f"          - {{name: d{number}}}\n" for number in range(51))
    text = SMS[: SMS.index("destinations:")] + f"destinations:\n{many}"
    assert list_problems(text) == [
        "status.yml:17:9: more than 50 destinations (divide them among several checks)"
    ]


def test_mistake_of_the_check_is_reported_at_the_check() -> None:
    problems = list_problems(SMS.replace("degraded_above: 20s", "degraded_above: soon"))
    assert [problem.partition(" is not")[0] for problem in problems] == ["status.yml:16:25: 'soon'"]


def test_non_list_is_reported_as_before() -> None:
    for services in ("x", "[x, {checks: x}]"):
        assert list_problems(HEAD.strip() + f" {services}")
