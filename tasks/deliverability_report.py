"""The report on a domain's mail in one language, as lines to read out or paste and as values for JSON."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from constat.i18n import FOLDER, SOURCE, Language, load
from constat.interval import format_instant
from constat.model import Config, Outcome
from constat.posts.mail_report import MailReport, ReportRow, explain_row, summarize_report, write_report
from tasks.deliverability import CheckedPoint
from tasks.probe_report import build_result_values
from tasks.project import Project
from tasks.reader_language import ReaderLanguage
from tasks.support_lines import format_time


class DomainReport(NamedTuple):
    """A domain and what was found out about it, with the language of the report."""

    domain: str
    points: tuple[CheckedPoint, ...]
    language: Language

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcome of each point, without those that a domain need not have and does not have."""
        return tuple(row.outcome for row in self.rows if not row.is_unused)

    @property
    def rows(self) -> tuple[ReportRow, ...]:
        """The points as rows of the report."""
        return tuple(ReportRow(sight, result.outcome, result.reason) for sight, result in self.points)

    def format_lines(self) -> list[str]:
        """The lines to read out or paste."""
        when = format_time(self.language.now, self.language.code, self.language.zone.key)
        return list(write_report(MailReport(self.domain, self.rows), when, self.language))

    def build_values(self) -> dict[str, Any]:
        """The values for JSON: each point in words, and as it was measured."""
        return {
            "domain": self.domain,
            "at": format_instant(self.language.now),
            "language": self.language.code,
            "summary": summarize_report(MailReport(self.domain, self.rows), self.language),
            "checks": [
                {
                    "kind": point.sight.kind,
                    "selector": point.sight.selector or None,
                    "in_use": not row.is_unused,
                    **explain_row(row, self.language)._asdict(),
                    **build_result_values(point.result, self.language.now),
                }
                for point, row in zip(self.points, self.rows, strict=True)
            ],
            "lines": self.format_lines(),
        }


def choose_language(project: Project, config: Config | None, reader: ReaderLanguage) -> Language:
    """Choose the language of a report, in the page's zone: the one asked for, else the terminal's, else the page's first.

    Raises:
        UsageError: there is no translation into the one asked for.

    """
    catalogs = (path[len(FOLDER) + 1 : -3] for path in project.templates if path.endswith(".po"))
    chosen = reader.choose(config, {SOURCE, *catalogs})
    zone = config.page.timezone if config else ZoneInfo("UTC")
    return Language(chosen, load(chosen, project.templates), zone, project.now)
