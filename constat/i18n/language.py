"""One language: its words, dates, numbers and durations, for one time zone and one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from constat.i18n.catalog import Catalog
from constat.i18n.locales import find_locale, format_date, format_time
from constat.interval import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Instant,
    format_instant,
    local,
    local_date,
    write_offset_if_needed,
)
from constat.model import LocalText, choose_text

_PLAIN = frozenset({str, int})
"""Types of values by which a message can be cached. `Markup` is not one: it equals its text, but is escaped differently."""
_MOST_KNOWN = 10_000
"""The most messages that are cached: sentences with the figures of one day are used once, and would fill the memory."""
_VOWELS = "aeiouyhAEIOUYHÀÂÉÈÊÎÔÙàâéèêîôù"


@dataclass(frozen=True)
class Language:
    """One language: its messages, dates, numbers and durations.

    All methods return text; what they return as `Markup` is safe in HTML, with the inserted values escaped.
    """

    code: str
    catalog: Catalog
    zone: ZoneInfo
    now: Instant

    @property
    def direction(self) -> str:
        """The direction of writing: `ltr` or `rtl`."""
        return find_locale(self.code).text_direction

    @property
    def endonym(self) -> str:
        """The name of the language in itself."""
        return self.name_of(self.code).capitalize()

    def name_of(self, code: str) -> str:
        """The name of another language in this one: `anglais`."""
        return str(find_locale(code).get_display_name(find_locale(self.code)) or code)

    def say(self, message: str, **values: object) -> Markup:
        """Translate a message, with values inserted by name."""
        return self.say_in("", message, **values)

    def say_in(self, context: str, message: str, **values: object) -> Markup:
        """Translate a message that other languages say differently in this context."""
        if values and not _PLAIN.issuperset(map(type, values.values())):
            return self._insert(context, message, values)
        key = (context, message, *values.items())
        text = self._cache.get(key)
        if text is None:
            if len(self._cache) >= _MOST_KNOWN:
                self._cache.clear()
            text = self._cache[key] = self._insert(context, message, values)
        return text

    def _insert(self, context: str, message: str, values: Mapping[str, object]) -> Markup:
        return Markup(self.catalog.one(message, context)) % values  # noqa: S704 -- our own text; the values are escaped

    @cached_property
    def _cache(self) -> dict[tuple[object, ...], Markup]:
        """The messages translated so far: every page repeats most of them."""
        return {}

    def say_many(self, singular: str, plural: str, number: int, **values: object) -> Markup:
        """Translate a message about a number of things, which is inserted as `n`."""
        text = self.catalog.many(singular, plural, number)
        return Markup(text) % {"n": self.number(number), **values}  # noqa: S704 -- the same

    def name(self, text: LocalText) -> str:
        """Choose a text that is given by language, in this language or the next best."""
        return choose_text(text, self.code)

    def listing(self, items: Iterable[str]) -> Markup:
        """`a, b and c`."""
        from babel.lists import format_list  # noqa: PLC0415 -- rarely needed

        safe = [str(escape(item)) for item in items]
        return Markup(format_list(safe, locale=find_locale(self.code)) if safe else "")  # noqa: S704 -- escaped above

    def number(self, number: int) -> str:
        """A whole number, with its thousands separated."""
        if abs(number) < 1000:  # noqa: PLR2004
            return str(number)
        from babel.numbers import format_decimal  # noqa: PLC0415 -- rarely needed

        return format_decimal(number, locale=find_locale(self.code))

    def percent(self, printed: str) -> str:
        """A percentage that was rounded and printed with a point (`99.98`); a full one is just `100`."""
        digits = printed.removesuffix(".00").removesuffix(".000") if printed.startswith("100.") else printed
        return str(self.say("%(number)s\u00a0%%", number=digits.replace(".", self._decimal_mark)))

    @cached_property
    def _decimal_mark(self) -> str:
        from babel.numbers import get_decimal_symbol  # noqa: PLC0415 -- loaded only where something is written

        return get_decimal_symbol(find_locale(self.code))

    def duration(self, seconds: int) -> str:
        """A duration as a person would say it, rounded down: `45 s`, `42 min`, `7 h 12`, `2 d 3 h`."""
        if seconds < MINUTE_S:
            return str(self.say("%(seconds)s\u00a0s", seconds=seconds))
        if seconds < HOUR_S:
            return self.minutes(seconds // MINUTE_S)
        hours, minutes = divmod(seconds // MINUTE_S, 60)
        if seconds < DAY_S:
            if not minutes:
                return self.whole_hours(hours)
            return str(self.say("%(hours)s\u00a0h\u00a0%(minutes)02d", hours=hours, minutes=minutes))
        days, hours = divmod(hours, 24)
        if not hours:
            return str(self.say("%(days)s\u00a0d", days=days))
        return str(self.say("%(days)s\u00a0d\u00a0%(hours)s\u00a0h", days=days, hours=hours))

    def minutes(self, number: int | str) -> str:
        """A number of minutes, or a placeholder that a script fills in: `42 min`, `{n} min`."""
        return str(self.say("%(minutes)s\u00a0min", minutes=number))

    def whole_hours(self, number: int | str) -> str:
        """A number of hours, or a placeholder that a script fills in: `7 h`."""
        return str(self.say("%(hours)s\u00a0h", hours=number))

    def milliseconds(self, length: int) -> str:
        """A response time: `112 ms`."""
        text = self._response_times.get(length)
        if text is None:
            text = str(self.say("%(milliseconds)s\u00a0ms", milliseconds=self.number(length)))
            self._response_times[length] = text
        return text

    @cached_property
    def _response_times(self) -> dict[int, str]:
        """The response times written so far: few different ones, each used very often."""
        return {}

    def hours(self, seconds: int) -> str:
        """A duration that is never given in days, such as one of opening hours: `40 h`."""
        if seconds < DAY_S:
            return self.duration(seconds)
        hours, minutes = divmod(seconds // MINUTE_S, 60)
        if not minutes:
            return self.whole_hours(hours)
        return str(self.say("%(hours)s\u00a0h\u00a0%(minutes)02d", hours=hours, minutes=minutes))

    def ago(self, at: Instant) -> Markup:
        """The time that has passed, in an element that a script keeps up to date: `4 min ago`, or `just now`."""
        elapsed = self.now - at
        text = self.say("just now") if elapsed < MINUTE_S else self.ago_of(self.duration(elapsed))
        return Markup('<span data-at="{}">{}</span>').format(at, text)

    def ago_of(self, duration: str) -> Markup:
        """A duration as a time in the past."""
        return self.say("%(duration)s ago", duration=duration)

    def clock(self, at: Instant, *, announced: bool = False) -> str:
        """The time of day; with its offset where the clock shows it twice.

        An announced time on the hour is shorter in languages that have a short form.
        """
        moment, offset = local(at, self.zone), write_offset_if_needed(at, self.zone)
        if announced and not moment.minute and not offset:
            return format_time(time(moment.hour), self._pattern("on the hour", "HH:mm"), self.code)
        written = format_time(
            time(moment.hour, moment.minute), self._pattern("time of day", "HH:mm"), self.code
        )
        return f"{written}{offset}"

    def wall_clock(self, at: time) -> str:
        """A time of day in no particular time zone, such as an opening hour."""
        return format_time(at, self._pattern("time of day", "HH:mm"), self.code)

    def day_name(self, day: date) -> str:
        """The day of the week: `Monday`."""
        return format_date(day, "EEEE", self.code)

    def day(self, day: date) -> str:
        """A day in short form, without its year: `5 Oct`."""
        return self._format_day(day, self._pattern("day", "d MMM"))

    def weekday(self, day: date) -> str:
        """A day in full, without its year: `Tuesday 1 December`."""
        return self._format_day(day, self._pattern("day in full", "EEEE d MMMM"))

    def full_day(self, day: date) -> str:
        """A day in full, with its year where that is not the present one: `Tuesday 1 December`, `Sunday 1 March 2020`."""
        if day.year == local_date(self.now, self.zone).year:
            return self.weekday(day)
        return self._format_day(day, self._pattern("day in full with its year", "EEEE d MMMM y"))

    def dated(self, day: date) -> str:
        """A day with its year: `1 December 2026`."""
        return self._format_day(day, self._pattern("day with its year", "d MMMM y"))

    def short_month(self, month: str, *, with_year: bool = True) -> str:
        """A month given as `2026-11`, where there is little room: `Nov 2026`, or `Nov`."""
        pattern = self._pattern("month in short", "LLL y") if with_year else "LLL"
        return self._format_day(date.fromisoformat(f"{month}-01"), pattern)

    def month(self, month: str) -> str:
        """A month given as `2026-11`: `November 2026`."""
        return self._format_day(date.fromisoformat(f"{month}-01"), self._pattern("month", "LLLL y"))

    def _pattern(self, context: str, pattern: str) -> str:
        """The CLDR date pattern of this language, which is translated like a message."""
        return self.catalog.one(pattern, context)

    def _format_day(self, day: date, pattern: str) -> str:
        first = self._pattern("first day of the month", "d")
        return format_date(day, pattern.replace("d", first, 1) if day.day == 1 else pattern, self.code)

    def moment(self, at: Instant) -> Markup:
        """An instant by itself: the time of day, with the day unless it is today."""
        return self._stamp_by_day(at, "%(time)s", "%(day)s, %(time)s")

    def full(self, at: Instant) -> Markup:
        """An instant with its day, whatever day it is: `22 Nov, 10:12`."""
        text = self.say("%(day)s, %(time)s", day=self.day(local_date(at, self.zone)), time=self.clock(at))
        return self.stamp(at, text)

    def dated_moment(self, at: Instant) -> Markup:
        """An instant with its day and year, for a page that is kept: `22 November 2026, 10:12`."""
        text = self.say("%(day)s, %(time)s", day=self.dated(local_date(at, self.zone)), time=self.clock(at))
        return self.stamp(at, text)

    def since(self, at: Instant) -> Markup:
        """`since 10:12`, `since 22 Nov, 10:12`."""
        return self._stamp_by_day(at, self.say_raw("since %(time)s"), self.say_raw("since %(day)s, %(time)s"))

    def back(self, at: Instant) -> Markup:
        """For what works again: `back since 10:54`, `back since 22 Nov, 10:54`."""
        today, other = self.say_raw("back since %(time)s"), self.say_raw("back since %(day)s, %(time)s")
        return self._stamp_by_day(at, today, other)

    def until(self, at: Instant) -> Markup:
        """For an announced time: `until 01:00`, `until 24 Nov, 01:00`."""
        today, other = self.say_raw("until %(time)s"), self.say_raw("until %(day)s, %(time)s")
        return self._stamp_by_day(at, today, other, announced=True)

    def at(self, at: Instant, *, announced: bool = False) -> Markup:
        """`at 10:12`, `on 22 Nov at 10:12`."""
        today, other = self.say_raw("at %(time)s"), self.say_raw("on %(day)s at %(time)s")
        return self._stamp_by_day(at, today, other, announced=announced)

    def say_raw(self, message: str) -> str:
        """Translate a message without inserting values."""
        return self.catalog.one(message)

    def _stamp_by_day(self, at: Instant, today: str, other_day: str, *, announced: bool = False) -> Markup:
        """An instant in the page's time zone as a `<time>`, by the pattern for today or for another day."""
        clock = self.clock(at, announced=announced)
        day, now = local_date(at, self.zone), local_date(self.now, self.zone)
        if day == now:
            return self.stamp(at, today % {"time": clock})
        written = self.day(day) if day.year == now.year else self.dated(day)
        return self.stamp(at, other_day % {"day": written, "time": clock})

    def iso(self, at: Instant) -> str:
        """An instant for programs."""
        return format_instant(at)

    def stamp(self, at: Instant, text: str) -> Markup:
        """A text about an instant, as a `<time>` that programs can read."""
        return Markup(f'<time datetime="{format_instant(at)}">{escape(text)}</time>')  # noqa: S704 -- escaped here

    @cached_property
    def zone_name(self) -> str:
        """The page's time zone as people call it: `Zurich time`."""
        from babel.dates import get_timezone_location  # noqa: PLC0415 -- loaded only where something is written

        if "/" not in self.zone.key or self.zone.key.startswith("Etc/"):
            return self.zone.key.removeprefix("Etc/")
        city = get_timezone_location(self.zone, locale=find_locale(self.code), return_city=True)
        if city[0] in _VOWELS:
            return str(self.say_in("before a vowel", "%(city)s time", city=city))
        return str(self.say("%(city)s time", city=city))
