"""What a kind says for who writes nothing: messages are sent rarely and once, mail records never move the availability."""

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.model import CheckConfig

STATUS = """
page: {{id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [en], timezone: Europe/Zurich}}
monitor: {{vantage: here}}
sla: {{target: 99}}
services:
  - id: service
    name: Service
    interval: 1m
    checks:
      - {{name: check, {check}}}
"""
MAIL = "sender: a@b.example, recipient: c@d.example, smtp: {host: s.example}, imap: {host: i.example}"
SMPP = "kind: smpp, host: sms.example, system_id: monitor"


def read_check(check: str) -> CheckConfig:
    return (
        config.load_config(STATUS.format(check=check), "status.yml", KINDS, load_kind).services[0].checks[0]
    )


@pytest.mark.parametrize(
    "check",
    [
        "kind: spf, domain: maxony.example",
        "kind: dkim, domain: maxony.example, selector: s1",
        "kind: dmarc, domain: maxony.example",
        "kind: mx, domain: maxony.example",
        "kind: blocklist, targets: [192.0.2.1], lists: [bl.example]",
    ],
)
def test_mail_records_never_move_the_availability_and_are_read_once_an_hour(check: str) -> None:
    read = read_check(check)
    assert (read.affects, read.interval_s) == ("nothing", 3600)


def test_a_registration_never_moves_the_availability_and_is_asked_for_rarely() -> None:
    read = read_check("kind: domain, domain: maxony.example")
    assert (read.affects, read.interval_s, read.confirm.attempts) == ("nothing", 6 * 3600, 1)


def test_heartbeat_needs_no_confirmation() -> None:
    assert read_check("kind: heartbeat, file: done, warn: 25h, fail: 49h").confirm.attempts == 1


@pytest.mark.parametrize(
    "check", [f"kind: mail, {MAIL}", f"{SMPP}, submit: {{to: '+41 00 000 00 00', sender: M}}"]
)
def test_messages_are_sent_once_every_quarter_of_an_hour(check: str) -> None:
    read = read_check(check)
    assert (read.interval_s, read.confirm.attempts, read.affects) == (900, 1, "availability")


def test_smpp_bind_without_message_has_the_usual_interval() -> None:
    read = read_check(SMPP)
    assert (read.interval_s, read.confirm.attempts) == (60, 3)


def test_written_settings_override_defaults() -> None:
    read = read_check(f"kind: mail, interval: 30m, confirm: {{attempts: 2}}, affects: nothing, {MAIL}")
    assert (read.interval_s, read.confirm.attempts, read.affects) == (1800, 2, "nothing")
