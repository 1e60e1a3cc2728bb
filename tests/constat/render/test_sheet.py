"""The front sheet of a statement: tallies, the gauge of the allowance, and a seal that follows from the hash."""

from hashlib import sha256

import pytest

from constat.model import Budget, Figures, Verdict
from constat.page import StatedMonth
from constat.render.seal_drawing import draw_seal
from constat.render.sheet import Gauge, Tally, draw_gauge, group_hash, tally_levels, tally_services
from tests.support.page_objects import make_figures
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page
from tests.support.two_languages import LANGUAGES

ENGLISH = LANGUAGES["en"]
HASHES = [sha256(bytes([number])).hexdigest() for number in range(200)]


def _with_budget(allowed_s: int, spent_s: int, unknown_s: int) -> Figures:
    return make_figures("smtp")._replace(budget=Budget(allowed_s, spent_s, allowed_s - spent_s, unknown_s))


@pytest.mark.parametrize(
    ("budget", "gauge"),
    [
        ((26_820, 0, 0), Gauge("0", "0")),
        ((26_820, 13_410, 0), Gauge("50", "0")),
        ((26_820, 4800, 23_115), Gauge("17.9", "86.2")),
        ((26_820, 26_821, 0), Gauge("100", "0")),
        ((26_820, 300_000, 60), Gauge("130", "0")),
        ((0, 1, 0), Gauge("130", "0")),
        ((0, 0, 0), Gauge("0", "0")),
    ],
    ids=[
        "nothing",
        "half",
        "as far as we could measure",
        "a second over",
        "far over",
        "no allowance",
        "none used",
    ],
)
def test_gauge_is_solid_for_downtime_and_hollow_for_unknown_time(
    budget: tuple[int, int, int], gauge: Gauge
) -> None:
    """The line of the allowance stands at 100 of 130 units."""
    assert draw_gauge(_with_budget(*budget)) == gauge


def test_without_a_promise_there_is_no_gauge() -> None:
    assert draw_gauge(make_figures("smtp")._replace(budget=None)) is None


def test_seal_drawing_is_determined_by_the_hash() -> None:
    assert draw_seal(HASHES[0]) == draw_seal(HASHES[0])
    assert len({draw_seal(one) for one in HASHES}) == len(HASHES)


def test_each_hash_digit_draws_one_stroke_of_the_rim() -> None:
    """A single digit that differs changes its stroke alone."""
    rim = draw_seal("0" * 64).rim
    assert rim.count("M") == 64
    for place in range(64):
        other = draw_seal("0" * place + "f" + "0" * (63 - place)).rim
        differing = [
            n for n, (one, two) in enumerate(zip(rim.split("M"), other.split("M"), strict=True)) if one != two
        ]
        assert differing == [place + 1]


def test_hash_is_shown_completely_in_groups() -> None:
    assert "".join(group_hash(HASHES[7])) == HASHES[7]
    assert {len(group) for group in group_hash(HASHES[7])} == {8}


def _month(*verdicts: Verdict | None) -> StatedMonth:
    """A month with so many services and these verdicts."""
    [month] = [month for month in build_scene_page(SCENES["maintenance"]).months if month.name == "2026-10"]
    stated = month.statement.services[0]
    services = tuple(
        stated._replace(figures=stated.figures._replace(verdict=verdict)) for verdict in verdicts
    )
    return month._replace(statement=month.statement._replace(services=services))


@pytest.mark.parametrize(
    ("verdicts", "tally"),
    [
        ((), None),
        (("met",), Tally("1 of 1 availability target met", "")),  # type: ignore[arg-type]
        (("met", "likely_met", "missed"), Tally("2 of 3 availability targets met", "1 missed, 1 verdict as far as we could measure")),  # type: ignore[arg-type]
        (("unproven", "no_data", "likely_missed"), Tally("0 of 3 availability targets met", "1 missed, 2 not measured enough to tell, 1 verdict as far as we could measure")),  # type: ignore[arg-type]
        ((None, None), Tally("2 availability targets", "month in progress")),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_verdicts_are_counted_and_uncertain_ones_named(
    verdicts: tuple[Verdict | None, ...], tally: Tally | None
) -> None:
    assert tally_services(_month(*verdicts), ENGLISH) == tally


def test_support_without_a_ticket_has_no_tally() -> None:
    assert tally_levels((), ENGLISH) is None
