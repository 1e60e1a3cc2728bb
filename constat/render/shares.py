"""Shares of time as pages print them: rounded down, as percentages of the reader's language (rule 12)."""

from decimal import Decimal
from fractions import Fraction

from constat.availability import STATEMENT_DECIMALS, format_percent
from constat.i18n import Language
from constat.model import Availability, Figures

NO_DATA = "—"


def format_share(share: Fraction | None, language: Language, decimals: int = STATEMENT_DECIMALS) -> str:
    """A share in [0, 1]; a dash for `None`."""
    percent = format_percent(share, decimals)
    return NO_DATA if percent is None else language.percent(percent)


def format_target(target: Decimal | None, language: Language) -> str:
    """A promised percentage, without trailing zeros: `99 %`; what stands for no data where nothing is promised."""
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
