"""The statement of a month as a PDF for the files: its page on paper, with its JSON attached."""

from typing import NamedTuple

from constat.errors import UsageError
from constat.render import RenderInputs, render_statement
from constat.render.print_html import prepare_print
from outside.evidence.statements import StatementFile
from outside.pdf import Attached, write_pdf
from tasks.gather import gather
from tasks.project import Project

_STYLE = """
:root{color-scheme:only light}
.head{display:block;margin:0 0 10px}.head .brand{display:block}.head nav{display:none}
.gauge,.seal svg{color:#1b1a17}
@page{@bottom-right{content:counter(page) " / " counter(pages);font:10px sans-serif;color:#5d5850}}
"""
"""The styles that paper needs beyond those of our templates, which are for browsers."""


class StatementPdf(NamedTuple):
    """A statement as a PDF, with the name of a file for it."""

    name: str
    data: bytes


def build_statement_pdf(project: Project, month: str, language: str | None = None) -> StatementPdf:
    """Build the PDF of a frozen month, in the first language of the page unless another one is given.

    Raises:
        UsageError: the month is not frozen, the page has no such language, or the extra is not installed.
        ConstatError: the statement cannot be read.

    """
    file = _find_file(project, month)
    code = language or project.config.page.languages[0]
    if code not in project.config.page.languages:
        known = ", ".join(project.config.page.languages)
        raise UsageError(f"the page has no language {code!r}", tip=f"its languages are {known}")
    gathered = gather(project)
    html = render_statement(gathered.page, RenderInputs(gathered.templates, gathered.languages), code, month)
    made_at = file.statement.frozen_at
    attached = Attached(
        f"statement-{month}.json", f"Statement {month}, SHA-256 {file.sha256}", file.data, made_at
    )
    data = write_pdf(prepare_print(html, made_at), _STYLE, attached, bytes.fromhex(file.sha256))
    return StatementPdf(f"statement-{month}.pdf", data)


def _find_file(project: Project, month: str) -> StatementFile:
    for frozen in project.frozen_months:
        if frozen.month == month:
            return frozen.current
    raise UsageError(f"{month} is not frozen", tip=f"constat statement {month}")
