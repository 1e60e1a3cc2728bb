"""`notify` against a real mail server and a real HTTP listener: every event reaches every target once."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from constat.errors import OutsideError, UsageError
from constat.interval import Instant, parse_instant
from outside.evidence import notification_log
from tasks.build import rehearse_site
from tasks.project import Project
from tests.support.command_line import generate_here
from tests.support.moved_files import DATA
from tests.support.smtp_server import SmtpServer
from tests.support.source_tree import ROOT
from tests.support.webhook_listener import Hook, listen_for_posts
from verbs import notify

NOW = parse_instant("2026-11-23T10:00:00Z")
MINUTE = 60
SETTINGS = """
page: {{id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr, en], timezone: Europe/Zurich}}
monitor: {{vantage: here}}
secrets: {{CONSTAT_CHAT: [127.0.0.1]}}
sla: {{target: 99}}
services:
  - {{id: smtp, name: {{fr: Relais SMTP, en: SMTP relay}}, checks: [{{name: port, kind: tcp, host: 127.0.0.1, port: 25}}]}}
notify:
  mail: {{host: 127.0.0.1, port: {mail}, security: none, from: status@maxony.example}}
  targets:
    - {{id: customers, email: news@lists.maxony.example}}
    - {{id: team, url: "${{CONSTAT_CHAT}}", language: en}}
"""
NOTICE = """---
title: Envois retardés
kind: incident
services: [smtp]
impact: major
---

## 2026-11-23T11:12+01:00 investigating
Nous regardons.
"""
RESOLVED = "\n## 2026-11-23T11:42+01:00 resolved\nC'est réparé.\n"


@dataclass
class World:
    """A project, its mail server and its chat."""

    root: Path
    relay: SmtpServer
    chat: Hook
    mails: list[bytes] = field(default_factory=list)

    @property
    def subjects(self) -> list[str]:
        return [str(message_from_bytes(data, policy=SMTP)["Subject"]) for data in self.mails]

    @property
    def rows(self) -> list[list[str]]:
        """Target and result of every row of the notification log."""
        lines = (self.root / "history" / "notified.csv").read_text(encoding="utf-8").splitlines()
        return [line.split(",")[1:3] for line in lines[1:]]

    def post(self, text: str = NOTICE) -> None:
        folder = self.root / "incidents"
        folder.mkdir(exist_ok=True)
        (folder / "2026-11-23-envois.md").write_text(text, encoding="utf-8")

    def notify(self, now: Instant, **how: object) -> int:
        options = {"dry_run": False, "only": None, "verbose": False, "quiet": True, **how}
        return notify.run(Namespace(root=self.root, code=ROOT, now=now, **options))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world in which both targets have joined, and nothing has happened yet."""
    mails: list[bytes] = []
    with SmtpServer(deliver=mails.append) as relay, listen_for_posts() as chat:
        monkeypatch.setenv("CONSTAT_CHAT", f"json://127.0.0.1:{chat.port}/x")
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        (tmp_path / "status.yml").write_text(SETTINGS.format(mail=relay.port), encoding="utf-8")
        made = World(tmp_path, relay, chat, mails)
        assert made.notify(NOW) == 0
        yield made


def test_joining_is_recorded_and_sends_nothing(world: World) -> None:
    assert world.rows == [["customers", "since"], ["team", "since"]]
    assert not world.mails
    assert not world.chat.posted


def test_news_is_sent_to_each_target_once_in_its_language(world: World) -> None:
    world.post()
    for minutes in (13, 14, 15):
        assert world.notify(NOW + minutes * MINUTE) == 0
    assert world.subjects == ["[Nous cherchons la cause] Relais SMTP\u00a0: Envois retardés"]
    assert world.chat.titles == ["[Looking for the cause] SMTP relay: Envois retardés"]
    assert world.rows[2:] == [["customers", "sent"], ["team", "sent"]]


def test_imported_notices_are_not_sent(world: World) -> None:
    """Notices of eight years, in a project whose targets joined before: only what happens from then on is news."""
    for source, place in (
        ("statuspage", "statuspage/emma-2019"),
        ("cstate", "cstate/sr.ht"),
        ("cstate", "cstate/example"),
    ):
        done = generate_here("-q", "import", source, str(DATA / place), "--root", str(world.root))
        assert (done.returncode, done.stderr) == (0, "")
    assert len(list((world.root / "incidents").glob("*.md"))) == 22 + 28 + 6
    world.post()
    for minutes in (13, 24 * 60):
        assert world.notify(NOW + minutes * MINUTE) == 0
    assert world.subjects == ["[Nous cherchons la cause] Relais SMTP\u00a0: Envois retardés"]
    assert world.chat.titles == ["[Looking for the cause] SMTP relay: Envois retardés"]


