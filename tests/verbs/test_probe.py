"""`probe`: a report of every step, and three lines for the customer."""

import argparse
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checks.reason_words import WORDS
from constat.errors import UsageError
from constat.model import Outcome
from demo.dns_server import DnsServer
from tests.support.certificates import NAME, Certificates
from tests.support.scripted_server import SILENCE, ScriptedServer
from tests.support.smtp_server import SmtpServer
from tests.support.source_tree import ROOT
from verbs import probe

NOW = 1_795_508_000  # 2026-11-24T08:13:20Z
TEXTS = yaml.safe_load((ROOT / "templates" / "probe.yml").read_text(encoding="utf-8"))


def run(root: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    probe.add_arguments(parser)
    args = parser.parse_args(words)
    args.root, args.code, args.now = root, ROOT, NOW
    return probe.run(args)


@pytest.fixture
def relay() -> Iterator[int]:
    with SmtpServer(refused=("gone@maxony.example",)) as server:
        yield server.port


def test_a_probe_tells_each_step_and_ends_with_three_lines(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--host", "127.0.0.1", "--port", str(relay), "--sender", "a@maxony.example"]
    assert run(tmp_path, "smtp", *words, "--recipient", "gone@maxony.example", "--lang", "fr") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "smtp 127.0.0.1"
    assert [line.split()[2] for line in lines if " ms  " in line] == [
        *("resolve", "connect", "greeting", "EHLO", "MAIL", "RCPT")
    ]
    assert lines[-4:] == [
        "",
        "Contrôle smtp 127.0.0.1, le 24 novembre 2026, 08:13:20 TU\N{NO-BREAK SPACE}:",
        "Le serveur répond par une erreur.",
        "Détail technique\N{NO-BREAK SPACE}: status 550 to RCPT '5.1.1 no such mailbox here'.",
    ]


def test_for_machines(tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "smtp", "--host", "127.0.0.1", f"--port={relay}", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "up"
    assert told["at"] == "2026-11-24T08:13:20Z"
    assert [step["name"] for step in told["steps"]][-2:] == ["EHLO", "QUIT"]
    assert told["lines"][1].startswith("All is well (answer in ")


def test_secrets_of_the_project_can_be_used_and_are_not_printed(
    tmp_path: Path,
    certificates: Certificates,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONSTAT_RELAY", "relay-pass-1")
    (tmp_path / "status.yml").write_text(
        """
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [de], timezone: Europe/Zurich}
monitor: {vantage: here}
secrets: {CONSTAT_RELAY: [127.0.0.1]}
sla: {target: 99}
services: [{id: one, name: One, interval: 1m, checks: [{name: one, kind: tcp, host: localhost, port: 9}]}]
"""
    )
    with SmtpServer({"monitor": "relay-pass-1"}, starttls=certificates.good) as server:
        words = ["--host", "127.0.0.1", "--port", str(server.port), "--starttls", "--server-name", NAME]
        words += ["--ca", certificates.ca, "--username", "monitor", "--password", "${CONSTAT_RELAY}"]
        assert run(tmp_path, "smtp", *words) == 0
    told = capsys.readouterr().out
    assert "AUTH LOGIN  accepted" in told or "AUTH PLAIN  accepted" in told
    assert "relay-pass-1" not in told
    assert "Alles in Ordnung" in told


def test_a_broken_status_yml_does_not_keep_support_from_looking(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "status.yml").write_text("page: {nmae: x}\n")
    assert run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(relay)) == 0
    assert "status.yml is wrong, so its secrets cannot be used" in capsys.readouterr().err


def test_what_we_cannot_tell_is_neither_good_nor_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "exec", "--command", "true", "--lang", "it") == 2
    assert "Non abbiamo potuto verificare" in capsys.readouterr().out
    assert run(tmp_path, "exec", "--command", "true", "--allow-exec") == 0


def test_a_target_cannot_move_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ScriptedServer(b"220 \x1b[2Jready\r\n", SILENCE) as server:
        run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(server.port), "--timeout", "200ms")
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "220 ?[2Jready" in told


def test_nothing_is_stored(tmp_path: Path, relay: int) -> None:
    run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(relay))
    assert list(tmp_path.iterdir()) == []


def _zone(*lines: str) -> str:
    return "\n".join(
        (
            "good.example. NS ns1.good.example.",
            "good.example. MX 10 relay.example.",
            "relay.example. A 127.0.0.1",
            "1.0.0.127.in-addr.arpa. PTR relay.example.",
            'good.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"',
            '_dmarc.good.example. TXT "v=DMARC1\\; p=reject"',
            *lines,
        )
    )


def health(root: Path, names: DnsServer, port: int, *words: str) -> int:
    place = ["--resolver", names.address, "--port", str(port), "--list", "clean.list"]
    return run(root, "domain-health", "good.example", *place, *words)


def test_the_health_of_a_domain_is_one_table(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        DnsServer(_zone("clean.list. A 127.0.0.1")) as names,
        SmtpServer(starttls=certificates.good) as relay,
    ):
        assert health(tmp_path, names, relay.port, "--selector", "s1", "--ca", certificates.ca) == 1
    lines = capsys.readouterr().out.splitlines()
    table = [line.split()[:2] for line in lines[1:6]] + [lines[6].split()[:2], lines[7].split()[:2]]
    assert lines[0] == "good.example"
    assert table == [
        ["dns", "ok"],
        ["mx", "ok"],
        ["spf", "ok"],
        ["dkim", "s1"],
        ["dmarc", "ok"],
        ["blocklist", "ok"],
        ["tls", "ok"],
    ]
    assert lines[4].split()[2] == "BAD"
    assert lines[-2:] == [
        "6 of 7 points are in order. To be corrected: dkim s1.",
        "Technical detail: dkim s1: record no DKIM key.",
    ]


def test_a_healthy_domain_is_0_and_for_machines_too(
    tmp_path: Path, certificates: Certificates, capsys: pytest.CaptureFixture[str]
) -> None:
    with DnsServer(_zone()) as names, SmtpServer(starttls=certificates.good) as relay:
        words = ["--ca", certificates.ca, "--allows", "192.0.2.25", "--json", "--lang", "es"]
        assert health(tmp_path, names, relay.port, *words) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in told["rows"]] == ["up"] * 6
    assert told["lines"][1] == "Los 6 puntos comprobados están correctos."


def test_a_host_that_does_not_greet_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DnsServer(_zone()) as names, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert health(tmp_path, names, held.getsockname()[1]) == 1
    assert "To be corrected: mx, tls." in capsys.readouterr().out


def test_what_was_looked_at_is_named_as_on_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as server:
        run(tmp_path, "http", "--url", f"http://127.0.0.1:{server.port}/login?token=1", "--json")
    assert json.loads(capsys.readouterr().out)["target"] == "127.0.0.1"


def test_help_lists_the_options_of_a_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, "smtp", "--help")
    told = capsys.readouterr().out
    assert "--starttls" in told
    assert "switch to TLS with STARTTLS" in told


def test_every_word_of_a_reason_is_explained_to_customers() -> None:
    """In every language: tests/test_translations.py."""
    theirs = {word for word, meaning in WORDS.items() if meaning.outcome is not Outcome.UNKNOWN}
    assert theirs == set(TEXTS["words"])


def test_a_language_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are no texts in xx"):
        run(tmp_path, "tcp", "--host", "localhost", "--port", "9", "--lang", "xx")
