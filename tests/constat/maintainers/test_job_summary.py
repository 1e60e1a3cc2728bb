"""The summary that a job shows to maintainers."""

from zoneinfo import ZoneInfo

import pytest

from constat.availability import build_account, compute_figures
from constat.interval import DAY_S, Interval
from constat.maintainers.job_summary import (
    CRON_AT_S,
    CRON_EVERY_S,
    Deliveries,
    ServiceSummary,
    Watch,
    format_cron_start,
    format_deliveries,
    format_sample,
    format_watch,
)
from constat.model import Outcome, RecordedRules, Register, Sample
from tests.support.page_scenes import VANTAGE, make_rules
from tests.support.plain_evidence import roll_up_samples
from tests.support.source_tree import ROOT

START = 1_795_600_800  # 2026-11-25T10:00:00Z
UTC = ZoneInfo("UTC")


def summarise(missing: range, offline: int = 0) -> str:
    """The summary of an hour of one-minute checks, some of whose minutes are missing."""
    samples = [
        Sample(START + 60 * minute, "api", "look", Outcome.UP, 20, 1, 60, VANTAGE)
        for minute in range(60)
        if minute not in missing
    ]
    end = START + 3600
    evidence = roll_up_samples(samples, Interval(end - DAY_S, end + 1))
    register = Register(services=(RecordedRules(START, "api", make_rules()),))
    counted = build_account(register, evidence, "api", UTC, end)
    span = Interval(START, end)
    watched = ServiceSummary(
        compute_figures(counted, span, end), compute_figures(counted, Interval(end - DAY_S, end), end)
    )
    return format_watch(Watch(span, "here", len(samples), offline), [watched])


def test_summary_of_an_hour_without_a_gap() -> None:
    assert summarise(range(0)) == (
        "### Watched 2026-11-25T10:00:00Z to 2026-11-25T11:00:00Z from here\n"
        "\n"
        "| service | promised | made | missed | longest blind spot | covered, last 24 h |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| `api` | 60 | 60 | 0 | 0 s | 100.00 % |\n"
        "\n"
        "60 of 60 promised checks were made, 0 missed; 60 samples recorded.\n"
    )


def test_summary_lists_missed_checks_and_the_longest_gap() -> None:
    text = summarise(range(10, 20), offline=2)
    assert "| `api` | 60 | 50 | 10 | 9 min | 85.00 % |" in text
    assert "50 of 60 promised checks were made, 10 missed; 50 samples recorded." in text
    assert text.endswith("**No canary answered in 2 rounds**: failures seen in them are ours, and unknown.\n")


def test_sample_is_described_in_one_line() -> None:
    well = Sample(START, "api", "look", Outcome.UP, 20, 1, 60, VANTAGE)
    assert format_sample(well) == "2026-11-25T10:00:00Z api/look up 20 ms"
    down = Sample(START, "api", "look", Outcome.DOWN, 10000, 3, 60, VANTAGE, "timeout after 10 s")
    assert format_sample(down) == "2026-11-25T10:00:00Z api/look down 10000 ms timeout after 10 s"


def test_summary_lists_pushes_and_notifications_of_a_quiet_hour() -> None:
    told = format_deliveries(Deliveries(pushes=4, last_push=START + 3601, sent=2, failed=0))
    assert told == "Pushed 4 times, last at 2026-11-25T11:00:01Z. Notified meanwhile: 2 sent, 0 failed.\n\n"


def test_failures_are_listed() -> None:
    """Also where nothing left at all; a backtick in git's words does not end the quotation."""
    told = format_deliveries(
        Deliveries(0, None, 0, 1, ("2026-11-25T10:00:00Z git push failed: `main` is gone",))
    )
    assert told.startswith("Pushed 0 times. Notified meanwhile: 0 sent, 1 failed.\n")
    assert "- `2026-11-25T10:00:00Z git push failed: 'main' is gone`\n" in told


def test_delay_of_the_cron_is_reported() -> None:
    """Counted from the last slot: the cron is due at minutes 4, 9, 14 ..."""
    assert format_cron_start(START + 9 * 60 + 130) == (
        "The cron was due at 2026-11-25T10:09:00Z or earlier; this run was ready at 2026-11-25T10:11:10Z, "
        "2 min 10 s later.\n\n"
    )
    assert "10:14:00Z, 0 s later" in format_cron_start(START + 14 * 60)


@pytest.mark.parametrize("workflows", [".github/workflows", "examples/starter/.github/workflows"])
def test_workflow_cron_matches_the_one_that_delay_is_counted_from(workflows: str) -> None:
    cron = f'cron: "{CRON_AT_S // 60}-59/{CRON_EVERY_S // 60} * * * *"'
    assert cron in (ROOT / workflows / "watch.yml").read_text(encoding="utf-8")
