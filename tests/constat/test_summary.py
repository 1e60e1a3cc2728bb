from zoneinfo import ZoneInfo

from constat.availability import account, figures
from constat.interval import DAY_S, Interval
from constat.model import Outcome, RecordedRules, Register, Sample
from constat.summary import Watch, Watched, sample_line, summary
from tests.support.evidence import evidence_of
from tests.support.scenes import VANTAGE, rules

START = 1_795_600_800  # 2026-11-25T10:00:00Z
UTC = ZoneInfo("UTC")


def told(missing: range, offline: int = 0) -> str:
    """The summary of an hour of one-minute checks, some of whose minutes are missing."""
    samples = [
        Sample(START + 60 * minute, "api", "look", Outcome.UP, 20, 1, 60, VANTAGE)
        for minute in range(60)
        if minute not in missing
    ]
    end = START + 3600
    evidence = evidence_of(samples, Interval(end - DAY_S, end + 1))
    register = Register(services=(RecordedRules(START, "api", rules()),))
    counted = account(register, evidence, "api", UTC, end)
    span = Interval(START, end)
    watched = Watched(figures(counted, span, end), figures(counted, Interval(end - DAY_S, end), end))
    return summary(Watch(span, "here", len(samples), offline), [watched])


def test_an_hour_without_a_gap() -> None:
    assert told(range(0)) == (
        "### Watched 2026-11-25T10:00:00Z to 2026-11-25T11:00:00Z from here\n"
        "\n"
        "| service | promised | made | missed | longest blind spot | covered, last 24 h |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| `api` | 60 | 60 | 0 | 0 s | 100.00 % |\n"
        "\n"
        "60 of 60 promised checks were made, 0 missed; 60 samples recorded.\n"
    )


def test_what_was_missed_and_for_how_long_nobody_looked() -> None:
    text = told(range(10, 20), offline=2)
    assert "| `api` | 60 | 50 | 10 | 9 min | 85.00 % |" in text
    assert "50 of 60 promised checks were made, 10 missed; 50 samples recorded." in text
    assert text.endswith("**No canary answered in 2 rounds**: failures seen in them are ours, and unknown.\n")


def test_a_sample_in_one_line() -> None:
    well = Sample(START, "api", "look", Outcome.UP, 20, 1, 60, VANTAGE)
    assert sample_line(well) == "2026-11-25T10:00:00Z api/look up 20 ms"
    down = Sample(START, "api", "look", Outcome.DOWN, 10000, 3, 60, VANTAGE, "timeout after 10 s")
    assert sample_line(down) == "2026-11-25T10:00:00Z api/look down 10000 ms timeout after 10 s"
