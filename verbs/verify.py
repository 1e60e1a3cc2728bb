"""`verify`: recompute what was frozen from the evidence alone, and compare."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat import register
from constat.errors import ConstatError, EvidenceError, UsageError
from constat.history import day_path, parse_day
from constat.interval import Instant, format_instant
from constat.statement import MonthReport, check_chain, check_firsts, is_month, month_before
from outside.evidence.statements import Frozen, read_frozen_months
from outside.project import files
from outside.site.reader import Site, open_site, read_published_month
from tasks.project import Project
from tasks.record import list_pending_lines
from tasks.verification import verify_here, verify_published

LOOK_BACK = 6
"""So many months before now may be the newest that is published."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which month, and from where."""
    parser.add_argument(
        "month", nargs="?", metavar="YYYY-MM", help="only this month (default: every frozen one)"
    )
    parser.add_argument(
        "--evidence",
        metavar="URL_OR_DIR",
        help="verify a published page from its own files, as a customer would",
    )


def run(args: argparse.Namespace) -> int:
    """Verify, print the table, and end with 1 if something does not agree."""
    if args.month is not None and not is_month(args.month):
        raise UsageError(f"{args.month} is no month", tip="write it as 2026-10")
    reports, troubles, notes = _verify_published(args) if args.evidence else _verify_here(args)
    for line in _table(reports):
        print(line)
    for note in dict.fromkeys(notes):
        print(f"note: {note}")
    for trouble in dict.fromkeys(troubles):
        print(f"does not verify: {trouble}")
    return 1 if troubles else 0


Outcome = tuple[Sequence[MonthReport], list[str], list[str]]
"""The reports of some months, all that does not verify, and all that is worth knowing."""


def _verify_here(args: argparse.Namespace) -> Outcome:
    frozen = read_frozen_months(args.root)
    chosen = [each.month for each in frozen if args.month in (None, each.month)]
    if args.month is not None and not chosen:
        raise UsageError(
            f"{args.month} is not frozen", tip=f"freeze it: python generate.py statement {args.month}"
        )
    reports = _each(partial(verify_here, args.root), chosen)
    troubles = [*_links(frozen)]
    for report in reports:
        troubles += report.troubles
    if args.month is None and all(report.rows for report in reports):
        troubles += _firsts(args.root, frozen, reports, args.now)
    notes = [note for report in reports for note in report.notes]
    return reports, troubles, [*notes, *_unrecorded(args.root, args.now)]


def _verify_published(args: argparse.Namespace) -> Outcome:
    site = open_site(args.evidence)
    chain, broken = _published_chain(site, args.month, args.now)
    if not chain and not broken:
        raise UsageError(
            f"{args.evidence} publishes no statement", tip="name a month: verify 2026-10 --evidence ..."
        )
    chosen = [each.month for each in chain if args.month in (None, each.month)]
    reports = _each(partial(verify_published, args.evidence), chosen)
    troubles = [*broken, *_links(chain)]
    for report in reports:
        troubles += report.troubles
    return reports, troubles, [note for report in reports for note in report.notes]


def _published_chain(site: Site, month: str | None, now: Instant) -> tuple[list[Frozen], list[str]]:
    """The months that a site publishes, oldest first; with a month, it and the one before it."""
    newest = month or _newest_month(site, now)
    chain: list[Frozen] = []
    while newest is not None and not (month and len(chain) > 1):
        try:
            frozen = read_published_month(site, newest)
            previous = frozen.current.statement.previous if frozen else None
        except EvidenceError as error:
            return chain[::-1], [str(error)]
        if frozen is None:
            break
        chain.append(frozen)
        newest = previous.month if previous and previous.month < frozen.month else None
    return chain[::-1], []


def _newest_month(site: Site, now: Instant) -> str | None:
    month = format_instant(now)[:7]
    for _ in range(LOOK_BACK):
        if site.read(f"api/sla/{month}.json") is not None:
            return month
        month = month_before(month)
    return None


def _each(verify: Callable[[str], MonthReport], months: Sequence[str]) -> list[MonthReport]:
    """Every month's report, in order; several at once where there are several cores."""
    workers = min(len(months), os.cpu_count() or 1)
    if workers < 2:  # noqa: PLR2004
        return list(_progress(map(verify, months), len(months)))
    context = get_context("forkserver")
    context.set_forkserver_preload(["tasks.verification"])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return list(_progress(pool.map(verify, months), len(months)))


def _progress(reports: Iterator[MonthReport], count: int) -> Iterator[MonthReport]:
    shown = sys.stderr.isatty() and count > 1
    for number, report in enumerate(reports, start=1):
        if shown:
            end = "\r" if number < count else "\r\033[K"
            print(f"{number} of {count} months verified", end=end, file=sys.stderr, flush=True)
        yield report


def _links(chain: Sequence[Frozen]) -> list[str]:
    """What breaks the chain of statements."""
    try:
        return list(check_chain([frozen.link for frozen in chain]))
    except EvidenceError as error:
        return [str(error)]


def _firsts(
    root: Path, chain: Sequence[Frozen], reports: Sequence[MonthReport], now: Instant
) -> Iterator[str]:
    """First samples that the day files of other months contradict."""
    links = [frozen.link for frozen in chain]
    yield from check_firsts(links, {report.month: report.firsts for report in reports})
    said = {
        (service.figures.service, check, at)
        for link in links
        for service in link.statement.services
        for check, at in service.firsts.items()
    }
    for service, check, at in sorted(said):
        path = day_path(date.fromisoformat(format_instant(at)[:10]))
        file = root / "history" / path
        if not file.is_file():
            continue  # older evidence than is kept here
        series = parse_day(file.read_bytes(), path, now).series
        if not any((one.service, one.check) == (service, check) and at in one.times for one in series):
            yield f"{path} has no sample of {service}/{check} at {format_instant(at)}, said to be its first"


def _unrecorded(root: Path, now: Instant) -> Iterator[str]:
    """Where `status.yml`, a notice or a correction says something else than the register."""
    try:
        files.read_config(root, KINDS, load_kind)
    except ConstatError as error:
        yield f"status.yml cannot be read, so it was not compared with the register: {error}"
        return
    for line in list_pending_lines(Project(root, root, now)).lines:
        yield f"status.yml or a notice says otherwise than the register: not recorded yet: {register.describe_line(line)}"


def _table(reports: Sequence[MonthReport]) -> Iterator[str]:
    """The months, service by service, in columns."""
    head = ("month", "service", "frozen", "recomputed", "verdict")
    told = [
        (report.month, row.service, row.frozen or "no data", row.recomputed or "no data", row.verdict)
        for report in reports
        for row in report.rows
    ]
    rows = [head, *told] if told else []
    widths = [max(len(cells[index]) for cells in rows) for index in range(len(head))] if rows else []
    for cells in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
