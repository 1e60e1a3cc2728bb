"""Time: instants, half-open intervals and tracks, held to sets of seconds."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.interval import (
    Interval,
    Stretch,
    clip,
    clip_track,
    compact,
    day_interval,
    days_of,
    format_instant,
    format_seconds,
    intersect,
    merge,
    midnight,
    month_interval,
    month_of,
    overlay,
    parse_instant,
    parse_seconds,
    subtract,
    total,
    value_at,
    where,
    write_offset_if_needed,
)

ZURICH, LORD_HOWE, BEIRUT = (
    ZoneInfo("Europe/Zurich"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Beirut"),
)
HOUR = 3600

spans = st.builds(
    lambda start, length: Interval(start, start + length), st.integers(0, 40), st.integers(-2, 12)
)
windows = st.builds(Interval, st.integers(0, 40), st.integers(0, 50))


def _track(steps: Iterable[tuple[int, int, str]]) -> tuple[Stretch[str], ...]:
    """Stretches one after another: a gap, a length, a value."""
    at, found = 0, []
    for gap, length, value in steps:
        found.append(Stretch(at + gap, at + gap + length, value))
        at += gap + length
    return compact(found)


tracks = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.sampled_from("ab")), max_size=8).map(
    _track
)


def seconds(intervals: Iterable[Interval]) -> set[int]:
    """Every second of some intervals."""
    return {second for start, end in intervals for second in range(start, end)}


def values(track: Iterable[Stretch[str]]) -> dict[int, str]:
    """The value of every second of a track."""
    return {second: value for start, end, value in track for second in range(start, end)}


def is_merged(intervals: Iterable[Interval]) -> bool:
    """Sorted, not empty, and apart."""
    found = list(intervals)
    return all(one.start < one.end for one in found) and all(
        one.end < two.start for one, two in pairwise(found)
    )


@given(st.lists(spans))
def test_merging_keeps_every_second_once(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert is_merged(merged)
    assert seconds(merged) == seconds(intervals)
    assert total(merged) == len(seconds(intervals))


@given(st.lists(spans), st.lists(spans))
def test_intersection_matches_sets(ours: list[Interval], theirs: list[Interval]) -> None:
    one, two = merge(ours), merge(theirs)
    assert seconds(intersect(one, two)) == seconds(one) & seconds(two)
    assert is_merged(intersect(one, two))


@given(st.lists(spans), st.lists(spans))
def test_subtraction_matches_sets(ours: list[Interval], theirs: list[Interval]) -> None:
    one, two = merge(ours), merge(theirs)
    assert seconds(subtract(one, two)) == seconds(one) - seconds(two)
    assert is_merged(subtract(one, two))


@given(st.lists(spans), windows)
def test_clipping_keeps_the_part_in_the_window(intervals: list[Interval], window: Interval) -> None:
    cut = clip(merge(intervals), window)
    assert is_merged(cut)
    assert seconds(cut) == seconds(intervals) & set(range(*window))


@given(tracks, windows)
def test_clipping_a_track_keeps_its_values(track: tuple[Stretch[str], ...], window: Interval) -> None:
    cut = clip_track(track, window)
    assert values(cut) == {second: value for second, value in values(track).items() if second in window}
    assert all(stretch.start < stretch.end for stretch in cut)


@given(tracks, st.integers(-1, 60))
def test_value_at_an_instant_is_found(track: tuple[Stretch[str], ...], at: int) -> None:
    assert value_at(track, at) == values(track).get(at)


@given(tracks)
def test_intervals_with_a_value_are_found(track: tuple[Stretch[str], ...]) -> None:
    assert seconds(where(track, "a")) == {second for second, value in values(track).items() if value == "a"}


@given(st.lists(tracks, max_size=3), windows)
def test_walking_tracks_together_gives_each_value_of_every_second(
    several: list[tuple[Stretch[str], ...]], window: Interval
) -> None:
    told = {second: said for start, end, said in overlay(several, window) for second in range(start, end)}
    held = [values(track) for track in several]
    assert told == {
        second: tuple(each.get(second) for each in held) for second in range(window.start, window.end)
    }


def test_compacting_merges_adjacent_equal_stretches() -> None:
    track = [
        Stretch(0, 2, "a"),
        Stretch(2, 2, "b"),
        Stretch(2, 4, "a"),
        Stretch(5, 6, "a"),
        Stretch(6, 7, "b"),
    ]
    assert compact(track) == (Stretch(0, 4, "a"), Stretch(5, 6, "a"), Stretch(6, 7, "b"))


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    assert 5 in Interval(5, 7)
    assert 7 not in Interval(5, 7)
    assert Interval(7, 5).seconds == 0


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-23T09:40:00Z", "2026-11-23T09:40:00Z"),
        ("2026-11-23T10:40+01:00", "2026-11-23T09:40:00Z"),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
    ],
)
def test_a_time_with_an_offset_is_an_instant(text: str, written: str) -> None:
    assert format_instant(parse_instant(text)) == written


@pytest.mark.parametrize(
    "text", ["2026-11-23T09:40:00", "2026-11-23T09:40:00.5Z", "2026-13-01T00:00Z", "soon"]
)
def test_invalid_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.parametrize(
    ("zone", "day", "seconds_long"),
    [
        (ZURICH, date(2026, 10, 25), 25 * HOUR),
        (ZURICH, date(2026, 3, 29), 23 * HOUR),
        (ZURICH, date(2026, 7, 1), 24 * HOUR),
        (LORD_HOWE, date(2026, 4, 5), 24 * HOUR + HOUR // 2),
        (LORD_HOWE, date(2026, 10, 4), 23 * HOUR + HOUR // 2),
        (BEIRUT, date(2024, 3, 31), 23 * HOUR),  # the clock skips midnight itself
    ],
)
def test_day_length_follows_its_zone(zone: ZoneInfo, day: date, seconds_long: int) -> None:
    assert day_interval(day, zone).seconds == seconds_long


def test_a_day_whose_midnight_is_skipped_begins_at_the_change() -> None:
    """In Beirut the clock went from 23:59:59 to 01:00 in the night to 31 March 2024."""
    assert format_instant(midnight(date(2024, 3, 31), BEIRUT)) == "2024-03-30T22:00:00Z"


def test_a_day_whose_midnight_comes_twice_begins_at_the_first() -> None:
    """In Havana the clock goes from 00:59:59 back to 00:00 on 1 November 2026."""
    havana = ZoneInfo("America/Havana")
    assert format_instant(midnight(date(2026, 11, 1), havana)) == "2026-11-01T04:00:00Z"
    assert day_interval(date(2026, 11, 1), havana).seconds == 25 * HOUR
    assert day_interval(date(2026, 10, 31), havana).seconds == 24 * HOUR


def test_month_follows_its_zone() -> None:
    october = month_interval("2026-10", ZURICH)
    assert [format_instant(edge) for edge in october] == ["2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"]
    assert (month_of(october.start, ZURICH), month_of(october.end, ZURICH)) == ("2026-10", "2026-11")
    assert month_interval("2026-12", ZURICH).end == month_interval("2027-01", ZURICH).start


def test_days_overlapping_a_window_are_listed() -> None:
    start = midnight(date(2026, 10, 24), ZURICH)
    end = midnight(date(2026, 10, 26), ZURICH)
    assert days_of(Interval(start, end), ZURICH) == [date(2026, 10, 24), date(2026, 10, 25)]
    assert days_of(Interval(start, end + 1), ZURICH)[-1] == date(2026, 10, 26)
    assert days_of(Interval(start, start), ZURICH) == []


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "1899-12-31T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_time_at_the_edge_of_the_calendar_is_refused(text: str) -> None:
    """Around it are no days and months to reckon with."""
    with pytest.raises(ValueError, match="is too far away"):
        parse_instant(text)


@given(st.integers(0, 10_000_000))
def test_a_duration_is_read_back_as_it_was_written(seconds: int) -> None:
    assert parse_seconds(format_seconds(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (90, "90s"), (5400, "90m"), (14_400, "4h"), (14 * 86_400, "14d")]
)
def test_a_duration_is_written_in_the_largest_unit_that_divides_it(seconds: int, text: str) -> None:
    assert format_seconds(seconds) == text


@pytest.mark.parametrize("text", ["", "4", "h", "4 weeks", "4H", "1.5h"])
def test_a_duration_without_a_whole_number_and_a_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"has no unit|invalid literal"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("at", "zone", "written"),
    [
        ("2026-10-25T00:30:00Z", "Europe/Zurich", " UTC+2"),
        ("2026-10-25T01:30:00Z", "Europe/Zurich", " UTC+1"),
        ("2026-10-24T23:59:59Z", "Europe/Zurich", ""),
        ("2026-10-25T02:00:00Z", "Europe/Zurich", ""),
        ("2026-03-29T01:30:00Z", "Europe/Zurich", ""),
        ("2026-11-01T05:30:00Z", "America/New_York", " UTC-4"),
        ("2026-04-04T15:00:00Z", "Australia/Lord_Howe", " UTC+10:30"),
        ("2026-10-25T00:30:00Z", "UTC", ""),
    ],
)
def test_ambiguous_local_time_is_written_with_its_offset(at: str, zone: str, written: str) -> None:
    assert write_offset_if_needed(parse_instant(at), ZoneInfo(zone)) == written
