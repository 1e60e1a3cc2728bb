"""Wording for readers who are not on the page: plain text, and times that stay true on another day.

A feed entry or a mail is read later and elsewhere, so its times have their date, year and zone.
"""

from constat.i18n import Language, message
from constat.interval import Instant, local, local_date
from constat.model import State
from constat.page import Page

NAMED = 3
"""The most services that a headline names; if there are more, it counts them."""

STATES: dict[State, str] = {
    "investigating": message("Looking for the cause"),
    "identified": message("Cause found"),
    "monitoring": message("Recovered, watching"),
    "resolved": message("Resolved"),
    "postmortem": message("Review"),
    "scheduled": message("Maintenance planned"),
    "in_progress": message("Maintenance in progress"),
    "verifying": message("Verifying"),
    "completed": message("Maintenance completed"),
    "cancelled": message("Maintenance cancelled"),
    "rescheduled": message("Maintenance moved"),
}
"""The names of states for subscribers, who read them without context: so they mention maintenance."""


def join_plain_text(language: Language, words: str, **values: object) -> str:
    """Fill values into a message as plain text, without escaping."""
    return language.catalog.one(words) % values


def name_state(language: Language, state: State) -> str:
    """The name of a state for subscribers."""
    return join_plain_text(language, STATES[state])


def format_moment(language: Language, at: Instant) -> str:
    """Format a time with its date, year and zone: `24 November 2026, 10:12 (Zurich time)`."""
    day = language.dated(local_date(at, language.zone))
    return join_plain_text(
        language, "%(day)s, %(time)s (%(zone)s)", day=day, time=language.clock(at), zone=language.zone_name
    )


def format_span(language: Language, start: Instant, end: Instant) -> str:
    """Format a span of time; the second date only if it differs: `1 December 2026, 22:00 to 01:00 (Zurich time)`.

    An end before noon of the next day is given by its time alone: it is clear which day 01:00 is on.
    """
    values = {
        "day": language.dated(local_date(start, language.zone)),
        "start": language.clock(start, announced=True),
        "end": language.clock(end, announced=True),
        "zone": language.zone_name,
    }
    if _is_same_night(language, start, end):
        return join_plain_text(language, "%(day)s, %(start)s to %(end)s (%(zone)s)", **values)
    last = language.dated(local_date(end, language.zone))
    return join_plain_text(
        language, "from %(day)s, %(start)s to %(last)s, %(end)s (%(zone)s)", last=last, **values
    )


def _is_same_night(language: Language, start: Instant, end: Instant) -> bool:
    days = (local_date(end, language.zone) - local_date(start, language.zone)).days
    return days == 0 or (days == 1 and local(end, language.zone).hour < 12 and end - start < 43_200)  # noqa: PLR2004


def compose_headline(
    page: Page, language: Language, label: str, services: tuple[str, ...], title: str
) -> str:
    """Compose the headline of a post: `[Résolu] Relais SMTP : what the notice is called`."""
    if not services:
        return join_plain_text(language, "[%(state)s] %(title)s", state=label, title=title)
    names = _name_services(page, language, services)
    return join_plain_text(
        language, "[%(state)s] %(services)s: %(title)s", state=label, services=names, title=title
    )


def _name_services(page: Page, language: Language, services: tuple[str, ...]) -> str:
    if len(services) > NAMED:
        return str(language.say_many("%(n)s service", "%(n)s services", len(services)))
    return ", ".join(page.service_name(service, language.code) for service in services)
