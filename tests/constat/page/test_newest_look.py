"""The last look at a check: of whatever vantage, with what it saw."""

from constat.interval import Interval
from constat.model import Outcome, Sample
from constat.page import LatestResult
from constat.page.assembly import find_latest_result
from tests.support.plain_evidence import roll_up_samples

WINDOW = Interval(0, 10_000)


def _sample(at: int, outcome: str, reason: str = "", vantage: str = "here", check: str = "spf") -> Sample:
    return Sample(at, "smtp", check, Outcome(outcome), 5, 1, 60, vantage, reason)


def test_newest_sample_decides() -> None:
    samples = [
        _sample(60, "down", "record no SPF"),
        _sample(120, "up"),
        _sample(60, "down", "refused", check="mx"),
    ]
    evidence = roll_up_samples(samples, WINDOW)
    assert find_latest_result(evidence, "smtp", "spf") == LatestResult(120, Outcome.UP, "")
    assert find_latest_result(evidence, "smtp", "mx") == LatestResult(60, Outcome.DOWN, "refused")
    assert find_latest_result(evidence, "smtp", "dkim") is None


def test_reason_belongs_to_its_sample() -> None:
    samples = [_sample(60, "down", "record no SPF"), _sample(120, "unknown"), _sample(600, "down", "refused")]
    assert find_latest_result(roll_up_samples(samples[:2], WINDOW), "smtp", "spf") == LatestResult(
        120, Outcome.UNKNOWN, ""
    )
    assert find_latest_result(roll_up_samples(samples, WINDOW), "smtp", "spf") == LatestResult(
        600, Outcome.DOWN, "refused"
    )


def test_later_of_two_vantages_decides() -> None:
    samples = [_sample(60, "up"), _sample(61, "down", "record no SPF", "there")]
    assert find_latest_result(roll_up_samples(samples, WINDOW), "smtp", "spf") == LatestResult(
        61, Outcome.DOWN, "record no SPF"
    )


def test_degraded_sample_has_its_reason() -> None:
    """What was not measured has none: the obstacle was ours."""
    samples = [_sample(60, "up"), _sample(120, "degraded", "record SPF ends with ?all")]
    assert find_latest_result(roll_up_samples(samples, WINDOW), "smtp", "spf") == LatestResult(
        120, Outcome.DEGRADED, "record SPF ends with ?all"
    )
    samples.append(_sample(180, "unknown", "offline"))
    assert find_latest_result(roll_up_samples(samples, WINDOW), "smtp", "spf") == LatestResult(
        180, Outcome.UNKNOWN, ""
    )
