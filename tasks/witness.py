"""Witness a page, as its customer: keep its seals and its head, and check whether it still matches what was kept before."""

from pathlib import Path
from typing import NamedTuple

from constat.errors import EvidenceError, OutsideError
from constat.history import REGISTER
from constat.interval import Instant
from constat.model import Seal
from constat.sealing.kept_seals import (
    Kept,
    find_broken,
    find_new_seals,
    find_staleness,
    is_due,
    read_store,
    write_line,
)
from outside import bounds
from outside.disk import append_lines, read_file
from outside.site.paths import build_evidence_path
from outside.site.reader import Place, open_site
from tasks.sealed_past import read_shown


class WitnessReport(NamedTuple):
    """The seals that were new, the newest of all, and what is wrong: with what was kept, or with the page."""

    news: tuple[Seal, ...]
    newest: Seal | None
    troubles: tuple[str, ...]


def witness(place: Place, store: Path, now: Instant) -> WitnessReport:
    """Append what a page shows to a store, unless nothing is new, and check the page against what was kept before.

    Raises:
        EvidenceError: the page shows no seals or invalid ones, or the store was tampered with.
        OutsideError: the page cannot be read, or the store cannot be written.

    """
    kept = read_kept(store)
    site = open_site(place)
    shown = read_shown(site, place.location)
    if shown is None:
        raise EvidenceError(f"{place.location} shows no seals")
    register = site.read(build_evidence_path(REGISTER), bounds.REGISTER) or b""
    news = find_new_seals(kept, shown)
    current = [*kept, Kept(now, shown.head, news)]
    broken = dict.fromkeys(map(str, find_broken(current, register)))
    troubles = [*broken, *filter(None, [find_staleness(shown, now)])]
    if news or troubles or is_due(kept, now):
        line = write_line(now, place.location, shown, news, troubles)
        append_lines(store.parent.resolve(), store.name, f"{line}\n")
    return WitnessReport(news, shown.newest, tuple(troubles))


def read_kept(store: Path) -> tuple[Kept, ...]:
    """Read what a store holds, oldest first; nothing if there is no such file.

    Raises:
        EvidenceError: it was tampered with.
        OutsideError: it cannot be read.

    """
    if not store.parent.is_dir():
        raise OutsideError(f"there is no folder {store.parent}", tip="make it first")
    return read_store(read_file(store.parent.resolve(), store.name, bounds.LOG) or b"", str(store))
