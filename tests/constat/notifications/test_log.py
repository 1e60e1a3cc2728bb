"""The notification log survives whatever its file may contain."""

from dataclasses import replace

from constat.model import Notify, Target
from constat.notifications import HEADER, LogEntry, find_notified_targets, format_entry, parse_log
from constat.notifications.log import Failures
from constat.page import NotifiedTarget
from tests.support.page_objects import parse_time

ID = "tag:maxony,2026:2026-11-23-smtp/2026-11-23T10:12:00Z"
TEN, ELEVEN = parse_time("2026-11-23 10:00"), parse_time("2026-11-23 11:00")


def text(*rows: LogEntry) -> bytes:
    return (f"{HEADER}\n" + "".join(format_entry(row) for row in rows)).encode()


def test_written_entries_are_read_back() -> None:
    log = parse_log(
        text(
            LogEntry(TEN, "list", "since"),
            LogEntry(TEN, "list", "failed", ID, "refused"),
            LogEntry(ELEVEN, "list", "failed", ID, "refused"),
            LogEntry(ELEVEN, "list", "sent", ID),
        )
    )
    assert log.since == {"list": TEN}
    assert log.sent == {("list", ID): ELEVEN}
    assert log.failed == {("list", ID): Failures(2, TEN, ELEVEN)}


def test_a_row_is_one_line_and_no_formula() -> None:
    """Whatever a server answered."""
    row = format_entry(LogEntry(TEN, "list", "failed", ID, "=cmd|' /C calc'!A0\r\n\x1b[31mé, \"x\""))
    assert row.count("\n") == 1
    assert "\r" not in row
    assert row.isascii()
    assert not row.split(",", 4)[-1].startswith(('"=', "="))
    assert parse_log(row.encode()).failed[("list", ID)].count == 1


def test_a_long_answer_is_cut() -> None:
    assert len(format_entry(LogEntry(TEN, "list", "failed", ID, "x" * 5000))) < 250


def test_torn_and_foreign_lines_are_skipped() -> None:
    good = format_entry(LogEntry(TEN, "list", "sent", ID)).encode()
    data = (
        b"\xff\xfe\nnonsense\n"
        + b"x" * 200_000
        + b"\n"
        + good
        + b"yesterday,list,sent,x,\n,,,,\n"
        + good
        + b"2026-11-23T1"
    )
    assert parse_log(data).sent == {("list", ID): TEN}


def test_line_torn_inside_quotes_affects_no_other() -> None:
    """Otherwise what the next row says was sent would be sent again."""
    row = format_entry(LogEntry(TEN, "list", "sent", ID))
    for length in range(len(row)):
        other = format_entry(LogEntry(ELEVEN, "list", "sent", f"{ID}/other"))
        assert ("list", f"{ID}/other") in parse_log(f"{row[:length]}\n{other}".encode()).sent


def test_merged_files_read_the_same_in_any_order() -> None:
    """Two writers' rows may meet in either order; the earliest word counts."""
    rows = [
        LogEntry(ELEVEN, "list", "sent", ID),
        LogEntry(TEN, "list", "sent", ID),
        LogEntry(TEN, "list", "since"),
    ]
    assert parse_log(text(*rows)) == parse_log(text(*reversed(rows)))
    assert parse_log(text(*rows)).sent[("list", ID)] == TEN


def test_notice_lists_notified_public_targets_and_times() -> None:
    """A target without a name is not listed publicly."""
    usual = Target("list", "fr", ("incidents",), (), "none", address="news@lists.example.org")
    notify = Notify(None, (replace(usual, name={"": "Liste"}), replace(usual, id="team")))
    rows = [
        LogEntry(TEN, "list", "sent", ID),
        LogEntry(ELEVEN, "list", "sent", "tag:maxony,2026:2026-11-23-smtp"),
        LogEntry(TEN, "team", "sent", ID),
        LogEntry(TEN, "list", "sent", "tag:maxony,2026:2026-11-23-smtp-again"),
        LogEntry(TEN, "list", "failed", "tag:maxony,2026:2026-12-01-api"),
    ]
    assert find_notified_targets(parse_log(text(*rows)), notify, "maxony") == {
        "2026-11-23-smtp": (NotifiedTarget({"": "Liste"}, TEN, ELEVEN),),
        "2026-11-23-smtp-again": (NotifiedTarget({"": "Liste"}, TEN, TEN),),
    }
