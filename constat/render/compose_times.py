"""How a language writes times, for the script of `/compose/`: it shows them as the page will (templates/compose_times.js)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from constat.i18n import Language
from constat.i18n.locales import format_date

_PLACE: Final = re.compile(r"%\((\w+)\)(02)?[sd]")
"""A place in a message: `{name}` for the script, or `{padded}` where the message asks for two digits."""

_PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "moment": ("%(time)s", "%(day)s, %(time)s"),
    "since": ("since %(time)s", "since %(day)s, %(time)s"),
    "at": ("at %(time)s", "on %(day)s at %(time)s"),
}
"""For a time of today, and for one of another day."""

_DURATIONS: Final[Mapping[str, str]] = {
    "seconds": "%(seconds)s\u00a0s",
    "minutes": "%(minutes)s\u00a0min",
    "hours": "%(hours)s\u00a0h",
    "hoursMinutes": "%(hours)s\u00a0h\u00a0%(minutes)02d",
    "days": "%(days)s\u00a0d",
    "daysHours": "%(days)s\u00a0d\u00a0%(hours)s\u00a0h",
}

_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "clock": ("time of day", "HH:mm"),
    "hour": ("on the hour", "HH:mm"),
    "day": ("day", "d MMM"),
    "dated": ("day with its year", "d MMMM y"),
    "full": ("day in full", "EEEE d MMMM"),
    "year": ("day in full with its year", "EEEE d MMMM y"),
    "first": ("first day of the month", "d"),
}
"""Patterns of CLDR, by their context among the messages."""

_MONTHS: Final = tuple(date(2024, month, 1) for month in range(1, 13))
_WEEKDAYS: Final = tuple(date(2024, 1, day) for day in range(1, 8))


def describe_times(language: Language) -> dict[str, object]:
    """The words and patterns of a language, as plain text."""
    return {
        **{name: [_say(language, today), _say(language, other)] for name, (today, other) in _PHRASES.items()},
        **{name: language.catalog.one(pattern, context) for name, (context, pattern) in _PATTERNS.items()},
        "durations": {name: _say(language, text) for name, text in _DURATIONS.items()},
        "span": _say(language, "%(start)s to %(end)s"),
        "beside": _say(language, "%(times)s (%(beside)s)"),
        "next": _say(language, "Next update expected %(at)s."),
        "short": [format_date(month, "MMM", language.code) for month in _MONTHS],
        "months": [format_date(month, "MMMM", language.code) for month in _MONTHS],
        "weekdays": [format_date(day, "EEEE", language.code) for day in _WEEKDAYS],
    }


def _say(language: Language, text: str) -> str:
    return _PLACE.sub(lambda place: "{padded}" if place[2] else f"{{{place[1]}}}", language.say_raw(text))
