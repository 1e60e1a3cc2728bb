"""Repositories of Upptime whose histories hold what real ones hold somewhere: each row is what the looks say, and no more."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from constat.errors import UsageError
from constat.interval import HOUR_S, Instant, parse_instant
from constat.model import Outcome
from constat.moving.model import Moved, ReadRequest
from outside.moving.upptime import read
from tests.support.upptime_repository import CLEAN, Upptime, format_version

T0 = parse_instant("2026-03-01T00:00:00Z")
NOW = parse_instant("2026-11-29T00:00:00Z")
CONFIG = "owner: o\nrepo: r\nsites:\n  - {name: Site A, url: https://a.example, slug: a}\n"


def at(minutes: int) -> Instant:
    return T0 + 60 * minutes


def import_repository(repository: Upptime, folder: Path) -> Moved:
    return read(ReadRequest(str(repository.write(folder / "upptime.git")), NOW))


def rows(found: Moved, basis: str, slug: str = "a") -> list[tuple[Instant, Instant | None, Outcome, int]]:
    """The rows of a site: minutes from the beginning, outcome, interval."""
    return [
        (
            (row.start - T0) // 60,
            None if row.end is None else (row.end - T0) // 60,
            row.outcome,
            row.interval_s,
        )
        for row in found.evidence[0].rows
        if row.basis == basis and row.service == slug
    ]


def read_report(found: Moved) -> str:
    return "\n".join(f"{finding.place}: {finding.found}: {finding.done}" for finding in found.findings)


@pytest.fixture
def repository() -> Upptime:
    made = Upptime()
    made.commit(T0 - 7200, "Initial commit", {".upptimerc.yml": CONFIG})
    return made


def test_samples_last_two_intervals_and_changes_until_the_next(repository: Upptime, tmp_path: Path) -> None:
    for minutes, status in ((0, "up"), (5, "down"), (60, "up"), (65, "degraded"), (70, "up")):
        repository.look("a", at(minutes), status)
    found = import_repository(repository, tmp_path)
    assert rows(found, "samples") == [
        (0, 5, "up", 300),
        (5, 15, "down", 300),
        (60, 65, "up", 300),
        (65, 70, "degraded", 300),
        (70, 80, "up", 300),
    ]
    assert rows(found, "changes") == [
        (0, 5, "up", 300),
        (5, 60, "down", 300),
        (60, 65, "up", 300),
        (65, 70, "degraded", 300),
        (70, None, "up", 300),
    ]


def test_an_outage_that_is_open_at_the_end_has_no_end(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "down")
    repository.look("a", at(90), "down")
    found = import_repository(repository, tmp_path)
    assert rows(found, "changes") == [(0, None, "down", 300)]
    assert rows(found, "samples") == [(0, 10, "down", 300), (90, 100, "down", 300)]
    assert "down when last seen, 2026-03-01T01:30:00Z: no end is recorded" in read_report(found)


def test_removed_file_ends_the_known_time(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "down")
    repository.commit(at(30), "Remove it", {"history/a.yml": None})
    repository.look("a", at(300), "up")
    found = import_repository(repository, tmp_path)
    assert rows(found, "changes") == [(0, None, "down", 300), (300, None, "up", 300)]


def test_site_removed_from_the_configuration_ends_its_known_time(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "down")
    repository.commit(at(30), "Remove it", {".upptimerc.yml": "owner: o\nsites: []\n"})
    found = import_repository(repository, tmp_path)
    assert rows(found, "changes") == [(0, None, "down", 300)]
    assert [(each.key, each.name, each.options) for each in found.services] == [
        ("a", "Site A", {"retired": "2026-03-02"})
    ]
    assert "no longer configured" in read_report(found)


def test_a_configuration_that_cannot_be_read_removes_nothing(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "down")
    repository.commit(at(30), "Oops", {".upptimerc.yml": "sites: [\n"})
    repository.commit(at(35), "Mend it", {".upptimerc.yml": CONFIG})
    repository.look("a", at(60), "up")
    found = import_repository(repository, tmp_path)
    assert rows(found, "changes") == [(0, 60, "down", 300), (60, None, "up", 300)]
    assert ".upptimerc.yml of 2026-03-01T00:30:00Z: it cannot be read" in read_report(found)


def test_interval_is_the_one_in_force_at_the_time(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "up")
    hourly = f'{CONFIG}workflowSchedule: {{uptime: "0 * * * *"}}\n'
    repository.commit(at(30), "Hourly", {".upptimerc.yml": hourly})
    repository.look("a", at(60), "up")
    repository.look("a", at(120), "up")
    found = import_repository(repository, tmp_path)
    assert rows(found, "samples") == [(0, 10, "up", 300), (60, 240, "up", HOUR_S)]
    assert found.services[0].options == {"interval": "1h"}


def test_template_commits_are_not_samples(repository: Upptime, tmp_path: Path) -> None:
    """Old, and no message speaks of a look; a late push of a real look is one."""
    repository.commit(at(600), "Update template", {"history/google.yml": format_version(at(0), "up")})
    late = "🟥 A is down (0 in 0 ms) [skip ci] [upptime]"
    repository.commit(at(700), late, {"history/a.yml": format_version(at(0), "down", old=True)})
    repository.commit(at(30), "anything", {"history/b.yml": format_version(at(20), "up")})
    found = import_repository(repository, tmp_path)
    assert rows(found, "samples") == [(0, 10, "down", 300)]
    assert rows(found, "samples", "google") == []
    assert rows(found, "samples", "b") == [(20, 30, "up", 300)]
    assert "history/google.yml: 1 version from the template" in read_report(found)


def test_custom_commit_message_pattern_is_recognised(repository: Upptime, tmp_path: Path) -> None:
    own = f'{CONFIG}commitMessages: {{statusChange: "$SITE_NAME => $STATUS [$RESPONSE_CODE]"}}\n'
    repository.commit(at(1), "Words", {".upptimerc.yml": own})
    repository.commit(
        at(200), "Site (A) is odd => down [0]", {"history/a.yml": format_version(at(2), "down")}
    )
    assert rows(import_repository(repository, tmp_path), "samples") == [(2, 12, "down", 300)]


def test_merge_may_bring_old_samples(repository: Upptime, tmp_path: Path) -> None:
    """They are placed by their own time, each once."""
    base = repository.look("a", at(0), "up")
    main = repository.look("a", at(40), "up")
    side = repository.commit(
        at(10),
        "🟥 A is down (0 in 0 ms)",
        {"history/a.yml": format_version(at(10), "down")},
        parents=(base,),
        branch="side",
    )
    repository.commit(
        at(43), "Merge", {"history/a.yml": format_version(at(40), "up")}, parents=(main, side), branch="main"
    )
    found = import_repository(repository, tmp_path)
    assert rows(found, "changes") == [(0, 10, "up", 300), (10, 40, "down", 300), (40, None, "up", 300)]
    assert sum(row.count for row in found.evidence[0].rows if row.basis == "samples") == 3


def test_uninformative_commits_are_counted_in_the_report(repository: Upptime, tmp_path: Path) -> None:
    repository.look("a", at(0), "up")
    for number, text in enumerate(
        ("<<<<<<< HEAD\n", "status: up\n", format_version(at(5), "sideways"), "x" * 70_000)
    ):
        repository.commit(at(5 + number), "odd", {"history/a.yml": text})
    found = import_repository(repository, tmp_path)
    assert rows(found, "samples") == [(0, 10, "up", 300)]
    assert "history/a.yml: 2 versions: lastUpdated is not a time: left out" in read_report(found)
    assert "history/a.yml: 1 version: a status that is not up, down or degraded: left out" in read_report(
        found
    )
    assert "history/a.yml: 1 version: missing, or larger than 64 KiB: left out" in read_report(found)


def test_site_with_another_slug_is_found_by_its_address(repository: Upptime, tmp_path: Path) -> None:
    """A slug of a name that ours does not spell as Upptime did."""
    config = "sites:\n  - {name: Żółw, url: https://z.example}\n"
    repository.commit(at(0), "Other sites", {".upptimerc.yml": config})
    repository.look("turtle", at(1), "up", url="https://z.example")
    found = import_repository(repository, tmp_path)
    assert [(each.key, each.name) for each in found.services] == [("turtle", "Żółw")]


def test_folder_without_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a git repository"):
        read(ReadRequest(str(tmp_path), NOW))


def test_foreign_repository_is_refused(tmp_path: Path) -> None:
    other = Upptime()
    other.commit(T0, "Begin", {"README.md": "hello"})
    with pytest.raises(UsageError, match=r"neither \.upptimerc\.yml nor history/"):
        import_repository(other, tmp_path)


SITE = """\
sites:
  - name: API
    url: https://api.example/v1?key=$API_KEY&lang=de
    method: POST
    headers: ["Authorization: Bearer $API_TOKEN", "Accept: application/json", "X-Pass: hunter2hunter2"]
    body: '{"ping": "$BODY_SECRET"}'
    expectedStatusCodes: [200, 401]
    maxRedirects: 0
    maxResponseTime: 2500
    __dangerous__body_down: fatal
    __dangerous__body_down_if_text_missing: fine
    __dangerous__body_degraded: slow
    __dangerous__insecure: true
    icon: x
    surprise: 1
  - {name: Whole, url: $SECRET_SITE}
  - {name: Path, url: "https://a.example/$TOKEN/x"}
  - {name: Port, url: mail.example, port: 25, check: tcp-ping}
  - {name: Socket, url: "wss://ws.example/live", check: ws, body: "$WS_TOKEN"}
  - {name: Plain socket, url: "ws://ws.example/live", check: ws, body: "$WS_TOKEN"}
  - {name: Secret socket, url: "wss://ws.example/?key=$WS_TOKEN", check: ws}
  - {name: Carrier pigeon, url: "https://a.example", check: pigeon}
  - {name: Far, url: "https://a.example", type: globalping, location: Sydney}
