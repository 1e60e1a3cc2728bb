"""The agreements with customers, in words: the hours for which a service is promised, and what is owed (rules 18 and 19)."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup

from constat.availability import find_credit
from constat.i18n import Language
from constat.model import Credit, Hours, LocalText, ServiceRules, ServiceStatement, Statement
from constat.page import Page
from constat.render.clauses import join_clauses
from constat.render.shares import format_target
from constat.render.support_texts import describe_weekly_hours

NAMED_HOLIDAYS = 3
"""Up to this many holidays are named; more are counted."""


class CreditSpan(NamedTuple):
    """A credit in percent: as observed, and its bounds, whatever happened while nothing was measured.

    `observed` is `None` where nothing was observed.
    """

    least: Decimal
    observed: Decimal | None
    most: Decimal

    @property
    def is_nothing(self) -> bool:
        """Whether it is certain that nothing is owed."""
        return self.observed is not None and not self.most


class CreditTable(NamedTuple):
    """The names of the services that share a table of credits, and its rows, the highest limit first."""

    names: tuple[LocalText, ...]
    rows: tuple[Credit, ...]


def describe_hours(hours: Iterable[Hours], language: Language, *, sentence: bool = False) -> Markup:
    """Agreed hours with their holidays: `promised Monday to Friday, 08:00 to 18:00 (Europe/Zurich)`; empty for all time."""
    spans = join_clauses((_describe_span(each, language) for each in hours), language)
    if not spans:
        return Markup()
    if sentence:
        return language.say("Promised %(hours)s.", hours=spans)
    return language.say("promised %(hours)s", hours=spans)


def _describe_span(hours: Hours, language: Language) -> Markup:
    weekly, count = describe_weekly_hours(hours, language), len(hours.holidays)
    if not count:
        return weekly
    if count > NAMED_HOLIDAYS:
        return language.say_many(
            "%(hours)s, except on %(n)s holiday", "%(hours)s, except on %(n)s holidays", count, hours=weekly
        )
    days = language.listing(language.dated(day) for day in sorted(hours.holidays))
    return language.say_many(
        "%(hours)s, except on %(days)s",
        "%(hours)s, except on %(days)s",
        count,
        hours=weekly,
        days=days,
    )


def list_promises(statement: Statement) -> tuple[ServiceStatement, ...]:
    """The services of a statement that are promised for certain hours only."""
    return tuple(stated for stated in statement.services if stated.rules.hours)


def find_promise(page: Page, service: str) -> ServiceRules | None:
    """The rules of a service this month; those of `status.yml` where there is no statement of this month."""
    current = (month for month in page.statements if month.statement.window.end > page.now)
    stated = (page.find_stated(month, service) for month in current)
    in_force = next((each.rules for each in stated if each is not None), None)
    shown_service = page.service(service)
    return in_force or (shown_service.rules if shown_service else None)


def order_rows(table: Iterable[Credit]) -> tuple[Credit, ...]:
    """The rows of a table of credits, the highest limit first."""
    return tuple(sorted(table, key=lambda row: row.below, reverse=True))


def group_tables(page: Page) -> tuple[CreditTable, ...]:
    """The different tables of credits of the services of a page."""
    names: dict[tuple[Credit, ...], list[LocalText]] = {}
    for service in page.services:
        if service.rules.credits and service.rules.target is not None:
            names.setdefault(order_rows(service.rules.credits), []).append(service.name)
    return tuple(CreditTable(tuple(owners), rows) for rows, owners in names.items())


def list_names(table: CreditTable, language: Language) -> Markup:
    """The names of the services that share a table of credits."""
    return language.listing(language.name(name) for name in table.names)


def compute_span(stated: ServiceStatement) -> CreditSpan | None:
    """Compute what is owed for a month, and its bounds, whatever happened unmeasured; `None` without a table of credits."""
    figures = stated.figures
    if figures.credit is None or figures.credit.certain is None:
        return None
    seconds = figures.seconds if figures.counts == "all" else figures.seconds - figures.maintenance
    lower = Fraction(seconds.up + seconds.degraded, seconds.window)
    most = find_credit(lower, stated.rules.credits) or Decimal(0)
    return CreditSpan(figures.credit.certain, figures.credit.observed, most)


def describe_credit(stated: ServiceStatement, language: Language) -> Markup:
    """Say what is owed for a month, in a sentence; empty without a table of credits."""
    span = compute_span(stated)
    if stated.figures.credit is None:
        return Markup()
    if span is None:
        return language.say("No credit is due: nothing of this month counts.")
    if stated.figures.in_progress:
        return _describe_so_far(span, language)
    if span.observed is None:
        return _describe_unmeasured(span, language)
    return _describe_due(span, span.observed, language)


def _describe_so_far(span: CreditSpan, language: Language) -> Markup:
    """The credit so far of a month in progress, for which nothing is due yet."""
    if not span.observed:
        return language.say("No credit so far; the month is not over.")
    return language.say(
        "Credit so far: %(credit)s; the month is not over.", credit=_mark_up(span.observed, language)
    )


def _describe_unmeasured(span: CreditSpan, language: Language) -> Markup:
    return language.say(
        "We can't tell whether a credit is due: we measured nothing. At most it is %(most)s.",
        most=_mark_up(span.most, language),
    )


def _describe_due(span: CreditSpan, observed: Decimal, language: Language) -> Markup:
    if span.is_nothing:
        return language.say("No credit is due.")
    credit, most = _mark_up(observed, language), _mark_up(span.most, language)
    if span.least == span.most:
        return language.say("Credit due: %(credit)s, certain.", credit=credit)
    if not observed:
        return language.say(
            "No credit is due by what we measured; not certain: depending on what happened unmeasured, it is up to %(most)s.",
            most=most,
        )
    if span.least == observed:
        return language.say(
            "Credit due: %(credit)s, certain; depending on what happened unmeasured, it is up to %(most)s.",
            credit=credit,
            most=most,
        )
    return language.say(
        "Credit due: %(credit)s by what we measured; not certain: depending on what happened unmeasured, it is between %(least)s and %(most)s.",
        credit=credit,
        least=_mark_up(span.least, language),
        most=most,
    )


def list_owed(statement: Statement) -> tuple[ServiceStatement, ...]:
    """The services of a statement for which something is owed or may be."""
    return tuple(stated for stated in _list_with_credits(statement) if not _owes_nothing(stated))


def list_not_owed(statement: Statement) -> tuple[ServiceStatement, ...]:
    """The services of a statement with a table of credits for which nothing is owed."""
    return tuple(stated for stated in _list_with_credits(statement) if _owes_nothing(stated))


def _list_with_credits(statement: Statement) -> tuple[ServiceStatement, ...]:
    return tuple(stated for stated in statement.services if stated.figures.credit is not None)


def _owes_nothing(stated: ServiceStatement) -> bool:
    span = compute_span(stated)
    return not stated.figures.in_progress and (span is None or span.is_nothing)


def describe_not_owed(page: Page, statement: Statement, language: Language) -> Markup:
    """The services with a table of credits for which nothing is owed, in a sentence; empty where there is none."""
    nothing = list_not_owed(statement)
    if not nothing:
        return Markup()
    names = language.listing(page.service_name(stated.figures.service, language.code) for stated in nothing)
    return language.say("No credit is due for %(services)s.", services=names)


def _mark_up(percent: Decimal, language: Language) -> Markup:
    """A credit for people, with its number for programs."""
    text = format_target(percent, language)
    return Markup('<data value="{}">{}</data>').format(f"{percent.normalize():f}", text)
