"""`probe`: a report of every step, and three lines for the customer."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checks.reason_words import WORDS
from constat.errors import UsageError
from constat.model import Outcome
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


def test_report_lists_each_step_and_ends_with_three_lines(
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


def test_json_report_has_steps_and_outcome(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "smtp", "--host", "127.0.0.1", f"--port={relay}", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "up"
    assert told["at"] == "2026-11-24T08:13:20Z"
    assert [step["name"] for step in told["steps"]][-2:] == ["EHLO", "QUIT"]
    assert told["lines"][1].startswith("All is well (answer in ")


def test_options_may_stand_before_the_kind(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "--json", "--lang", "it", "smtp", "--host", "127.0.0.1", f"--port={relay}") == 0
    assert json.loads(capsys.readouterr().out)["lines"][1].startswith("Tutto a posto")
    assert (
        run(tmp_path, "--lang", "it", "smtp", "--lang", "es", "--host", "127.0.0.1", f"--port={relay}") == 0
    )
    assert "Todo correcto" in capsys.readouterr().out


def test_lines_are_in_the_language_of_the_terminal(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CH.UTF-8")
    assert run(tmp_path, "smtp", "--host", "127.0.0.1", f"--port={relay}") == 0
    assert "Contrôle smtp" in capsys.readouterr().out


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


def test_broken_status_yml_does_not_block_a_probe(
    tmp_path: Path, relay: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "status.yml").write_text("page: {nmae: x}\n")
    assert run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(relay)) == 0
    assert "status.yml is wrong, so its secrets cannot be used" in capsys.readouterr().err


def test_unknown_outcome_is_neither_good_nor_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "exec", "--command", "true", "--lang", "it") == 2
    assert "Non abbiamo potuto verificare" in capsys.readouterr().out
    assert run(tmp_path, "exec", "--command", "true", "--allow-exec") == 0


def test_target_text_cannot_move_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ScriptedServer(b"220 \x1b[2Jready\r\n", SILENCE) as server:
        run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(server.port), "--timeout", "200ms")
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "220 ?[2Jready" in told


def test_nothing_is_stored(tmp_path: Path, relay: int) -> None:
    run(tmp_path, "smtp", "--host", "127.0.0.1", "--port", str(relay))
    assert list(tmp_path.iterdir()) == []


def test_subject_is_named_as_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    with pytest.raises(UsageError, match="there is no translation into xx"):
        run(tmp_path, "tcp", "--host", "localhost", "--port", "9", "--lang", "xx")