def test_later_updates_are_sent_later(world: World) -> None:
    world.post()
    world.notify(NOW + 13 * MINUTE)
    world.post(NOTICE + RESOLVED)
    world.notify(NOW + 41 * MINUTE)
    assert len(world.mails) == 1, "the update is dated in the future"
    world.notify(NOW + 43 * MINUTE)
    assert world.subjects[1:] == ["[Résolu] Relais SMTP\u00a0: Envois retardés"]


def test_an_edit_is_not_sent_again(world: World) -> None:
    world.post()
    world.notify(NOW + 13 * MINUTE)
    world.post(NOTICE.replace("Nous regardons.", "Nous regardons de près."))
    world.notify(NOW + 14 * MINUTE)
    assert len(world.mails) == 1


def test_a_target_that_fails_does_not_affect_the_other_and_is_tried_again(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.post()
    world.chat.status = 503
    assert world.notify(NOW + 13 * MINUTE) == 1
    assert "team: [Looking for the cause] SMTP relay: Envois retardés: " in capsys.readouterr().err
    assert len(world.mails) == 1
    world.chat.status = 200
    assert world.notify(NOW + 13 * MINUTE + 30) == 0
    assert not world.chat.posted, "the pause after a failure is a minute"
    assert world.notify(NOW + 14 * MINUTE) == 0
    assert len(world.chat.posted) == 1
    assert len(world.mails) == 1
    assert world.rows[2:] == [["customers", "sent"], ["team", "failed"], ["team", "sent"]]


def test_failing_mail_server_is_given_up_after_two_attempts(world: World) -> None:
    updates = "".join(f"\n## 2026-11-23T11:{minute}+01:00 identified\nRien.\n" for minute in (20, 25, 30))
    world.post(NOTICE + updates)
    text = (world.root / "status.yml").read_text(encoding="utf-8")
    with SmtpServer() as other:
        gone = other.port
    (world.root / "status.yml").write_text(text.replace(str(world.relay.port), str(gone)), encoding="utf-8")
    assert world.notify(NOW + 40 * MINUTE) == 1
    assert world.rows.count(["customers", "failed"]) == 2
    (world.root / "status.yml").write_text(text, encoding="utf-8")
    world.notify(NOW + 60 * MINUTE)
    assert len(world.subjects) == 4


def test_the_summary_of_the_job_names_who_was_not_reached(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    world.post()
    world.chat.status = 503
    world.notify(NOW + 13 * MINUTE)
    assert "- `team: [Looking for the cause]" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_dry_run_prints_and_sends_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.post()
    before = (world.root / "history" / "notified.csv").read_bytes()
    assert world.notify(NOW + 13 * MINUTE, dry_run=True) == 0
    output = capsys.readouterr().out
    assert "customers: [Nous cherchons la cause] Relais SMTP" in output
    assert "Nous regardons." in output
    assert (world.root / "history" / "notified.csv").read_bytes() == before
    assert not world.mails
    assert not world.chat.posted


def test_option_only_notifies_the_named_target(world: World) -> None:
    world.post()
    world.notify(NOW + 13 * MINUTE, only="team")
    assert (len(world.mails), len(world.chat.posted)) == (0, 1)
    with pytest.raises(UsageError, match="no target nobody"):
        world.notify(NOW + 13 * MINUTE, only="nobody")


def test_target_without_log_entries_starts_again_and_gets_nothing_twice(world: World) -> None:
    world.post()
    world.notify(NOW + 13 * MINUTE)
    (world.root / "history" / "notified.csv").unlink()
    world.notify(NOW + 20 * MINUTE)
    assert len(world.mails) == 1


def test_a_secret_that_is_not_set_is_a_failure_with_its_name(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CONSTAT_CHAT")
    world.post()
    assert world.notify(NOW + 13 * MINUTE) == 1
    assert "CONSTAT_CHAT is not set" in capsys.readouterr().err


def test_a_secret_appears_nowhere(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONSTAT_CHAT", f"json://user:hunter22@127.0.0.1:{world.chat.port}/x")
    world.chat.status = 401
    world.post()
    world.notify(NOW + 13 * MINUTE, verbose=True)
    output = capsys.readouterr()
    log = (world.root / "history" / "notified.csv").read_text(encoding="utf-8")
    assert "hunter22" not in output.out + output.err + log


def test_secret_is_sent_only_to_its_declared_host(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONSTAT_CHAT", f"json://localhost:{world.chat.port}/x")
    world.post()
    assert world.notify(NOW + 13 * MINUTE) == 1
    assert "its secret is not declared for localhost" in capsys.readouterr().err
    assert not world.chat.posted


def test_a_redirect_is_not_followed(world: World) -> None:
    with listen_for_posts() as elsewhere:
        world.chat.status = 307
        world.chat.headers = {"Location": f"http://localhost:{elsewhere.port}/"}
        world.post()
        assert world.notify(NOW + 13 * MINUTE) == 1
        assert not elsewhere.posted


def test_two_simultaneous_runs_do_not_send_twice(world: World) -> None:
    world.post()
    with notification_log.lock_notifications(world.root), pytest.raises(OutsideError, match="another run"):
        world.notify(NOW + 13 * MINUTE)
    assert not world.mails


def test_the_page_of_a_notice_shows_how_and_when_it_was_sent(world: World) -> None:
    settings = (world.root / "status.yml").read_text(encoding="utf-8")
    named = settings.replace("email: news", "name: {fr: Liste de diffusion, en: List}, email: news")
    (world.root / "status.yml").write_text(named, encoding="utf-8")
    world.post()
    world.notify(NOW + 13 * MINUTE)
    site = rehearse_site(Project(world.root, ROOT, NOW + 14 * MINUTE)).files
    page = site["incidents/2026-11-23-envois/index.html"].decode()
    row = page[page.index("Liste de diffusion") :][:200]
    assert '<time datetime="2026-11-23T10:13:00Z">' in row
    assert "team" not in page


@pytest.mark.parametrize("subscribers", [True, False])
def test_an_incident_that_nobody_closed_is_reported_to_the_maintainers_once(
    world: World, *, subscribers: bool
) -> None:
    """Even without subscribers; and again after an update, if it is left open once more."""
    path = world.root / "status.yml"
    text = path.read_text(encoding="utf-8").replace(
        "vantage: here", 'vantage: here, tell: ["${CONSTAT_CHAT}"]'
    )
    path.write_text(text if subscribers else text.partition("notify:")[0], encoding="utf-8")
    world.post()
    world.notify(NOW + 13 * MINUTE)
    world.chat.posted.clear()
    world.chat.status = 503
    assert world.notify(NOW + 25 * 60 * MINUTE) == 1, "maintainers who were not reached are alerted next time"
    world.chat.status = 200
    for hours in (25, 26, 49):
        world.notify(NOW + (hours * 60 + 5) * MINUTE)
    (alert,) = world.chat.posted
    words = "2026-11-23-envois.md:1: warning: still open, without an update since 2026-11-23T10:12:00Z"
    assert str(alert).count(words) == 1
    world.post(NOTICE + RESOLVED.replace("resolved", "identified"))
    world.notify(NOW + 50 * 60 * MINUTE)
    assert len([one for one in world.chat.posted if "since 2026-11-23T10:42:00Z" in str(one)]) == 1


def test_a_page_without_targets_notifies_nobody(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    settings = (world.root / "status.yml").read_text(encoding="utf-8")
    (world.root / "status.yml").write_text(settings.partition("notify:")[0], encoding="utf-8")
    assert world.notify(NOW, quiet=False) == 0
    assert "names nobody to notify" in capsys.readouterr().err


def test_a_job_says_how_many_were_sent(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    world.post()
    world.notify(NOW + 13 * MINUTE)
    assert (tmp_path / "summary.md").read_text() == "Notified: 2 sent, 0 failed.\n\n"


UPDATES = "".join(
    f"\n## 2026-11-23T11:12:{second:02}+01:00 investigating\nNumber {second}.\n" for second in range(60)
)
BOMB = NOTICE.partition("## ")[0] + UPDATES.lstrip("\n")


def test_updates_beyond_the_limit_are_bundled_and_reported(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sixty updates at once: nineteen messages and one for the others, to each target, and nothing later."""
    path = world.root / "status.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("vantage: here", "vantage: here, tell: [team@maxony.example]"), encoding="utf-8"
    )
    world.post(BOMB)
    for minutes in (13, 14, 15):
        assert world.notify(NOW + minutes * MINUTE) == 0
    *news, alert = [message_from_bytes(data, policy=SMTP) for data in world.mails]
    bodies = [str(mail.get_body(("plain",)).get_content()) for mail in news]  # type: ignore[union-attr]
    assert len(bodies) == len(world.chat.posted) == 20
    assert "Number 0." in bodies[0]
    assert "Ce message vaut pour 41 nouvelles" in bodies[-1]
    assert "Number 59." in bodies[-1]
    assert alert["To"] == "team@maxony.example"
    assert str(alert.get_content()).count("41 messages sent as one (notify.limit)") == 2
    assert "41 messages sent as one" in capsys.readouterr().err
    assert world.rows.count(["customers", "sent"]) == 20
    assert world.rows.count(["customers", "included"]) == 40


def test_the_limits_are_those_of_status_yml(world: World) -> None:
    path = world.root / "status.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("notify:", "notify:\n  limit: {notice: 5, run: 3}"), encoding="utf-8")
    world.post(BOMB)
    world.notify(NOW + 13 * MINUTE)
    assert len(world.mails) == len(world.chat.posted) == 3
