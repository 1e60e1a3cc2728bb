"""The simulated past: text that the reader of evidence takes without a word, and that tells its story."""

from collections import Counter

import pytest

from constat import history
from constat.interval import parse_instant
from constat.model import Outcome, Sample
from demo.samples import VANTAGE, Watched, day_files
from demo.story import INCIDENT, NEW_SERVICE, OVERRUN, Scene, window

NOW = parse_instant("2026-11-24T02:40:00Z")


@pytest.fixture(scope="module")
def samples() -> tuple[Sample, ...]:
    found: list[Sample] = []
    for path, text in day_files(CHECKS, NOW, 90):
        rows = history.parse_day(text.encode(), path, NOW)
        assert rows.skipped is None
        found += history.list_samples(rows)
    return tuple(found)


CHECKS = (
    Watched("website", "home", 300),
    Watched("api", "status", 60),
    Watched("smtp", "submission", 60),
    Watched("sms", "gateway", 60),
)


def test_it_is_written_as_the_watch_would_write_it() -> None:
    """A row is what `format_row` makes of the sample that it holds."""
    path, text = next(iter(day_files(CHECKS, NOW, 90)))
    header, *lines = text.splitlines()
    rows = [
        history.format_row(sample).strip()
        for sample in history.list_samples(history.parse_day(text.encode(), path, NOW))
    ]
    assert header == history.HEADER
    assert sorted(lines) == sorted(rows)


def test_every_row_says_that_it_is_simulated(samples: tuple[Sample, ...]) -> None:
    assert {sample.vantage for sample in samples} == {VANTAGE}


def test_it_is_the_same_every_time() -> None:
    assert list(day_files(CHECKS, NOW, 20)) == list(day_files(CHECKS, NOW, 20))


def test_nothing_in_it_is_later_than_now(samples: tuple[Sample, ...]) -> None:
    assert max(sample.at for sample in samples) < NOW


def test_it_covers_the_days_it_was_asked_for(samples: tuple[Sample, ...]) -> None:
    """Ninety days of the page's zone, today among them, so that every bar has its day."""
    assert min(sample.at for sample in samples) == parse_instant("2026-08-27T00:00:00+02:00")


def test_one_service_is_young(samples: tuple[Sample, ...]) -> None:
    first = min(sample.at for sample in samples if sample.service == NEW_SERVICE)
    assert first == parse_instant("2026-11-13T09:30:00+01:00")


@pytest.mark.parametrize("scene", [INCIDENT, OVERRUN])
def test_an_outage_is_down_all_along(samples: tuple[Sample, ...], scene: Scene) -> None:
    happened = window(scene, NOW)
    seen = Counter(
        sample.outcome for sample in samples if sample.service == scene.service and sample.at in happened
    )
    assert set(seen) == {Outcome.DOWN}
    assert seen[Outcome.DOWN] >= happened.seconds // 60 - 2


def test_where_the_monitor_slept_there_is_no_row(samples: tuple[Sample, ...]) -> None:
    """31 days ago it slept from midnight to midnight, page time."""
    start = parse_instant("2026-10-24T00:00:00+02:00")
    assert not [sample for sample in samples if start <= sample.at < start + 86_400]


def test_a_year_tells_the_story_again() -> None:
    texts = dict(day_files([Watched("api", "status", 60)], NOW, 365))
    assert "status 503" in texts["2026/11/2026-11-21.csv"]
    assert "status 503" in texts["2026/08/2026-08-23.csv"]
