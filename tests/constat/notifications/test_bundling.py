"""A target gets a bounded number of messages for any number of events, and each event is sent once."""

from hypothesis import given
from hypothesis import strategies as st

from constat.model import MessageLimit
from constat.notifications import Event, bundle_events, collect_events
from tests.support.page_objects import BROKEN, make_page, present_notice

(FIRST, *_) = collect_events(make_page([present_notice(BROKEN)]))


def event(number: int, thread: int) -> Event:
    return FIRST._replace(id=f"event {number}", at=number, thread=f"thread {thread}")


DUE = st.lists(st.integers(0, 4), max_size=60).map(
    lambda threads: [event(number, thread) for number, thread in enumerate(threads)]
)


@given(DUE, st.integers(1, 8), st.integers(1, 12))
def test_every_event_is_sent_once_within_the_limits(due: list[Event], notice: int, run: int) -> None:
    bundles = bundle_events(due, MessageLimit(notice, run))
    told = [one for bundle in bundles for one in bundle]
    assert sorted(told, key=lambda one: one.at) == due
    assert len(bundles) <= run
    for thread in {one.thread for one in due}:
        assert len([bundle for bundle in bundles if {one.thread for one in bundle} == {thread}]) <= notice
    assert all(list(bundle) == sorted(bundle, key=lambda one: one.at) for bundle in bundles)


@given(DUE)
def test_events_within_the_limits_are_sent_singly_in_order(due: list[Event]) -> None:
    assert bundle_events(due, MessageLimit(60, 60)) == tuple((one,) for one in due)
