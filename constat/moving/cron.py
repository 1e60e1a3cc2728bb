"""Cron expressions, as far as schedules of checks or maintenance need them: five fields, `*`, ranges, steps, lists, `L`."""

from collections import Counter
from datetime import date, timedelta
from typing import Final, NamedTuple

from constat.interval import DAY_S, MINUTE_S

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES: Final = {
    **{name: str(number) for number, name in enumerate(_MONTHS, start=1)},
    **{name: str(number) for number, name in enumerate(_WEEKDAYS)},
}
_RANGES: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_LONGEST = 200
_MACROS: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}


class CronError(ValueError):
    """The text is not a cron expression."""


class Cron(NamedTuple):
    """The values of each field. `any_day`, `any_weekday`: the field is `*`. `last`: also the last day of the month."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool
    last: bool

    def falls_on(self, day: date) -> bool:
        """Whether the expression fires at all on a day; where it restricts both days and weekdays, either is enough."""
        if day.month not in self.months:
            return False
        is_last = self.last and (day + timedelta(days=1)).day == 1
        on_day = day.day in self.days or is_last
        on_weekday = day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return on_day and on_weekday
        return on_day or on_weekday

    @property
    def interval_s(self) -> int:
        """The most common time between two firings, in seconds; the shortest of several equally common ones."""
        times = sorted(hour * 60 + minute for hour in self.hours for minute in self.minutes)
        following = [*times[1:], times[0] + DAY_S // MINUTE_S]
        gaps = Counter(after - before for before, after in zip(times, following, strict=True))
        usual = max(gaps.values())
        return min(gap for gap, count in gaps.items() if count == usual) * MINUTE_S


def parse_cron(text: str) -> Cron:
    """Read a cron expression of five fields; one of six begins with seconds, which are left out.

    Raises:
        CronError: it is not a cron expression.

    """
    words = _MACROS.get(text.strip().lower(), text).lower().split()
    if len(words) == len(_RANGES) + 1:
        words = words[1:]
    if len(words) != len(_RANGES) or len(text) > _LONGEST:
        raise CronError(f"{text[:60]!r} is not a cron expression of five fields")
    last = "l" in words[2].split(",")
    words[2] = ",".join(word for word in words[2].split(",") if word != "l") or "none"
    fields = [
        _read_field(word, *range_) if word != "none" else frozenset[int]()
        for word, range_ in zip(words, _RANGES, strict=True)
    ]
    weekdays = frozenset(number % 7 for number in fields[4])
    any_day, any_weekday = (word in {"*", "?"} for word in (words[2], words[4]))
    return Cron(
        fields[0],
        fields[1],
        fields[2],
        fields[3],
        weekdays,
        any_day=any_day,
        any_weekday=any_weekday,
        last=last,
    )


def _read_field(text: str, low: int, high: int) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, last = _read_span(span, low, high, open_end=bool(step))
        width = _read_number(step) if step else 1
        if width < 1 or not low <= first <= last <= high:
            raise CronError(f"{part[:20]!r} is out of range")
        values.update(range(first, last + 1, width))
    return frozenset(values)


def _read_span(text: str, low: int, high: int, *, open_end: bool) -> tuple[int, int]:
    if text in {"*", "?"}:
        return low, high
    first, dash, last = text.partition("-")
    begins = _read_number(first)
    if dash:
        return begins, _read_number(last)
    return begins, high if open_end else begins


def _read_number(text: str) -> int:
    number = _NAMES.get(text, text)
    if not (number.isascii() and number.isdigit() and len(number) <= 3):  # noqa: PLR2004 -- the largest is 59
        raise CronError(f"{text[:20]!r} is not a number")
    return int(number)
