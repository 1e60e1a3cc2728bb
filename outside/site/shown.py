"""What a site shows people of a frozen month, compared with the statement: its table, and its page in every language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from constat.model import Day, Statement
from constat.statement.shown import ShownPage, check_page, check_table, read_page
from constat.statement.shown_days import check_document, check_rows
from outside.site.paths import build_statement_path
from outside.site.reader import MAX_STATEMENT_BYTES, Site

MAX_PAGE_BYTES: Final = 16 << 20
"""The largest page that is read: a month of a thousand services takes a fifth of that."""
MAX_DAYS_BYTES: Final = 1 << 20
"""The largest list of days that is read: ninety take 30 kB."""
MAX_LANGUAGES: Final = 50
MOST_TROUBLES: Final = 20
"""How many wrong figures of a page are reported: a stranger's page may hold any number."""


class ShownMonth(NamedTuple):
    """Where a site differs from a statement, and what could not be compared."""

    troubles: tuple[str, ...]
    notes: tuple[str, ...]


def check_shown_month(site: Site, statement: Statement) -> ShownMonth:
    """Compare what a site shows of a month with its statement.

    Raises:
        OutsideError: a file cannot be read, or is too large.

    """
    troubles, notes = [], []
    path = build_statement_path(statement.month).replace(".json", ".csv")
    table = site.read(path, MAX_STATEMENT_BYTES)
    if table is not None:
        troubles += [f"{path} {why}" for why in check_table(statement, table)]
    pages = dict(_read_pages(site, statement.month))
    for name, page in pages.items():
        if page.figures:
            troubles += [f"{name} {why}" for why in islice(check_page(statement, page), MOST_TROUBLES)]
        elif statement.services:
            notes.append(f"{name} marks no figures up, so what it shows was not compared")
    if not pages and site.read("index.html", MAX_PAGE_BYTES) is not None:
        notes.append(f"sla/{statement.month}/ is not published, so nothing that people read was compared")
    return ShownMonth(tuple(troubles), tuple(notes))


def check_shown_days(
    site: Site, services: Iterable[str], recompute: Callable[[], Mapping[str, Iterable[Day]]]
) -> Iterator[str]:
    """Compare the days that a site publishes for programs with those that `recompute` returns, by service.

    They are recomputed only if the site publishes any.

    Raises:
        OutsideError: a file cannot be read, or is too large.

    """
    days: Mapping[str, Iterable[Day]] | None = None
    for service in services:
        for kind, check in (("json", check_document), ("csv", check_rows)):
            path = f"api/history/{service}.{kind}"
            data = site.read(path, MAX_DAYS_BYTES)
            if data is not None:
                days = recompute() if days is None else days
                yield from (f"{path} {why}" for why in islice(check(days[service], data), MOST_TROUBLES))


def _read_pages(site: Site, month: str) -> Iterator[tuple[str, ShownPage]]:
    """Read the page of a month in its first language, and in the other languages that it names, by path."""
    path = f"sla/{month}/index.html"
    first = _read_page(site, path)
    if first is None:
        return
    yield path, first
    for code in first.languages[:MAX_LANGUAGES]:
        page = _read_page(site, f"{code}/{path}")
        if page is not None:  # the first language has no folder
            yield f"{code}/{path}", page


def _read_page(site: Site, path: str) -> ShownPage | None:
    data = site.read(path, MAX_PAGE_BYTES)
    return None if data is None else read_page(data.decode("utf-8", "replace"))