"""


def test_sites_become_checks_if_a_kind_is_equivalent(tmp_path: Path) -> None:
    repository = Upptime()
    repository.commit(T0, "Begin", {".upptimerc.yml": SITE})
    found = import_repository(repository, tmp_path)
    checks = {each.key: list(each.checks) for each in found.services}
    assert checks["api"] == [
        {
            "name": "check",
            "kind": "http",
            "url": "https://api.example/v1",
            "query": {"key": "${CONSTAT_API_KEY}", "lang": "de"},
            "method": "POST",
            "headers": {
                "Authorization": "Bearer ${CONSTAT_API_TOKEN}",
                "Accept": "application/json",
                "X-Pass": "${CONSTAT_API_X_PASS}",
            },
            "body": '{"ping": "${CONSTAT_BODY_SECRET}"}',
            "status": ["200", "401"],
            "follow_redirects": False,
            "absent": "fatal",
            "contains": "fine",
            "verify": False,
            "degraded_above": "2500ms",
            "timeout": "30s",
            "confirm": {"attempts": 3, "delay": "5s"},
        }
    ]
    assert {secret.hosts for secret in found.secrets} == {("api.example",), ("ws.example",)}
    port = {key: checks["port"][0][key] for key in ("kind", "host", "port")}
    socket = {key: checks["socket"][0][key] for key in ("kind", "url", "send")}
    assert socket == {"kind": "websocket", "url": "wss://ws.example/live", "send": "${CONSTAT_WS_TOKEN}"}
    assert port == {"kind": "tcp", "host": "mail.example", "port": 25}
    assert [slug for slug, made in checks.items() if not made] == [
        "whole",
        "path",
        "plain-socket",
        "secret-socket",
        "carrier-pigeon",
        "far",
    ]
    report = read_report(found)
    for words in (
        "site whole: the whole address is a secret (SECRET_SITE)",
        "site path: a secret in the host or path of the address",
        "site plain-socket: a secret that travels without TLS",
        "site secret-socket: a secret in the address of a WebSocket",
        "site carrier-pigeon: check pigeon",
        "site far: type globalping from Sydney",
        "site api: icon",
        "site api: __dangerous__body_degraded",
        "site api: an unknown key surprise",
    ):
        assert words in report
    assert "hunter2" not in repr(found)


ODD = """\
sites:
  - name: Mapping
    url: https://a.example
    headers: [Accept: application/json, Authorization: Bearer $TOKEN]
  - {name: Body, url: "https://a.example", body: {a: b}}
  - {name: Six, url: "2001:db8::1", port: 25, check: tcp-ping}
