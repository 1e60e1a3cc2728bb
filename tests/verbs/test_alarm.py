"""`alarm` against a real mail server and a real HTTP listener: maintainers are alerted to what failed, once."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from constat.interval import parse_instant
from outside.evidence import troubles
from outside.project.files import read_config
from tests.support.command_line import generate
from tests.support.git_remote import Remote
from tests.support.job_clock import run_clock
from tests.support.smtp_server import SmtpServer
from tests.support.source_tree import ROOT
from tests.support.tcp_speakers import hold_closed_port
from tests.support.webhook_listener import Hook, listen_for_posts
from verbs import alarm, notify

NOW = parse_instant("2026-11-23T10:00:00Z")
SETTINGS = """
page: {{id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [en], timezone: UTC}}
monitor: {{vantage: here, tell: [{tell}], canaries: ["tcp://127.0.0.1:{canary}"], confirm: {{attempts: 1}}}}
secrets: {{CONSTAT_CHAT: [127.0.0.1]}}
sla: {{target: 99}}
services:
  - {{id: a, name: A, checks: [{{name: one, kind: tcp, host: 127.0.0.1, port: {canary}, interval: 5s, timeout: 1s}}]}}
notify:
  mail: {{host: 127.0.0.1, port: {mail}, security: none, from: status@maxony.example}}
  targets:
    - {{id: team, url: "${{CONSTAT_CHAT}}", tell: [incidents]}}
"""
NOTICE = """---
title: Slow
kind: incident
services: [a]
impact: major
---

## 2026-11-23T10:00Z investigating
We look.
"""


@dataclass
class World:
    """A project whose maintainers are a mailbox and a chat."""

    root: Path
    chat: Hook
    relay: SmtpServer
    canary: int
    mails: list[bytes] = field(default_factory=list)

    def settle(self, tell: str) -> None:
        settings = SETTINGS.format(tell=tell, mail=self.relay.port, canary=self.canary)
        (self.root / "status.yml").write_text(settings, encoding="utf-8")

    def note(self, text: str) -> None:
        troubles.note_trouble(self.root, read_config(self.root, KINDS, load_kind).monitor, NOW, text)

    def alarm(self) -> int:
        return alarm.run(Namespace(root=self.root, code=ROOT, now=NOW, verbose=False, quiet=True))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    mails: list[bytes] = []
    with SmtpServer(deliver=mails.append) as relay, listen_for_posts() as chat, hold_closed_port() as canary:
        monkeypatch.setenv("CONSTAT_CHAT", f"json://user:hunter22@127.0.0.1:{chat.port}/x")
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        root = tmp_path / "project"
        root.mkdir()
        made = World(root, chat, relay, canary, mails)
        made.settle("team, ops@maxony.example")
        yield made


def test_each_maintainer_is_alerted_to_all_troubles_in_one_message_and_once(world: World) -> None:
    world.note("git push failed:\nthe remote is away")
    world.note("the chain broke")
    assert (world.alarm(), world.alarm()) == (0, 0)
    assert world.chat.titles == ["Maxony: something needs a look"]
    assert len(world.mails) == 1
    mail = message_from_bytes(world.mails[0], policy=SMTP)
    assert (mail["To"], mail["Subject"]) == ("ops@maxony.example", "Maxony: something needs a look")
    text = mail.get_content()
    assert "2026-11-23T10:00:00Z git push failed: the remote is away" in text
    assert "the chain broke" in text


def test_a_maintainer_who_is_not_reached_is_reported_and_the_others_are_still_alerted(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.chat.status = 500
    world.note("the chain broke")
    assert world.alarm() == 1
    said = capsys.readouterr().err
    assert "team could not be reached" in said
    assert "hunter22" not in said
    assert len(world.mails) == 1


def test_an_alert_that_reached_nobody_is_sent_next_time(world: World) -> None:
    world.settle("team")
    world.chat.status = 500
    world.note("the chain broke")
    assert world.alarm() == 1
    world.chat.status = 200
    assert world.alarm() == 0
    assert troubles.read_troubles(world.root) == ()


def test_an_address_with_a_secret_can_be_alerted(world: World) -> None:
    world.settle('"${CONSTAT_CHAT}"')
    world.note("the chain broke")
    assert world.alarm() == 0
    assert len(world.chat.posted) == 1


def test_nothing_is_kept_without_maintainers(world: World) -> None:
    world.settle("")
    world.note("the chain broke")
    assert world.alarm() == 0
    assert not (world.root / "history" / ".troubles").exists()


def test_a_message_to_a_subscriber_that_failed_is_reported_at_once(world: World) -> None:
    given = {"root": world.root, "code": ROOT, "dry_run": False, "only": None, "quiet": True}
    notify.run(Namespace(**given, verbose=False, now=NOW - 60))
    world.chat.status = 500
    (world.root / "incidents").mkdir()
    (world.root / "incidents" / "2026-11-23-slow.md").write_text(NOTICE, encoding="utf-8")
    assert notify.run(Namespace(**given, verbose=False, now=NOW + 60)) == 1
    assert "team: " in message_from_bytes(world.mails[0], policy=SMTP).get_content()


def test_a_watch_in_which_no_canary_answered_is_noted(world: World) -> None:
    assert generate(world.root, "check", "--for", "6s").returncode == 0
    assert any("no canary answered" in line for line in troubles.read_troubles(world.root))


def test_broken_chain_is_noted_and_a_first_watch_is_not(world: World, tmp_path: Path) -> None:
    remote = Remote(tmp_path / "remote.git")
    words = ("push", "--prepare", "watch", "--remote", remote.url, "--minutes", "55", "--now")
    generate(world.root, *words, "2026-11-24T10:00:00Z")
    assert troubles.read_troubles(world.root) == ()
    generate(world.root, *words, "2026-11-24T13:00:00Z")
    assert troubles.read_troubles(world.root) == (
        "2026-11-24T13:00:00Z the chain of watches broke: here wrote last at 2026-11-24T10:00:00Z",
    )


def test_companion_failure_is_noted(world: World, tmp_path: Path) -> None:
    """Here no watch ever begins, which ends the companion at once."""
    remote = Remote(tmp_path / "remote.git")
    generate(world.root, "push", "--prepare", "watch", "--remote", remote.url)
    with run_clock(tmp_path / "clock", NOW) as clock:
        done = generate(world.root, "push", "--follow", powerless=False, **clock.environment())
    assert done.returncode == 2
    assert any("no watch began" in line for line in troubles.read_troubles(world.root))
