"""`build`: history and notices into site/."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from checks.registry import KINDS, load_kind
from constat import notices, page, register
from constat.errors import EvidenceError, Problem, without_notes
from constat.i18n import Language, load_languages
from constat.interval import Instant, Interval, local_date, midnight
from constat.model import Config, Evidence, Notice, Register
from constat.page import FrozenStatement, Page, PageInputs, SupportInputs, ToldTarget
from constat.render import render_pages
from outside.evidence import store
from outside.evidence.statements import Frozen, read_frozen_months
from outside.project import files as project
from outside.project import tickets
from outside.site import publishing
from outside.site.packing import build_evidence_files, build_statement_files, pack_days


class Gathered(NamedTuple):
    """Everything of a project that is to be said, before it is written in any form."""

    config: Config
    page: Page
    words: Mapping[str, Language]
    templates: Mapping[str, bytes]
    pictures: Mapping[str, bytes]
    told: tuple[str, ...]


class Built(NamedTuple):
    """What a build made, and what the maintainers must be told of it. `copies`: files published as they lie there."""

    page: Page
    files: Mapping[str, bytes]
    copies: Mapping[str, Path]
    told: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none of its own."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Build the site and publish it."""
    built = build(args.root, args.code, args.now)
    publishing.publish_site(args.root, built.files, built.copies)
    tell(built.told)
    if args.verbose:
        print(f"{len(built.files)} files in {args.root / 'site'}")
    return 0


def build(root: Path, code: Path, now: Instant) -> Built:
    """Everything that is published, and what is wrong with what it was built from.

    Raises:
        ConstatError: `status.yml` or a translation is wrong, or the disk did not give what it holds.

    """
    found = gather(root, code, now)
    machines = _machines(found.page, found.words, found.templates)
    pages = render_pages(found.page, found.templates, found.words, project.open_template_cache(code))
    records = _records(root, found.config)
    files = {**found.pictures, **records, **machines, **pages}
    return Built(found.page, files, pack_days(root, now), found.told)


def gather(root: Path, code: Path, now: Instant) -> Gathered:
    """Read a project and make its page, with all that is wrong with it.

    Raises:
        ConstatError: `status.yml` or a translation is wrong, or the disk did not give what it holds.

    """
    config = project.read_config(root, KINDS, load_kind)
    templates = project.read_templates(root, code)
    words = load_languages(config.page, templates, now)
    pictures = project.read_pictures(root)
    authored, problems = _notices(root, config, pictures, now)
    evidence = store.load_evidence(root, _window(config, now), config.page.timezone, now)
    recorded = store.read_register(root)
    held = register.build_effective_register(recorded, config, authored, now)
    frozen, broken = _frozen(read_frozen_months(root))
    declared, rows = _declared(root, config, recorded, now)
    told_whom = _told(root, config)
    built = page.build_page(PageInputs(config, held, evidence, authored, now, frozen, declared, told_whom))
    left = notices.describe_forgotten((shown.notice, shown.forgotten) for shown in built.notices)
    told = (*map(str, without_notes((*problems, *left, *rows))), *broken, *_skipped(evidence, recorded))
    return Gathered(config, built, words, templates, pictures, told)


def _told(root: Path, config: Config) -> Mapping[str, tuple[ToldTarget, ...]]:
    """Who was told of each notice, where anybody is."""
    if config.notify is None:
        return {}
    from constat.notifications import find_told_targets  # noqa: PLC0415 -- only where somebody is told anything
    from outside.evidence import notification_log  # noqa: PLC0415 -- the same

    return find_told_targets(notification_log.read_record(root), config.notify, config.page.id)


def _records(root: Path, config: Config) -> dict[str, bytes]:
    """The frozen statements and what they rest on, but for the day files."""
    frozen = read_frozen_months(root)
    published = config.support is not None and config.support.publish_rows
    return {**build_statement_files(frozen), **build_evidence_files(root, frozen, tickets=published)}


def _notices(
    root: Path, config: Config, pictures: Mapping[str, bytes], now: Instant
) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """The notices that can be shown; a bad one is left out and told, and takes nothing down."""
    context = notices.NoticeContext.of_config(config, now, pictures=pictures)
    return notices.parse_notices(project.read_notices(root), context)


def _frozen(months: Iterable[Frozen]) -> tuple[tuple[FrozenStatement, ...], tuple[str, ...]]:
    """The frozen statements; one that cannot be read is left out and told."""
    found, told = [], []
    for file in (file for month in months for file in month.versions):
        name = f"{file.month}.{file.number}" if file.number else file.month
        try:
            found.append(FrozenStatement(name, file.statement, file.sha256))
        except EvidenceError as error:
            told.append(f"history/{file.path}: {error}")
    return tuple(found), tuple(told)


def _declared(
    root: Path, config: Config, recorded: Register, now: Instant
) -> tuple[SupportInputs, tuple[Problem, ...]]:
    """What is declared of support; a bad row is left out and told."""
    promises = tickets.promises_of_support(recorded, config)
    rows, problems = tickets.read_tickets(root, [each.support for each in promises], now)
    return SupportInputs(promises, rows), problems


def _machines(built: Page, words: Mapping[str, Language], templates: Mapping[str, bytes]) -> dict[str, bytes]:
    """What programs read and other sites embed: feeds, calendars, interfaces, badges, the banner."""
    from constat import api, calendar, feeds  # noqa: PLC0415 -- they load libraries that only they need
    from constat.embed import badge, widget  # noqa: PLC0415 -- the same

    first = words[built.settings.languages[0]]
    return {
        **feeds.build_files(built, words),
        **calendar.build_files(built, words),
        **api.build_files(built, first),
        **badge.build_files(built, first),
        **widget.build_files(built, words, templates),
    }


def _window(config: Config, now: Instant) -> Interval:
    """The shown days, and the present second."""
    zone = config.page.timezone
    first = local_date(now, zone) - timedelta(days=page.SHOWN_DAYS - 1)
    return Interval(midnight(first, zone), now + 1)


def _skipped(evidence: Evidence, recorded: Register) -> Iterator[str]:
    """What was left out of the evidence and of the register, each file named once."""
    for rows in (*evidence.skipped, *recorded.skipped):
        place = f"{rows.path}:{rows.line}" if rows.line else rows.path
        yield f"{place}: {rows.why}" + (f" ({rows.count} rows left out)" if rows.count > 1 else "")


def tell(lines: tuple[str, ...]) -> None:
    """Tell the maintainers: on standard error, and in the summary of a job where there is one."""
    for line in lines:
        print(line, file=sys.stderr)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if lines and summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write("### The page was built, but\n\n" + "".join(f"- `{line}`\n" for line in lines))
