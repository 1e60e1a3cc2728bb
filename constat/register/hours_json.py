"""Weekly hours in the register's JSON: those of support with their region, those agreed for a service without one."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from constat.model import WEEKDAYS, Hours


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
        ValueError, TypeError, KeyError: they are not hours.

    """
    return Hours(
        fields.get("region", ""),
        tuple(WEEKDAYS.index(day) for day in fields["days"]),
        time.fromisoformat(fields["from"]),
        time.fromisoformat(fields["to"]),
        fields["zone"],
        tuple(date.fromisoformat(day) for day in fields["holidays"]),
    )
