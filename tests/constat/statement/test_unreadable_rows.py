"""What is told of rows that cannot be read: how many each service has, and the first of them."""

from constat.history import COLUMNS, HEADER
from constat.interval import parse_instant
from constat.model import SkippedRows
from constat.statement.unreadable_rows import describe_unreadable

NOW = parse_instant("2026-11-05T00:00:00Z")
PATH = "2026/10/2026-10-07.csv"
SEEN = "2026-10-07T09:{:02}:00Z,{},home,up,84,1,60,gha,"


def describe(*lines: str) -> list[str]:
    """The sentences about a file of a day."""
    files = {PATH: "\n".join((*lines, "")).encode()}
    return list(describe_unreadable("2026-10", [SkippedRows(PATH, 1, 3, "anything")], files, NOW))


def tell(rows: str, first: str) -> str:
    """The sentence about some rows of the file, the first of which has its line and its fault."""
    return f"2026-10: {rows} cannot be read, and count as if nobody had looked (in {PATH}, {first})"


def test_each_service_is_told_its_own_first_row() -> None:
    """The file's first faulty row may be another service's, with another fault."""
    odd = SEEN.format(3, "smtp").replace("84", "fast")
    late = SEEN.format(4, "api").replace("2026-10-07", "2026-10-08")
    assert describe(HEADER, SEEN.format(1, "api"), odd, late, odd) == [
        tell("1 row of api", "from line 4 on: it belongs in another day's file"),
        tell("2 rows of smtp", "from line 3 on: a number is not written in digits"),
    ]


def test_a_row_that_is_cut_off_before_its_service_is_told_apart() -> None:
    assert describe(HEADER, "2026-10-07T09:01:00Z") == [
        tell("1 row without a service", "from line 2 on: the row is torn: cells are missing")
    ]


def test_the_columns_may_stand_in_another_order() -> None:
    """The header above a row says which cell names the service, and readable rows below it are not counted."""
    order = sorted(range(len(COLUMNS)), reverse=True)
    header, good, bad = (
        ",".join(line.split(",")[column] for column in order)
        for line in (HEADER, SEEN.format(1, "api"), SEEN.format(2, "smtp").replace("up", "fine"))
    )
    (told,) = describe(f"\ufeff{header}", good, bad)
    assert told.startswith("2026-10: 1 row of smtp cannot be read")
    assert f"in {PATH}, from line 3 on: " in told
