"""Frozen statements as entries: each promise and its verdict, with the hash that the file must have."""

from collections.abc import Iterator
from html import escape

from constat.availability import format_percent
from constat.history import REGISTER
from constat.i18n import Language, message
from constat.model import Figures, Verdict
from constat.page import Page, StatedMonth
from constat.posts import addresses, permanent
from constat.posts.entry import Category, Entry
from constat.posts.wording import join_plain_text

VERDICTS: dict[Verdict | None, str] = {
    "met": message("Target met"),
    "likely_met": message("Target met, as far as we could measure"),
    "likely_missed": message("Target missed, as far as we could measure"),
    "missed": message("Target missed"),
    "unproven": message("We can't tell"),
    "no_data": message("Not measured"),
    None: message("Not measured"),
}
NOTHING_COUNTS = message("Nothing counts this month")


def list_frozen_months(page: Page) -> tuple[StatedMonth, ...]:
    """The frozen statements, the newest first, without months that are still provisional."""
    frozen = (month for month in page.months if month.sha256 and month.statement.frozen_at <= page.now)
    return tuple(sorted(frozen, key=lambda month: (month.statement.frozen_at, month.name), reverse=True))


def statement_id(page: Page, month: StatedMonth) -> str:
    """The permanent name of a statement; another statement of the same month has another hash."""
    return permanent.of_statement(page.settings.id, month.statement.month, month.sha256 or "")


def build_statement_entry(page: Page, month: StatedMonth, language: Language) -> Entry:
    """Build the entry of a frozen statement in one language."""
    lines = list(_lines(page, month, language))
    at = month.statement.frozen_at
    file = f"{page.settings.home(page.settings.languages[0])}api/sla/{month.name}.json"
    digest = join_plain_text(language, "SHA-256 of %(file)s: %(sha256)s", file=file, sha256=month.sha256)
    proof = [digest, *_prove(page, month, language)]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Entry(
        id=statement_id(page, month),
        title=join_plain_text(language, "[Statement] %(month)s", month=language.month(month.statement.month)),
        link=addresses.statement(page.settings, language.code, month.name),
        html=f"<ul>{listed}</ul>" + "".join(f"<p>{escape(line)}</p>" for line in proof),
        text="\n".join([*lines, "", *proof]),
        published=at,
        updated=at,
        language=language.code,
        categories=(Category("statement", join_plain_text(language, "Statement")),),
    )


def _lines(page: Page, month: StatedMonth, language: Language) -> Iterator[str]:
    """One line for each service, and the reason why it replaces another statement, if it does."""
    for service in month.statement.services:
        name = page.service_name(service.figures.service, language.code)
        yield join_plain_text(
            language, "%(service)s: %(result)s", service=name, result=_result(service.figures, language)
        )
    if month.statement.supersedes is not None:
        why = month.statement.supersedes.why
        yield join_plain_text(language, "It replaces an earlier statement of this month: %(why)s", why=why)


def _prove(page: Page, month: StatedMonth, language: Language) -> Iterator[str]:
    """The newest seal when the statement was frozen, and the register that it rests on: whoever keeps the message keeps both.

    Not those of the present: an entry of a feed must not change with each build.
    """
    seals = page.sealed.seals if page.sealed else ()
    before = [seal for seal in seals if seal.recorded_at <= month.statement.frozen_at]
    if before:
        words = join_plain_text(language, "Newest seal, of %(day)s:", day=before[-1].path[8:18])
        yield f"{words} {before[-1].line_sha256}"
    for file in month.statement.evidence:
        if file.path == REGISTER and file.lines is not None:
            yield f"{join_plain_text(language, 'Register, %(n)s lines:', n=file.lines)} {file.sha256}"


def _result(figures: Figures, language: Language) -> str:
    words = NOTHING_COUNTS if figures.counts_nothing else VERDICTS[figures.verdict]
    verdict = join_plain_text(language, words)
    printed = format_percent(figures.counted.availability)
    return verdict if printed is None else f"{language.percent(printed)}, {verdict}"
