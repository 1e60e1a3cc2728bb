"""The front sheet of a statement: its verdicts in numbers, the gauge of the allowance, and its hash in groups."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Figures, LevelFigures
from constat.page import StatedMonth, StatementStamp
from constat.render.notice_texts import format_span

GAUGE_WIDTH, GAUGE_ALLOWED = 130, 100
"""Units of a gauge, and where its line of the allowance stands."""
HASH_GROUP = 8
"""Hex digits in a group."""


class Gauge(NamedTuple):
    """The gauge of an allowance: the lengths of what was seen down and of what was not measured, in units."""

    seen: str
    unmeasured: str


class Tally(NamedTuple):
    """How many targets were met, in a sentence, and what else is to be said of them."""

    headline: Markup
    details: Markup


def draw_gauge(figures: Figures) -> Gauge | None:
    """Draw the allowance of a service, `None` without a promise. Where solid and hollow pass the line, we cannot be certain."""
    budget = figures.budget
    if budget is None:
        return None
    seen = _scale(budget.spent_s, budget.allowed_s)
    both = _scale(budget.spent_s + budget.unknown_s, budget.allowed_s)
    return Gauge(_format(seen), _format(both - seen))


def _scale(seconds: int, allowed_s: int) -> Fraction:
    """A length in units, at most the width; everything is too much where nothing is allowed."""
    if not seconds:
        return Fraction(0)
    if not allowed_s:
        return Fraction(GAUGE_WIDTH)
    return min(Fraction(GAUGE_WIDTH), Fraction(seconds * GAUGE_ALLOWED, allowed_s))


def _format(length: Fraction) -> str:
    return f"{float(length):.1f}".removesuffix(".0")


def tally_services(month: StatedMonth, language: Language) -> Tally | None:
    """How many targets of availability were met, of those that something of the month counts for; `None` without any."""
    held = [stated.figures for stated in month.statement.services if not stated.figures.counts_nothing]
    verdicts = [figures.verdict for figures in held]
    met = sum(verdict in {"met", "likely_met"} for verdict in verdicts)
    if not verdicts:
        return None
    if all(verdict is None for verdict in verdicts):
        return Tally(
            language.say_many("%(n)s availability target", "%(n)s availability targets", len(verdicts)),
            language.say("month in progress"),
        )
    headline = language.say_many(
        "%(met)s of %(n)s availability target met",
        "%(met)s of %(n)s availability targets met",
        len(verdicts),
        met=met,
    )
    return Tally(headline, _list_details(verdicts, language))


def _list_details(verdicts: Sequence[str | None], language: Language) -> Markup:
    """How many verdicts are not certain, and how many targets were missed."""
    unsure = sum(verdict in {"likely_met", "likely_missed"} for verdict in verdicts)
    missed = sum(verdict in {"missed", "likely_missed"} for verdict in verdicts)
    open_ = sum(verdict in {"unproven", "no_data"} for verdict in verdicts)
    parts = [
        language.say_many("%(n)s missed", "%(n)s missed", missed) if missed else "",
        language.say_many("%(n)s not measured enough to tell", "%(n)s not measured enough to tell", open_)
        if open_
        else "",
        language.say_many(
            "%(n)s verdict as far as we could measure", "%(n)s verdicts as far as we could measure", unsure
        )
        if unsure
        else "",
    ]
    return Markup(", ").join(part for part in parts if part)


def tally_levels(levels: Sequence[LevelFigures], language: Language) -> Tally | None:
    """How many targets of support were met, `None` where there was nothing to answer."""
    judged = [level for level in levels if level.verdict in {"met", "missed"}]
    if not judged:
        return None
    met = sum(level.verdict == "met" for level in judged)
    headline = language.say_many(
        "%(met)s of %(n)s support target met", "%(met)s of %(n)s support targets met", len(judged), met=met
    )
    late, tickets = sum(level.late for level in judged), sum(level.tickets for level in judged)
    details = language.say_many(
        "%(late)s late of %(n)s answer", "%(late)s late of %(n)s answers", tickets, late=language.number(late)
    )
    return Tally(headline, details)


def describe_month(month: StatedMonth, language: Language) -> Markup:
    """From when to when a statement speaks."""
    window = month.statement.window
    return format_span(window.start, window.end, language, announced=True)


def describe_stamp(stamp: StatementStamp, language: Language) -> Markup:
    """Who says when the statement existed; without the time where it could not be verified when the page was made."""
    if stamp.at is None:
        return language.say("An outside authority has time-stamped it by its own clock (RFC 3161).")
    return language.say(
        "%(authority)s has time-stamped it by its own clock (RFC 3161): it existed on %(time)s.",
        authority=stamp.authority,
        time=language.dated_moment(stamp.at),
    )


def group_hash(sha256: str) -> Iterable[str]:
    """A hash in groups that the eye can compare."""
    return [sha256[first : first + HASH_GROUP] for first in range(0, len(sha256), HASH_GROUP)]
