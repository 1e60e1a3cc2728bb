"""Babel's locales, dates and times, each looked up or written once: pages repeat most of them."""

from datetime import date, time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.core import Locale


@cache
def find_locale(code: str) -> "Locale":
    """The locale of a language by its code."""
    from babel.core import Locale  # noqa: PLC0415 -- loaded only where something is written for people

    return Locale.parse(code, sep="-")


@cache
def format_date(day: date, pattern: str, code: str) -> str:
    """A day by a pattern of CLDR, in the language of a code."""
    from babel.dates import format_date as write  # noqa: PLC0415 -- the same

    return write(day, pattern, locale=find_locale(code))


@cache
def format_time(at: time, pattern: str, code: str) -> str:
    """A time of day by a pattern of CLDR, in the language of a code."""
    from babel.dates import format_time as write  # noqa: PLC0415 -- the same

    return write(at, pattern, locale=find_locale(code))
