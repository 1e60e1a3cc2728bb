"""When a sample is a change of state."""

from constat.history.changes import Changes
from constat.interval import Interval
from constat.model import Outcome, Sample
from tests.support.plain_evidence import roll_up_samples

START = 1_795_600_800


def sample(at: int, outcome: Outcome, check: str = "home", vantage: str = "here") -> Sample:
    return Sample(START + at, "website", check, outcome, 20, 1, 60, vantage)


def changes(*before: Sample) -> Changes:
    return Changes(roll_up_samples(before, Interval(START, START + 3600)))


def test_the_first_sample_of_a_check_is_a_change() -> None:
    assert changes().take([sample(0, Outcome.UP)])


def test_unchanged_outcome_is_no_change_even_across_watches() -> None:
    known = changes(sample(0, Outcome.UP))
    assert not known.take([sample(60, Outcome.UP)])
    assert not known.take([sample(120, Outcome.UP)])


def test_every_other_outcome_is_a_change_in_both_directions() -> None:
    known = changes(sample(0, Outcome.UP))
    outcomes = (Outcome.DOWN, Outcome.DOWN, Outcome.DEGRADED, Outcome.UP)
    assert [known.take([sample(60, outcome)]) for outcome in outcomes] == [True, False, True, True]


def test_unknown_is_no_change_and_hides_none() -> None:
    known = changes(sample(0, Outcome.UP), sample(60, Outcome.UNKNOWN))
    assert not known.take([sample(120, Outcome.UNKNOWN)])
    assert not known.take([sample(180, Outcome.UP)])
    assert known.take([sample(240, Outcome.UNKNOWN), sample(240, Outcome.DOWN)])


def test_changes_are_per_check_and_vantage() -> None:
    known = changes(sample(0, Outcome.UP, check="mail"), sample(0, Outcome.UP, vantage="there"))
    assert known.take([sample(60, Outcome.UP)])


def test_one_change_among_many_samples_is_enough() -> None:
    known = changes(sample(0, Outcome.UP), sample(0, Outcome.UP, check="mail"))
    assert known.take([sample(60, Outcome.UP), sample(60, Outcome.DOWN, check="mail")])
