"""Every state belongs to one kind of notice, and one place says which of them end it."""

from itertools import chain
from typing import get_args

import pytest

from constat.model import CLOSING_STATES, STATES, UNDER_WAY_STATES, Notice, State
from tests.support.page_objects import make_incident, make_maintenance, make_update

BEGUN = make_incident("2026-11-23-smtp", make_update("2026-11-23 10:12", "investigating", "Nous cherchons."))
PLANNED = make_maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00")


def after(notice: Notice, state: State) -> Notice:
    """The notice with one more update."""
    return notice._replace(updates=(*notice.updates, make_update("2026-11-23 11:00", state, "C'est dit.")))


def test_every_state_belongs_to_exactly_one_kind() -> None:
    assert sorted(chain(*STATES.values())) == sorted(get_args(State))


@pytest.mark.parametrize("kind", STATES)
def test_every_kind_of_notice_can_be_closed(kind: str) -> None:
    states = {known: set(names) for known, names in STATES.items() if known == kind}
    assert all(CLOSING_STATES & names for names in states.values())


def test_state_in_progress_is_not_closed() -> None:
    assert not CLOSING_STATES & UNDER_WAY_STATES


@pytest.mark.parametrize("state", STATES["incident"])
def test_an_incident_is_open_from_its_beginning_until_it_is_closed(state: State) -> None:
    said = after(BEGUN, state)
    assert said.is_open_incident(BEGUN.starts) is (state not in CLOSING_STATES)
    assert not said.is_open_incident(BEGUN.starts - 1)


@pytest.mark.parametrize("state", STATES["maintenance"])
def test_a_maintenance_is_over_when_it_is_closed_or_its_window_has_passed(state: State) -> None:
    said = after(PLANNED, state)
    assert said.is_over(PLANNED.starts) is (state in CLOSING_STATES)
    assert said.is_over(PLANNED.ends or 0)
    assert not said.is_open_incident(PLANNED.starts)
