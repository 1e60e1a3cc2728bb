"""Who is notified: the sections `notify` and `subscribe` of `status.yml`."""

from dataclasses import replace

from checks.registry import KINDS, load_kind
from constat import config
from constat.model import Config, MailServer, Notify, Target

PAGE = """
page: {id: maxony, name: Maxony, url: "https://status.example.org", languages: [fr, en], timezone: Europe/Zurich}
monitor: {vantage: gha}
secrets: {CONSTAT_MAIL: [mail.example.org], CONSTAT_CHAT: [chat.example.org]}
sla: {target: 99}
services:
  - {id: smtp, name: SMTP, checks: [{name: port, kind: tcp, host: smtp.example.org, port: 25}]}
"""


def load(text: str) -> Config:
    return config.load_config(PAGE + text, "status.yml", KINDS, load_kind)


def test_nobody_is_notified_without_targets() -> None:
    assert load("").notify is None
    assert load("").mailing_list_url == ""


def test_defaults_are_filled_in() -> None:
    written = load("""
notify:
  mail: {host: mail.example.org, from: status@example.org}
  targets:
    - {id: list, email: news@lists.example.org}
    - {id: team, url: "${CONSTAT_CHAT}"}
""").notify
    usual = Target("list", "fr", ("incidents", "maintenance"), (), "none", unsubscribe="status@example.org")
    assert written == Notify(
        MailServer("mail.example.org", 587, "starttls", "status@example.org"),
        (
            replace(usual, address="news@lists.example.org"),
            replace(usual, id="team", address="${CONSTAT_CHAT}"),
        ),
    )


def test_every_key_is_read() -> None:
    written = load("""
subscribe: {email: "https://lists.example.org/status"}
notify:
  mail: {host: mail.example.org, port: 465, security: tls, from: status@example.org, user: me, password: "${CONSTAT_MAIL}"}
  targets:
    - id: list
      email: news@lists.example.org
      language: en
      tell: [outages, statements]
      services: [smtp]
      impact: major
      name: {fr: Liste, en: List}
      unsubscribe: leave@lists.example.org
""")
    assert written.mailing_list_url == "https://lists.example.org/status"
    assert written.notify == Notify(
        MailServer("mail.example.org", 465, "tls", "status@example.org", "me", "${CONSTAT_MAIL}"),
        (
            Target(
                "list",
                "en",
                ("outages", "statements"),
                ("smtp",),
                "major",
                address="news@lists.example.org",
                name={"fr": "Liste", "en": "List"},
                unsubscribe="leave@lists.example.org",
            ),
        ),
    )


def test_printed_settings_do_not_show_secrets() -> None:
    written = load('\nnotify: {targets: [{id: team, url: "json://user:hunter2@chat.example.org/"}]}\n')
    assert "hunter2" not in repr(written.notify)


def test_maintainers_are_named_by_target_by_mail_and_by_an_address_with_a_secret() -> None:
    text = (
        PAGE.replace("vantage: gha", 'vantage: gha, tell: [team, ops@example.org, "${CONSTAT_CHAT}"]')
        + """
notify:
  mail: {host: mail.example.org, from: status@example.org}
  targets:
    - {id: team, url: "${CONSTAT_CHAT}"}
"""
    )
    monitor = config.load_config(text, "status.yml", KINDS, load_kind).monitor
    assert monitor.tell == ("team", "ops@example.org", "${CONSTAT_CHAT}")
    assert load("").monitor.tell == ()
