"""Weekly hours: when support is open, and for which hours a service is promised."""

from datetime import date, time
from typing import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as they are written; Monday is 0."""


class Hours(NamedTuple):
    """Opening hours of one region of support, or agreed hours of a service (`region` is empty).

    `days` are weekdays, Monday is 0. `zone` is a fixed offset or a named zone. `to` may be earlier than `start`: closing time
    is then on the next day.
    """

    region: str
    days: tuple[int, ...]
    start: time
    to: time
    zone: str
    holidays: tuple[date, ...]
