"""The record of who was told what survives whatever a file may hold."""

from dataclasses import replace

from constat.model import Notify, Target
from constat.notifications import HEADER, Row, find_told_targets, format_row, parse_record
from constat.notifications.record import Failures
from constat.page import ToldTarget
from tests.support.page_objects import at

ID = "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z"
TEN, ELEVEN = at("2026-11-23 10:00"), at("2026-11-23 11:00")


def text(*rows: Row) -> bytes:
    return (f"{HEADER}\n" + "".join(format_row(row) for row in rows)).encode()


def test_what_is_written_is_read() -> None:
    record = parse_record(
        text(
            Row(TEN, "list", "since"),
            Row(TEN, "list", "failed", ID, "refused"),
            Row(ELEVEN, "list", "failed", ID, "refused"),
            Row(ELEVEN, "list", "sent", ID),
        )
    )
    assert record.since == {"list": TEN}
    assert record.sent == {("list", ID): ELEVEN}
    assert record.failed == {("list", ID): Failures(2, TEN, ELEVEN)}


def test_a_row_is_one_line_and_no_formula() -> None:
    """Whatever a server answered."""
    row = format_row(Row(TEN, "list", "failed", ID, "=cmd|' /C calc'!A0\r\n\x1b[31mé, \"x\""))
    assert row.count("\n") == 1
    assert "\r" not in row
    assert row.isascii()
    assert not row.split(",", 4)[-1].startswith(('"=', "="))
    assert parse_record(row.encode()).failed[("list", ID)].count == 1


def test_a_long_answer_is_cut() -> None:
    assert len(format_row(Row(TEN, "list", "failed", ID, "x" * 5000))) < 250


def test_torn_and_foreign_lines_are_left_out() -> None:
    good = format_row(Row(TEN, "list", "sent", ID)).encode()
    data = (
        b"\xff\xfe\nnonsense\n"
        + b"x" * 200_000
        + b"\n"
        + good
        + b"yesterday,list,sent,x,\n,,,,\n"
        + good
        + b"2026-11-23T1"
    )
    assert parse_record(data).sent == {("list", ID): TEN}


def test_a_line_torn_within_quotation_marks_takes_no_other_with_it() -> None:
    """Else what the next row says was told would be told again."""
    row = format_row(Row(TEN, "list", "sent", ID))
    for length in range(len(row)):
        other = format_row(Row(ELEVEN, "list", "sent", f"{ID}/other"))
        assert ("list", f"{ID}/other") in parse_record(f"{row[:length]}\n{other}".encode()).sent


def test_merged_files_in_any_order_say_the_same() -> None:
    """Two writers' rows may meet in either order; the earliest word counts."""
    rows = [Row(ELEVEN, "list", "sent", ID), Row(TEN, "list", "sent", ID), Row(TEN, "list", "since")]
    assert parse_record(text(*rows)) == parse_record(text(*reversed(rows)))
    assert parse_record(text(*rows)).sent[("list", ID)] == TEN


def test_a_notice_knows_which_public_target_was_told_of_it_and_when() -> None:
    """A target without a name is nobody's business."""
    usual = Target("list", "fr", ("incidents",), (), "none", email="news@lists.example.org")
    notify = Notify(None, (replace(usual, name={"": "Liste"}), replace(usual, id="team")))
    rows = [
        Row(TEN, "list", "sent", ID),
        Row(ELEVEN, "list", "sent", "tag:maxony,2026:2026-11-23-smtp"),
        Row(TEN, "team", "sent", ID),
        Row(TEN, "list", "sent", "tag:maxony,2026:2026-11-23-smtp-again"),
        Row(TEN, "list", "failed", "tag:maxony,2026:2026-12-01-api"),
    ]
    assert find_told_targets(parse_record(text(*rows)), notify, "maxony") == {
        "2026-11-23-smtp": (ToldTarget({"": "Liste"}, TEN, ELEVEN),),
        "2026-11-23-smtp-again": (ToldTarget({"": "Liste"}, TEN, TEN),),
    }
