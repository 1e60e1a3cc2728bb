"""Shares of time as pages print them: rounded down, as percentages in the reader's language (rule 12)."""

from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup, escape

from constat.availability import STATEMENT_DECIMALS, format_percent
from constat.i18n import Language
from constat.model import Availability, Figures

NO_DATA = "—"
_PERCENT_SIGN = "%\u00a0\u202f"
"""The sign, and the spaces that languages set before it."""


def format_share(share: Fraction | None, language: Language, decimals: int = STATEMENT_DECIMALS) -> str:
    """A share in [0, 1]; a dash for `None`."""
    percent = format_percent(share, decimals)
    return NO_DATA if percent is None else language.percent(percent)


def format_target(target: Decimal | None, language: Language) -> str:
    """A promised percentage, without trailing zeros: `99 %`; a dash where nothing is promised."""
    if target is None:
        return NO_DATA
    percent = format_percent(Fraction(target) / 100, STATEMENT_DECIMALS) or ""
    return language.percent(percent.rstrip("0").rstrip("."))


def format_availability(
    figures: Figures, availability: Availability, language: Language, decimals: int = STATEMENT_DECIMALS
) -> str:
    """One of the availabilities of some figures, or its bounds if too little was observed; a dash without data."""
    if availability.availability is None or availability.coverage is None:
        return NO_DATA
    if availability.coverage * 100 < figures.min_coverage:
        low = format_share(availability.lower, language, decimals)
        high = format_share(availability.upper, language, decimals)
        return str(language.say("between %(low)s and %(high)s", low=low, high=high))
    return format_share(availability.availability, language, decimals)


def format_availability_in_short(
    figures: Figures, availability: Availability, language: Language, decimals: int = STATEMENT_DECIMALS
) -> str:
    """The same as `format_availability` where there is little room: bounds as `98.46\u2013100 %`."""
    if availability.availability is None or availability.coverage is None:
        return NO_DATA
    if availability.coverage * 100 < figures.min_coverage:
        low, high = (
            format_share(bound, language, decimals) for bound in (availability.lower, availability.upper)
        )
        return low.rstrip(_PERCENT_SIGN) + "\u2013" + high
    return format_share(availability.availability, language, decimals)


def mark_up_share(figures: Figures, share: Fraction | None, figure: str, language: Language) -> Markup:
    """A share in [0, 1] as statements print it, with its name and number for programs; a dash for `None`.

    `figure`: where a statement holds it, such as `all.coverage`.
    """
    percent = format_percent(share)
    if percent is None:
        return escape(NO_DATA)
    return mark_up_figure(figures, figure, percent, language.percent(percent))


def mark_up_availability(figures: Figures, name: str, language: Language) -> Markup:
    """The same as `format_availability` of the figure `all` or `without_maintenance`, with each number for programs."""
    availability: Availability = getattr(figures, name)
    if availability.availability is None or availability.coverage is None:
        return escape(NO_DATA)
    if availability.coverage * 100 < figures.min_coverage:
        low = mark_up_share(figures, availability.lower, f"{name}.lower", language)
        high = mark_up_share(figures, availability.upper, f"{name}.upper", language)
        return language.say("between %(low)s and %(high)s", low=low, high=high)
    return mark_up_share(figures, availability.availability, f"{name}.availability", language)


def mark_up_figure(figures: Figures, figure: str, value: object, words: str) -> Markup:
    """Any figure of a service in words, with its name and value for programs: `verify` compares both with the statement."""
    service, name, printed, escaped_words = map(escape, (figures.service, figure, value, words))
    return Markup(  # noqa: S704 -- all four are escaped
        f'<data data-service="{service}" data-figure="{name}" value="{printed}">{escaped_words}</data>'
    )
