"""Durations, dates, hours and time zones: their parsers, and the types of fields that are read by them."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from constat.config.fields.marks import JsonSchema, Reads, matching, wrong
from constat.config.fields.text_fields import parse_matching, parse_name, parse_plain_text
from constat.interval import MINUTE_S, parse_seconds
from constat.model import WEEKDAYS, parse_target
from constat.text.suggest import did_you_mean


def parse_duration(value: object) -> int:
    """A duration in seconds: `90s`, `5m`, `4h`, `14d`."""
    hint = "write a whole number and a unit: 90s, 5m, 4h or 14d"
    return parse_seconds(parse_matching(value, r"[0-9]{1,9}[smhd]", "a valid duration", hint))


def parse_positive_duration(value: object) -> int:
    """A duration in seconds, at least one."""
    seconds = parse_duration(value)
    if not seconds:
        raise wrong(f"{value!r} is not a positive duration", "write at least 1s")
    return seconds


def parse_timeout(value: object) -> Decimal:
    """A short duration in seconds: `10s`, `2.5s`, `800ms`."""
    text = parse_plain_text(value)
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m)", text)
    size = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(MINUTE_S)}
    seconds = Decimal(match[1]) * size[match[2]] if match else Decimal(0)
    if not seconds:
        raise wrong(f"{text!r} is not a valid duration", "write a number and a unit: 10s, 2.5s or 800ms")
    return seconds


def parse_milliseconds(value: object) -> int:
    """A latency in whole milliseconds: `800ms`, `2s`."""
    return int(parse_timeout(value) * 1000)


class MillisecondsByVantage(dict[str, int]):
    """Whole milliseconds by the vantage that they are for; what is not named has no bound."""


def parse_slowness(value: object) -> int | MillisecondsByVantage:
    """A bound of response times in milliseconds: `800ms`, or one for each vantage: `{zurich: 300ms, sydney: 900ms}`."""
    if not isinstance(value, dict):
        return parse_milliseconds(value)
    if not value:
        raise wrong("an empty table", "write a duration for each vantage, or one for all: 800ms")
    return MillisecondsByVantage(
        {parse_name(name): parse_milliseconds(bound) for name, bound in value.items()}
    )


def parse_promised_time(value: object) -> tuple[int | None, int | None]:
    """A promised time to an answer: seconds of opening time, or working days (`5wd`)."""
    pattern = r"[1-9][0-9]{0,3}wd|0*[1-9][0-9]{0,8}[smhd]"
    hint = "write opening hours as 4h or 30m, working days as 5wd"
    return parse_target(parse_matching(value, pattern, "a valid promised time", hint))


def parse_date(value: object) -> date:
    """A date: `2026-03-02`."""
    text = parse_plain_text(value)
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _refuse_date(text)
    except ValueError:
        raise wrong(f"{text!r} is not a valid date", "write year, month and day: 2026-03-02") from None


def _refuse_date(text: str) -> date:
    raise ValueError(text)


def parse_clock_time(value: object) -> time:
    """A time of day: `08:00`; `24:00` is midnight at the end of the day."""
    pattern = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
    text = parse_matching(value, pattern, "a valid time of day", "write hours and minutes: 08:00")
    return time(0) if text == "24:00" else time.fromisoformat(text)


def parse_opening_time(value: object) -> time:
    """The time of day at which hours begin: `08:00`; never `24:00`, which is the end of a day."""
    opens = parse_clock_time(value)
    if value == "24:00":
        raise wrong(
            "no hours begin at 24:00, the end of a day", "write 00:00, and the days on which they begin"
        )
    return opens


def parse_offset(value: object) -> str:
    """A zone of the IANA database, or a fixed offset: `Europe/Zurich`, `+01:00`."""
    text = parse_plain_text(value)
    if not re.fullmatch(r"[+-](0[0-9]|1[0-4]):[0-5][0-9]", text):
        _find_zone(text, "write a zone such as Europe/Zurich, or a fixed offset such as +01:00")
    return text


def parse_named_zone(value: object) -> ZoneInfo:
    """A zone of the IANA database: `Europe/Zurich`."""
    return _find_zone(parse_plain_text(value), "write a zone such as Europe/Zurich")


def _find_zone(text: str, otherwise: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        # KeyError: there is no such zone. OSError: it is a folder of zones, such as Europe.
        hint = did_you_mean(text, available_timezones(), otherwise=otherwise)
        raise wrong(f"{text!r} is not a known time zone", hint) from None


def parse_weekdays(value: object) -> tuple[int, ...]:
    """Days of the week, Monday is 0: `mon-fri`, `sat`, or a list of them."""
    parts = value if isinstance(value, list) else [value]
    days: set[int] = set()
    for part in parts:
        days |= _weekday_range(parse_plain_text(part).lower())
    if not days:
        raise wrong("no day", "write days such as mon-fri, or [mon, wed]")
    return tuple(sorted(days))


def _weekday_range(text: str) -> set[int]:
    first, dash, last = text.partition("-")
    if first not in WEEKDAYS or (last if dash else first) not in WEEKDAYS:
        raise wrong(f"{text!r} is not a day of the week", f"write mon-fri, or one of {', '.join(WEEKDAYS)}")
    start, length = WEEKDAYS.index(first), (WEEKDAYS.index(last or first) - WEEKDAYS.index(first)) % 7 + 1
    return {(start + n) % 7 for n in range(length)}


Duration = Annotated[int, Reads(parse_positive_duration, matching("^0*[1-9][0-9]*[smhd]$", "5m"))]
"""Seconds, at least one: `90s`, `5m`, `4h`, `14d`."""
DurationOrZero = Annotated[int, Reads(parse_duration, matching("^[0-9]+[smhd]$", "0h"))]
"""Seconds, possibly zero: `0h`."""
Timeout = Annotated[Decimal, Reads(parse_timeout, matching("^[0-9]+(\\.[0-9]+)?(ms|s|m)$", "10s"))]
"""Decimal seconds of a short duration: `10s`, `2.5s`, `800ms`."""
_BOUND = matching("^[0-9]+(\\.[0-9]+)?(ms|s|m)$", "800ms")
Slowness = Annotated[
    int | MillisecondsByVantage,
    Reads(
        parse_slowness,
        {"anyOf": [_BOUND, {"type": "object", "additionalProperties": _BOUND, "minProperties": 1}]},
    ),
]
"""Whole milliseconds, for all vantages or for each that is named."""
PromisedTime = Annotated[
    tuple[int | None, int | None],
    Reads(parse_promised_time, matching("^[1-9][0-9]*([smhd]|wd)$", "4h")),
]
"""(seconds of opening time, working days): one of them is `None`."""
Day = Annotated[date, Reads(parse_date, matching("^\\d{4}-\\d\\d-\\d\\d$", "2026-03-02"))]
"""A date."""
ClockTime = Annotated[time, Reads(parse_clock_time, matching("^\\d\\d:\\d\\d$", "08:00"))]
"""A time of day."""
OpeningTime = Annotated[time, Reads(parse_opening_time, matching("^([01]\\d|2[0-3]):[0-5]\\d$", "08:00"))]
"""A time of day at which something begins."""
Zone = Annotated[
    str,
    Reads(parse_offset, {"type": "string", "examples": ["Europe/Zurich", "+01:00"]}),
]
"""A named zone or a fixed offset, as text."""
NamedZone = Annotated[
    ZoneInfo,
    Reads(parse_named_zone, {"type": "string", "examples": ["Europe/Zurich"]}),
]
"""A zone of the IANA database."""
_WEEKDAY: JsonSchema = {"type": "string", "examples": ["mon-fri", "sat"]}
Weekdays = Annotated[
    tuple[int, ...],
    Reads(parse_weekdays, {"anyOf": [_WEEKDAY, {"type": "array", "items": _WEEKDAY, "minItems": 1}]}),
]
"""Days of the week, sorted, Monday is 0."""