i18n: {activeIncidents: Incidents en cours}
token: ghp_abcdefghijklmnop1234
user-agent: upptime
status-website: {navbar: [{title: Write to us, href: /contact}]}
"""


def test_undocumented_settings_are_kept_or_reported(tmp_path: Path) -> None:
    repository = Upptime()
    repository.commit(T0, "Begin", {".upptimerc.yml": ODD})
    found = import_repository(repository, tmp_path)
    checks = {each.key: list(each.checks) for each in found.services}
    assert checks["mapping"][0]["headers"] == {
        "Accept": "application/json",
        "Authorization": "Bearer ${CONSTAT_TOKEN}",
    }
    assert not checks["body"]
    assert checks["six"][0]["host"] == "2001:db8::1"
    report = read_report(found)
    for words in (
        "site body: a body that is not text",
        "i18n: Incidents en cours",
        "user-agent: upptime",
        "navbar: Write to us; /contact",
    ):
        assert words in report
    assert "ghp_" not in repr(found)


def test_branch_with_a_configuration_is_chosen(repository: Upptime, tmp_path: Path) -> None:
    """The website stands on a branch of its own, and a bundle of branches alone does not say which one is the first."""
    repository.look("a", at(0), "up")
    repository.commit(at(5), "Publish", {"index.html": "hello"}, branch="gh-pages")
    path = repository.write(tmp_path / "upptime.git")
    run = partial(subprocess.run, cwd=path, env=CLEAN, check=True)
    run(["git", "branch", "-m", "main", "trunk"])
    run(["git", "bundle", "create", "-q", str(tmp_path / "u.bundle"), "gh-pages", "trunk"])
    found = read(ReadRequest(str(tmp_path / "u.bundle"), NOW))
    assert rows(found, "samples") == [(0, 10, "up", 300)]


def test_one_word_pattern_does_not_match_other_messages(repository: Upptime, tmp_path: Path) -> None:
    own = f'{CONFIG}commitMessages: {{statusChange: "$STATUS"}}\n'
    repository.commit(at(1), "Words", {".upptimerc.yml": own})
    repository.commit(at(200), "Clean up, set up", {"history/a.yml": format_version(at(2), "down")})
    repository.commit(at(201), "down", {"history/a.yml": format_version(at(3), "down")})
    assert rows(import_repository(repository, tmp_path), "samples") == [(3, 13, "down", 300)]


def test_windows_line_endings_are_accepted(repository: Upptime, tmp_path: Path) -> None:
    text = format_version(at(0), "down").replace("\n", "\r\n")
    repository.commit(at(0), "🟥 a is down (0 in 0 ms)", {"history/a.yml": text})
    assert rows(import_repository(repository, tmp_path), "samples") == [(0, 10, "down", 300)]
