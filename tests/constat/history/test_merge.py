"""Two writers of one file: every line of each is there afterwards, once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.history.merge import find_missing_lines, find_missing_rows

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e"]))


def _file(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@given(LINES, LINES)
def test_appending_gives_the_union(ours: list[bytes], theirs: list[bytes]) -> None:
    """Theirs stays as it is, and what we append is each of our lines that it lacks, once."""
    appended = find_missing_rows(_file(ours), _file(theirs)).splitlines()
    assert set(appended) == set(ours) - set(theirs)
    assert len(appended) == len(set(appended))


@given(LINES, LINES)
def test_merging_twice_changes_nothing(ours: list[bytes], theirs: list[bytes]) -> None:
    whole = _file(theirs) + find_missing_rows(_file(ours), _file(theirs))
    assert find_missing_rows(_file(ours), whole) == b""


def test_incomplete_line_waits() -> None:
    assert find_missing_rows(b"one\ntw", b"") == b"one\n"


def test_torn_published_line_is_terminated_first() -> None:
    assert find_missing_rows(b"one\ntwo\n", b"one\ntw") == b"\ntwo\n"


def test_withdrawn_row_is_not_restored_from_an_old_copy() -> None:
    """What the copy wrote since is news; of another file nothing was withdrawn."""
    path = "2026/11/2026-11-24.csv"
    withdrawn = f'{{"at":"2026-11-24T10:00:00Z","kind":"withdrawn","path":"{path}","bytes":1,"sha256":"","why":"a password"}}\n'
    register = b"not json\n" + withdrawn.encode()
    kept, leaked = b"2026-11-24T09:00:00Z,one\n", b"2026-11-24T09:30:00Z,hunter2\n"
    later = b"2026-11-24T10:00:01Z,one\n"
    assert find_missing_rows(kept + leaked + later, kept, register, path) == later
    assert find_missing_rows(kept + leaked, kept, register, path.replace("24.csv", "25.csv")) == leaked


def test_nothing_new_appends_nothing_to_a_torn_file() -> None:
    assert find_missing_rows(b"one\n", b"one\ntw") == b""


def _rules(at: str, target: str) -> bytes:
    line = {"at": f"2026-11-24T{at}Z", "kind": "service", "id": "api", "rules": {"target": target}}
    return json.dumps(line).encode() + b"\n"


def test_change_recorded_twice_is_published_once() -> None:
    """The watch and the publishing job both recorded it; the line that was pushed first stays."""
    assert find_missing_lines(_rules("10:00:05", "99"), _rules("10:00:00", "99")) == b""


def test_change_and_its_undoing_are_both_kept() -> None:
    """99, then 98, then 99 again: the last line decides, so the third may not be taken for the first."""
    first, second, third = _rules("10:00:00", "99"), _rules("10:01:00", "98"), _rules("10:02:00", "99")
    assert find_missing_lines(first + second + third, first) == second + third


def test_different_rules_are_appended() -> None:
    assert find_missing_lines(_rules("10:00:05", "98"), _rules("10:00:00", "99")) == _rules("10:00:05", "98")


def test_a_stale_version_is_not_appended_behind_a_newer_one() -> None:
    """Ours recorded 99 while the branch had 99 and 98 already: 98 stands."""
    theirs = _rules("10:00:00", "99") + _rules("10:01:00", "98")
    assert find_missing_lines(_rules("10:00:05", "99"), theirs) == b""


def test_change_back_after_a_change_is_appended() -> None:
    theirs = _rules("10:00:00", "99") + _rules("10:01:00", "98")
    back = _rules("10:02:00", "99")
    assert find_missing_lines(theirs + back, theirs) == back


def test_a_change_back_that_both_recorded_is_published_once() -> None:
    theirs = _rules("10:00:00", "99") + _rules("10:01:00", "98")
    assert find_missing_lines(theirs + _rules("10:02:05", "99"), theirs + _rules("10:02:00", "99")) == b""


def _seal(day: int, size: int, lines: int) -> bytes:
    line = {
        "at": f"2026-11-24T01:00:{lines:02}Z",
        "kind": "seal",
        "path": f"2026/11/2026-11-{day}.csv",
        "bytes": size,
        "sha256": "0" * 64,
        "register": {"lines": lines, "sha256": f"{lines:064}"},
    }
    return json.dumps(line).encode() + b"\n"


def test_seals_of_two_days_are_both_appended() -> None:
    assert find_missing_lines(_seal(22, 100, 4) + _seal(23, 100, 4), _seal(22, 100, 4)) == _seal(23, 100, 4)


def test_published_seal_of_the_same_bytes_stays() -> None:
    """Two jobs seal one day, each after as many lines of the register as the branch held then."""
    assert find_missing_lines(_seal(22, 100, 5), _seal(22, 100, 4) + _seal(23, 100, 4)) == b""
    assert find_missing_lines(_seal(22, 200, 5), _seal(22, 100, 4)) == _seal(22, 200, 5)


@pytest.mark.parametrize(
    "bad",
    [b"[" * 100_000, b"9" * 5000, b'{"kind": "service", "id": []}', b'{"id": "\\ud800"}', b"null", b"\xff"],
)
def test_unreadable_line_blocks_no_other(bad: bytes) -> None:
    good = b'{"at":"2026-11-01T00:00:00Z","kind":"page","timezone":"UTC"}'
    assert find_missing_lines(_file([bad, good]), _file([bad])) == good + b"\n"


@pytest.mark.parametrize(("minute", "carried"), [("05:04", True), ("05:05", False)])
def test_seal_is_not_appended_if_it_would_void_a_line(minute: str, *, carried: bool) -> None:
    """A line counts only if it is at most five minutes younger than the seal behind it: such a seal is made anew."""
    ours = _rules("00:50:00", "99") + _seal(23, 100, 4)
    theirs = _rules("00:50:00", "99") + _rules(f"01:{minute}", "98")
    assert find_missing_lines(ours, theirs) == (_seal(23, 100, 4) if carried else b"")
