"""Read a project and make its page, before anything is rendered."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from constat import notices, page
from constat.errors import EvidenceError, Problem, without_notes
from constat.i18n import Language, load_languages
from constat.interval import Interval, format_instant, local_date, midnight
from constat.model import Config, Evidence, Register, SkippedRows
from constat.page import (
    FrozenStatement,
    NotifiedTarget,
    Page,
    PageInputs,
    StatementStamp,
    SupportInputs,
)
from outside.evidence.said_files import read_said
from outside.evidence.statements import Frozen
from outside.project import tickets
from outside.project.files import find_unfit_files
from tasks.past_months import read_past_months
from tasks.project import Project
from tasks.sealed_past import read_sealed_past
from tasks.statement_stamps import read_statement_stamps

_HISTORY = "history/"
"""Day files and derived files are named by their paths below this folder, the register by its path in the project."""


class GatheredPage(NamedTuple):
    """The page of a project before it is rendered, and what is needed to render it.

    `problems`: what is wrong with what people wrote, for the maintainers. `omissions`: what was left out of the
    evidence, or does not count from the time that it claims.
    """

    config: Config
    page: Page
    languages: Mapping[str, Language]
    templates: Mapping[str, bytes]
    pictures: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    omissions: tuple[Problem, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """The problems and the omissions, as one line each."""
        return tuple(map(str, (*self.problems, *self.omissions)))


def gather(project: Project) -> GatheredPage:
    """Read a project and make its page, with warnings about its source files.

    Raises:
        ConstatError: `status.yml` or a translation is wrong, or a file cannot be read.

    """
    config = project.config
    languages = load_languages(config.page, project.templates, project.now)
    announced, notice_problems = project.parsed_notices
    evidence = project.evidence(_shown_window(project))
    stamps, stamp_problems = read_statement_stamps(project)
    statements, statement_problems = _read_statements(project.frozen_months, stamps)
    support, ticket_problems = _read_support_inputs(project)
    inputs = PageInputs(
        config=config,
        register=project.register,
        evidence=evidence,
        notices=announced,
        now=project.now,
        frozen=statements,
        support=support,
        notified=_find_notified_targets(project),
        sealed=read_sealed_past(project),
        imported=project.imported.tree,
        past_months=read_past_months(project),
        said=read_said(project.root, [upstream.id for upstream in config.upstream], project.now),
    )
    built = page.build_page(inputs)
    forgotten = notices.describe_forgotten((shown.notice, shown.forgotten) for shown in built.notices)
    unfit = find_unfit_files(project.root)
    problems = without_notes((*unfit, *notice_problems, *forgotten, *ticket_problems))
    skipped = _describe_skipped(evidence, project.recorded_register, project.imported.skipped)
    backdated = _describe_backdated(project.recorded_register)
    omissions = (*statement_problems, *stamp_problems, *skipped, *backdated)
    return GatheredPage(config, built, languages, project.templates, project.pictures, problems, omissions)


def _find_notified_targets(project: Project) -> Mapping[str, tuple[NotifiedTarget, ...]]:
    """Find the targets that were notified of each notice."""
    if project.config.notify is None:
        return {}
    from constat.notifications import find_notified_targets  # noqa: PLC0415 -- only pages with targets need it
    from outside.evidence import notification_log  # noqa: PLC0415 -- the same

    record = notification_log.read_log(project.root)
    return find_notified_targets(record, project.config.notify, project.config.page.id)


def _read_statements(
    months: Iterable[Frozen], stamps: Mapping[str, StatementStamp]
) -> tuple[tuple[FrozenStatement, ...], tuple[Problem, ...]]:
    """Read the frozen statements; leave out each that cannot be read, and describe the problem."""
    statements, problems = [], []
    for file in (file for month in months for file in month.versions):
        name = f"{file.month}.{file.number}" if file.number else file.month
        try:
            statements.append(FrozenStatement(name, file.statement, file.sha256, stamps.get(file.sha256)))
        except EvidenceError as error:
            problems.append(Problem(f"history/{file.path}", 0, 0, str(error)))
    return tuple(statements), tuple(problems)


def _read_support_inputs(project: Project) -> tuple[SupportInputs, tuple[Problem, ...]]:
    """Read the promises of support and its tickets; leave out each bad row, and return it as a problem."""
    promises = tickets.find_support_promises(project.recorded_register, project.config)
    rows, problems = tickets.read_tickets(
        project.root, [promise.support for promise in promises], project.now
    )
    return SupportInputs(promises, rows), problems


def _shown_window(project: Project) -> Interval:
    """Return the window that the page shows: its days, up to and including the present second."""
    first = local_date(project.now, project.zone) - timedelta(days=page.SHOWN_DAYS - 1)
    return Interval(midnight(first, project.zone), project.now + 1)


def _describe_skipped(
    evidence: Evidence, recorded: Register, imported: Iterable[SkippedRows]
) -> Iterator[Problem]:
    """Describe what was left out of the evidence and of the register, naming each file once, by its path in the project."""
    for rows in (*evidence.skipped, *recorded.skipped, *imported):
        path = rows.path if rows.path.startswith(_HISTORY) else f"{_HISTORY}{rows.path}"
        hint = f"{rows.count} rows left out" if rows.count > 1 else ""
        yield Problem(path, rows.line, 0, rows.why, hint)


def _describe_backdated(recorded: Register) -> Iterator[Problem]:
    """Describe the lines that were recorded lately with a date long past, naming the first: they count, but not from that date."""
    for line in recorded.backdated[:1]:
        own, effective = format_instant(line.own), format_instant(line.effective)
        more = f"; so are {len(recorded.backdated) - 1} more" if len(recorded.backdated) > 1 else ""
        message = f"the register's line is dated {own}, and counts from {effective}, since lines before it are later{more}"
        hint = "compare the clock of the machine that recorded it; who pushed the line is in the history of the branch"
        yield Problem(line.path, line.line, 0, message, hint)
