"""Lines that a running task prints."""

import io

import pytest

from constat.model import Outcome, Sample
from verbs.terminal.look_printer import LookPrinter

SAMPLE = Sample(1_795_600_800, "api", "one", Outcome.UP, 12, 1, 60, "here", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_erased(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal, seconds = Terminal(), [0.0]
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    printer = LookPrinter(verbose=False)
    printer.begin_round(3)
    printer.report_samples([SAMPLE])
    assert terminal.getvalue() == "", "a short one is over before anybody could read it"
    seconds[0] = 1.5
    printer.report_samples([SAMPLE])
    assert terminal.getvalue() == "\r\033[K2 of 3 checks"
    printer.end_round()
    assert terminal.getvalue().endswith("\r\033[K")


def test_verbose_prints_every_sample_without_progress(capsys: pytest.CaptureFixture[str]) -> None:
    printer = LookPrinter(verbose=True)
    printer.report_register_lines(2)
    printer.begin_round(1)
    printer.report_samples([SAMPLE])
    printer.end_round()
    assert capsys.readouterr() == (
        "2 new lines in the register\n2026-11-25T10:00:00Z api/one up 12 ms\n",
        "",
    )


def test_our_own_failures_are_distinguished_from_problems_of_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printer = LookPrinter(verbose=False)
    printer.warn("incidents/a.md:1: wrong")
    printer.report_trouble("the disk is full")
    assert capsys.readouterr() == ("", "incidents/a.md:1: wrong\nconstat: the disk is full\n")
