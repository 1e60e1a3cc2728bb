"""The wording of what another tool recorded before we measured: always with its name, and that it is in no figure of ours."""

from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant, local_date
from constat.model import Status
from constat.page import (
    ImportedDay,
    ImportedMonth,
    ImportedPast,
    Page,
    RecordedCounts,
    RecordedOutage,
    ShownService,
)


def join_titles(titles: Sequence[str], language: Language) -> str:
    """The names of the tools, as a list in words."""
    return str(language.listing(titles))


def describe_day(day: ImportedDay, language: Language) -> str:
    """A day in a few words, as another tool recorded it."""
    source = join_titles(day.titles, language)
    words = _describe_state(day, source, language)
    for counted in day.counts:
        words = join_halves(words, _describe_counts(counted, language), language)
    return str(words)


def join_halves(first: Markup, second: Markup, language: Language) -> Markup:
    """Join two halves of a sentence with a semicolon, as the language sets it."""
    return language.say("%(first)s; %(second)s", first=first, second=second)


def _describe_state(day: ImportedDay, source: str, language: Language) -> Markup:
    problems = []
    if day.down_s:
        problems.append(language.say("down %(duration)s", duration=language.duration(day.down_s)))
    if day.degraded_s:
        problems.append(
            language.say("not working normally %(duration)s", duration=language.duration(day.degraded_s))
        )
    if problems or day.status is Status.OPERATIONAL:
        what = Markup(", ").join(problems) or language.say("no problem")
        return _as_recorded(what, day.titles, language)
    if day.told:
        return language.say("not measured by us; %(source)s recorded no outage", source=source)
    if day.counts:
        return language.say("not measured by us")
    return language.say("not measured by us; %(source)s recorded nothing", source=source)


def _as_recorded(what: Markup, titles: Sequence[str], language: Language) -> Markup:
    source = join_titles(titles, language)
    return language.say("%(what)s, as %(source)s recorded it", what=what, source=source)


def _describe_counts(counted: RecordedCounts, language: Language) -> Markup:
    return language.say(
        "%(source)s counted %(up)s checks that went well and %(down)s that did not",
        source=counted.title,
        up=language.number(counted.counts.up),
        down=language.number(counted.counts.down),
    )


def describe_until(past: ImportedPast, language: Language) -> Markup:
    """Say until when another tool recorded a service, as the end of a sentence."""
    return language.say(
        "recorded by %(source)s until %(day)s; in no figure of ours",
        source=join_titles(past.titles, language),
        day=language.dated(find_last_day(past, language)),
    )


def find_last_day(past: ImportedPast, language: Language) -> date:
    """The last day of which another tool knows anything."""
    return local_date(past.until - 1, language.zone)


def describe_switch(page: Page, language: Language) -> tuple[Markup, ...]:
    """Say until when other tools recorded the services of a page, and since when we measure them, in whole sentences."""
    return _describe_switch(page.imported, language)


def describe_service_switch(service: ShownService, language: Language) -> tuple[Markup, ...]:
    """The same sentences about one service; none where no other tool recorded it."""
    return _describe_switch((service.imported,) if service.imported else (), language)


def _describe_switch(pasts: Sequence[ImportedPast], language: Language) -> tuple[Markup, ...]:
    last: dict[tuple[str, ...], date] = {}
    for past in pasts:
        day = find_last_day(past, language)
        last[past.titles] = max(day, last.get(past.titles, day))
    recorded = [
        language.say(
            "Recorded by %(source)s until %(day)s; in no figure of ours.",
            source=join_titles(titles, language),
            day=language.dated(day),
        )
        for titles, day in last.items()
    ]
    first = _find_first_look(pasts)
    if first is None:
        return tuple(recorded)
    since = language.dated(local_date(first, language.zone))
    return (*recorded, language.say("Measured by us since %(day)s.", day=since))


def _find_first_look(pasts: Iterable[ImportedPast]) -> Instant | None:
    """The first of our own looks at any of these services."""
    return min((past.first for past in pasts if past.first is not None), default=None)


def list_titles(records: Iterable[ImportedPast | ImportedDay | RecordedOutage]) -> tuple[str, ...]:
    """The names of all tools that recorded any of these."""
    return tuple(dict.fromkeys(title for record in records for title in record.titles))


def describe_month_strip(
    service: str, month: str, days: Sequence[ImportedDay], page: Page, language: Language
) -> Markup:
    """The sentence that replaces the bars of a month for readers who cannot see them."""
    count = sum(day.status in {Status.OUTAGE, Status.DEGRADED} for day in days)
    problems = (
        language.say_many("1 day with problems", "%(n)s days with problems", count)
        if count
        else language.say("no day with problems")
    )
    what = _as_recorded(problems, list_titles(days), language)
    return language.say(
        "%(service)s, %(month)s: %(what)s",
        service=page.service_name(service, language.code),
        month=language.month(month),
        what=what,
    )


def describe_problem_count(past: ImportedPast, count: int, language: Language) -> Markup:
    """Say on how many days another tool recorded problems."""
    days = language.say_many("1 day with problems", "%(n)s days with problems", count)
    return _as_recorded(days, past.titles, language)


def describe_month(month: ImportedMonth, language: Language) -> Markup:
    """The heading over what other tools recorded in a month."""
    days = (day for _, of_service in month.services for day in of_service)
    titles = list_titles((*days, *month.outages))
    return language.say("As %(source)s recorded it", source=join_titles(titles, language))


def describe_outage(outage: RecordedOutage, page: Page, language: Language) -> Markup:
    """The service, the beginning and the length of an outage that another tool recorded."""
    name = Markup("<b>{}</b>").format(page.service_name(outage.service, language.code))
    what = language.say(
        "down %(at)s, for %(duration)s",
        at=language.at(outage.start),
        duration=language.duration(outage.end - outage.start),
    )
    named = language.say("%(service)s: %(what)s", service=name, what=what)
    return _as_recorded(named, outage.titles, language)
