"""support/tickets.csv: what is read, and what is said of what cannot be."""

import pytest

from constat.errors import Problem
from constat.interval import parse_instant
from constat.model import Ticket
from constat.support import parse_tickets, write_tickets

NOW = parse_instant("2026-11-23T09:40:00Z")
HEADER = "ticket,level,region,opened_at,first_response_at"
GOOD = "M-1,first,Europe,2026-11-02T09:00+01:00,2026-11-02T09:30:05+01:00"
FILE = "support/tickets.csv"
NO_PERSON = "letters, digits and . _ # / - only, so that it names no person"


def read(text: str) -> tuple[tuple[Ticket, ...], tuple[Problem, ...]]:
    """As the project reads it."""
    return parse_tickets(text, FILE, ("first", "second"), ("Europe", "America"), NOW)


def test_a_good_row_is_read() -> None:
    opened = parse_instant("2026-11-02T08:00:00Z")
    assert read(f"{HEADER}\n{GOOD}\n") == ((Ticket("M-1", "first", "Europe", opened, opened + 1805, 2),), ())


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\n{GOOD}\r\n",
        f"{HEADER}\n{GOOD}",
        f"{HEADER}\n\n,,,,\n{GOOD}\n\n",
        "opened_at,ticket,region,first_response_at,level\n2026-11-02T08:00:00Z,M-1,Europe,2026-11-02T08:30:05Z,first",
        f'{HEADER}\n"M-1", first ,Europe,2026-11-02T09:00+01:00,2026-11-02T09:30:05+01:00\n',
    ],
    ids=[
        "as a spreadsheet saves it",
        "no last line end",
        "empty lines",
        "another order",
        "quotes and spaces",
    ],
)
def test_every_valid_spelling_is_read_the_same(text: str) -> None:
    tickets, problems = read(text)
    assert problems == ()
    assert [(one.ticket, one.level, one.region) for one in tickets] == [("M-1", "first", "Europe")]
    assert [(one.opened_at, one.first_response_at) for one in tickets] == [
        (parse_instant("2026-11-02T08:00:00Z"), parse_instant("2026-11-02T08:30:05Z"))
    ]


def test_an_unanswered_ticket_has_no_answer() -> None:
    ((one,), problems) = read(f"{HEADER}\nM-1,first,Europe,2026-11-02T09:00+01:00,\n")
    assert (one.first_response_at, problems) == (None, ())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "M-2,frist,Europe,2026-11-02T09:00Z,",
            "support/tickets.csv:3:5: unknown level 'frist' (did you mean first?)",
        ),
        (
            "M-2,first,Asia,2026-11-02T09:00Z,",
            "support/tickets.csv:3:11: unknown region 'Asia' (known: Europe, America)",
        ),
        (
            "M-2,first,Europe,2026-11-02T09:00Z,2026-11-02T08:59:59Z",
            "support/tickets.csv:3:36: an answer before the question (the first answer by a person, not earlier)",
        ),
        (
            "M-2,first,Europe,2026-11-02T09:00,",
            "support/tickets.csv:3:18: 2026-11-02T09:00 has no offset (write it as 2026-11-23T09:40:00+01:00)",
        ),
        (
            "M-2,first,Europe,2026-11-02T09:00Z,yesterday",
            "support/tickets.csv:3:36: 'yesterday' is not a valid time (write it as 2026-11-23T09:40:00+01:00)",
        ),
        (
            "M-2,first,Europe,,",
            "support/tickets.csv:3:18: the time is missing (write it as 2026-11-23T09:40:00+01:00)",
        ),
        (
            "M-1,first,America,2026-11-02T09:00Z,",
            "support/tickets.csv:3:1: M-1 is at the level first twice (line 2 has it already)",
        ),
        (
            "M-2,first,Europe,2026-11-23T09:40:01Z,",
            "support/tickets.csv:3:18: 2026-11-23T09:40:01Z is in the future (write what has happened)",
        ),
        (
            "M-2,first,Europe,2026-11-02T09:00Z,2026-11-23T09:40:01Z",
            "support/tickets.csv:3:36: 2026-11-23T09:40:01Z is in the future (write what has happened)",
        ),
        (
            "M-2,first,Europe,2026-11-02T09:00Z",
            "support/tickets.csv:3: 4 cells, where the header has 5 (leave what is not known empty)",
        ),
        (
            ",first,Europe,2026-11-02T09:00Z,",
            f"support/tickets.csv:3:1: the ticket number is missing ({NO_PERSON})",
        ),
        (
            "customer 7,first,Europe,2026-11-02T09:00Z,",
            f"support/tickets.csv:3:1: 'customer 7' is not a valid ticket number ({NO_PERSON})",
        ),
    ],
)
def test_bad_row_is_named_and_skipped(row: str, message: str) -> None:
    """The good rows around it stay."""
    last = "M-3,second,America,2026-11-02T09:00Z,"
    tickets, problems = read(f"{HEADER}\n{GOOD}\n{row}\n{last}\n")
    assert [str(problem) for problem in problems] == [message]
    assert [one.ticket for one in tickets] == ["M-1", "M-3"]


def test_one_ticket_at_two_levels_is_an_escalation() -> None:
    tickets, problems = read(f"{HEADER}\n{GOOD}\n{GOOD.replace('first', 'second')}\n")
    assert (len(tickets), problems) == (2, ())


def test_all_mistakes_of_a_row_are_reported_together() -> None:
    _, problems = read(f"{HEADER}\n?,frist,Europa,,\n")
    assert [problem.column for problem in problems] == [1, 3, 9, 16]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"support/tickets.csv: it is empty (write the header: {HEADER})"),
        (
            f"{HEADER},customer\n",
            f"support/tickets.csv:1: unknown column 'customer' (only these are kept: {HEADER})",
        ),
        (
            "ticket,level,region,opened_at\n",
            f"support/tickets.csv:1: the column first_response_at is missing (write: {HEADER})",
        ),
        (
            f"{HEADER},level\n",
            f"support/tickets.csv:1: the column level is given twice (write: {HEADER})",
        ),
    ],
)
def test_a_wrong_header_is_named(text: str, message: str) -> None:
    """Nothing is read under a header that we do not understand: what is personal must not be kept."""
    tickets, problems = read(text + GOOD if text else text)
    assert ([str(problem) for problem in problems], tickets) == ([message], ())


def test_tickets_are_written_in_one_way_and_read_back() -> None:
    text = f"{HEADER}\nM-2,second,America,2026-11-02T09:00-06:00,\n{GOOD}\n"
    written = write_tickets(read(text)[0])
    assert written == (
        f"{HEADER}\n"
        "M-1,first,Europe,2026-11-02T08:00:00Z,2026-11-02T08:30:05Z\n"
        "M-2,second,America,2026-11-02T15:00:00Z,\n"
    )
    assert write_tickets(read(written)[0]) == written


def test_overlong_line_affects_only_itself() -> None:
    """A line that the CSV reader refuses is reported like any other bad row, and the next one is read."""
    tickets, problems = read(f"{HEADER}\n{'x' * 200_000},first,Europe,,\n{GOOD}\n")
    assert [ticket.ticket for ticket in tickets] == ["M-1"]
    assert [(problem.line, problem.message) for problem in problems] == [
        (2, "1 cells, where the header has 5")
    ]
