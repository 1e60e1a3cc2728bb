"""Weekly hours in the register's JSON: those of support with their region, those agreed for a service without one."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from constat.model import WEEKDAYS, Hours
from constat.opening import get_zone
from constat.register.values import read_text
from constat.text.canonical import encode_canonical

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def write_hours(hours: Hours) -> dict[str, Any]:
    """Write hours as plain values, with their region if they have one."""
    region = {"region": hours.region} if hours.region else {}
    return region | {
        "days": [WEEKDAYS[day] for day in hours.days],
        "from": f"{hours.start:%H:%M}",
        "to": f"{hours.to:%H:%M}",
        "zone": hours.zone,
        "holidays": [day.isoformat() for day in sorted(hours.holidays)],
    }


def read_hours(fields: Mapping[str, Any]) -> Hours:
    """Read hours.

    Raises:
        ValueError, TypeError, KeyError: they are not hours, or their time zone does not exist.

    """
    hours = Hours(
        read_text(fields.get("region", "")),
        tuple(WEEKDAYS.index(day) for day in fields["days"]),
        _read_clock(fields["from"]),
        _read_clock(fields["to"]),
        read_text(fields["zone"]),
        tuple(date.fromisoformat(day) for day in fields["holidays"]),
    )
    try:
        get_zone(hours)
    except (KeyError, ValueError, OSError):  # no such zone, no valid name or offset, a folder of zones
        raise ValueError(f"there is no time zone {encode_canonical(hours.zone)}") from None
    return hours


def _read_clock(value: object) -> time:
    text = read_text(value)
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text!r} is not a time of day")
    return time.fromisoformat(text)
