"""Recurring maintenance in words: the rule, and the next dates by it. Kuma keeps no history of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from constat.interval import Instant, local_date
from constat.moving.cron import CronError, parse_cron
from constat.moving.foreign_times import find_zone, read_time
from constat.moving.kuma.tables import Row, get_json, get_number, get_text

NEXT_DATES = 3
_SEARCHED_DAYS = 800
_LAST_DAY: Final = "lastDay"


def describe_rule(row: Row, zone_name: str, after: Instant, *, is_two: bool) -> str:
    """The rule of a recurring maintenance, and its next dates, starting with the day of an instant."""
    strategy = get_text(row, "strategy")
    times = f"{get_text(row, 'start_time')} to {get_text(row, 'end_time')}"
    rule, falls_on = _RULES.get(strategy, _read_unknown)(row)
    zone = find_zone(zone_name)
    words = f"{strategy}: {rule}" + (f", {times}" if get_text(row, "start_time") else "")
    if strategy == "recurring-interval" and not is_two:
        words += ", which 1.23 takes for days of the month"
    if zone is None or falls_on is None:
        return f"{words} ({zone_name})"
    first = local_date(after, zone)
    days = (first + timedelta(days=n) for n in range(_SEARCHED_DAYS))
    following = [day.isoformat() for day, _ in zip(filter(falls_on, days), range(NEXT_DATES), strict=False)]
    return f"{words} ({zone_name}); from {first} on: {', '.join(following) or 'none'}"


_Rule = tuple[str, Callable[[date], bool] | None]


def _read_interval(row: Row) -> _Rule:
    days, start = get_number(row, "interval_day"), read_time(get_text(row, "start_date"))
    if days < 1 or start is None:
        return f"every {days} days", None
    first = date.fromisoformat(get_text(row, "start_date")[:10])
    return f"every {days} days from {first}", lambda day: day >= first and (day - first).days % days == 0


def _read_weekdays(row: Row) -> _Rule:
    listed = get_json(row, "weekdays")
    numbers = {int(day) % 7 for day in listed if str(day).isdigit()} if isinstance(listed, list) else set()
    names = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    words = ", ".join(names[number] for number in sorted(numbers))
    return f"on {words or 'no day'}", lambda day: day.isoweekday() % 7 in numbers


def _read_days_of_month(row: Row) -> _Rule:
    listed = get_json(row, "days_of_month")
    days = [str(day) for day in listed] if isinstance(listed, list) else []

    def falls_on(day: date) -> bool:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        from_end = (following - day).days
        return str(day.day) in days or f"{_LAST_DAY}{from_end}" in days

    return f"on the days {', '.join(days) or 'none'} of the month", falls_on


def _read_cron(row: Row) -> _Rule:
    written = get_text(row, "cron")
    try:
        return f"{written}, for {get_number(row, 'duration')} s", parse_cron(written).falls_on
    except CronError:
        return written, None


def _read_unknown(_row: Row) -> _Rule:
    return "by hand", None


_RULES: Final[dict[str, Callable[[Row], _Rule]]] = {
    "recurring-interval": _read_interval,
    "recurring-weekday": _read_weekdays,
    "recurring-day-of-month": _read_days_of_month,
    "cron": _read_cron,
}
