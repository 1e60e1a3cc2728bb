"""The simulated past is valid evidence, and holds the scenes of its story."""

from collections import Counter

import pytest

from constat import history
from constat.interval import parse_instant
from constat.model import Outcome, Sample
from demo.samples import VANTAGE, SimulatedCheck, build_day_files
from demo.story import INCIDENT, NEW_SERVICE, OVERRUN, Scene, compute_window

NOW = parse_instant("2026-11-24T02:40:00Z")
CHECKS = (
    SimulatedCheck("website", "home", 300),
    SimulatedCheck("api", "status", 60),
    SimulatedCheck("smtp", "submission", 60),
    SimulatedCheck("sms", "gateway", 60),
)


@pytest.fixture(scope="module")
def samples() -> tuple[Sample, ...]:
    samples: list[Sample] = []
    for path, text in build_day_files(CHECKS, NOW, 90):
        rows = history.parse_day(text.encode(), path, NOW)
        assert rows.skipped is None
        samples += history.list_samples(rows)
    return tuple(samples)


def test_rows_are_written_as_the_watch_would_write_them() -> None:
    """Parsing a row and formatting its sample gives the row again."""
    path, text = next(iter(build_day_files(CHECKS, NOW, 90)))
    header, *lines = text.splitlines()
    rows = [
        history.format_row(sample).strip()
        for sample in history.list_samples(history.parse_day(text.encode(), path, NOW))
    ]
    assert header == history.HEADER
    assert sorted(lines) == sorted(rows)


def test_every_row_has_the_simulated_vantage(samples: tuple[Sample, ...]) -> None:
    assert {sample.vantage for sample in samples} == {VANTAGE}


def test_the_past_is_the_same_every_time() -> None:
    assert list(build_day_files(CHECKS, NOW, 20)) == list(build_day_files(CHECKS, NOW, 20))


def test_no_sample_is_later_than_now(samples: tuple[Sample, ...]) -> None:
    assert max(sample.at for sample in samples) < NOW


def test_the_past_covers_the_requested_days(samples: tuple[Sample, ...]) -> None:
    """Ninety days in the page's time zone, including today, so that every bar has its day."""
    assert min(sample.at for sample in samples) == parse_instant("2026-08-27T00:00:00+02:00")


def test_one_service_is_new(samples: tuple[Sample, ...]) -> None:
    first = min(sample.at for sample in samples if sample.service == NEW_SERVICE)
    assert first == parse_instant("2026-11-13T09:30:00+01:00")


@pytest.mark.parametrize("scene", [INCIDENT, OVERRUN])
def test_a_service_is_down_during_the_whole_outage(samples: tuple[Sample, ...], scene: Scene) -> None:
    window = compute_window(scene, NOW)
    outcomes = Counter(
        sample.outcome for sample in samples if sample.service == scene.service and sample.at in window
    )
    assert set(outcomes) == {Outcome.DOWN}
    assert outcomes[Outcome.DOWN] >= window.seconds // 60 - 2


def test_there_is_no_row_while_the_monitor_was_off(samples: tuple[Sample, ...]) -> None:
    """31 days ago it was off from midnight to midnight in the page's time zone."""
    start = parse_instant("2026-10-24T00:00:00+02:00")
    assert not [sample for sample in samples if start <= sample.at < start + 86_400]


def test_the_story_repeats_within_a_year() -> None:
    texts = dict(build_day_files([SimulatedCheck("api", "status", 60)], NOW, 365))
    assert "status 503" in texts["2026/11/2026-11-21.csv"]
    assert "status 503" in texts["2026/08/2026-08-23.csv"]
