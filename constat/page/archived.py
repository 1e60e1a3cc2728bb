"""The past as the page shows it: what happened on a day, and in a month."""

from datetime import date
from typing import NamedTuple

from constat.page.imported_past import ImportedMonth
from constat.page.shown_notice import ServiceOutage, ShownNotice


class PastDay(NamedTuple):
    """One of the past days: the notices that began on it, and the outages that no notice explains."""

    date: date
    notices: tuple[ShownNotice, ...]
    outages: tuple[ServiceOutage, ...]


class ArchiveMonth(NamedTuple):
    """A month of notices and outages: its days on which something began, newest first, and the names of the months next to it.

    `imported`: what other tools recorded in it.
    """

    name: str
    days: tuple[PastDay, ...]
    before: str | None
    after: str | None
    imported: ImportedMonth | None = None
