"""What is said about notices and outages, in the words of one language."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language, message
from constat.interval import Instant, local_date
from constat.model import NoticeText, State, Update
from constat.page import Page, ServiceOutage, ShownNotice
from constat.posts import addresses
from constat.render.links import Links

_FILES = re.compile(r'="(?:(?<=\ssrc=")|(?<=\shref="))(?=files/)')
_NOTICES = re.compile(r'="(?<=\shref=")(?=\d{4}-\d\d-\d\d-)')
_SENTENCE = re.compile(r"(?<=[.!?…])\s")
_EXCERPT = 200


class ShownUpdate(NamedTuple):
    """One update as it is shown. `lang` is empty where it is in the language of the page."""

    at: Instant
    state: Markup
    html: Markup
    anchor: str
    lang: str


_STATES: Mapping[State, str] = {
    "investigating": message("Looking for the cause"),
    "identified": message("Cause found"),
    "monitoring": message("Recovered, watching"),
    "resolved": message("Resolved"),
    "postmortem": message("What happened, and what we do about it"),
    "scheduled": message("Planned"),
    "in_progress": message("In progress"),
    "verifying": message("Checking the result"),
    "completed": message("Finished"),
    "cancelled": message("Cancelled"),
    "rescheduled": message("Moved"),
}


def state_words(state: State, language: Language) -> Markup:
    """What customers are told of a state."""
    return language.say(_STATES[state])


def shown_state(shown: ShownNotice, language: Language) -> Markup:
    """The state of a notice; one that ended by the clock says so."""
    if shown.as_announced:
        return language.say("Ended as announced")
    if shown.state == "postmortem":
        return language.say("Resolved")
    return state_words(shown.state, language)


def state_css(shown: ShownNotice) -> str:
    """The state of a notice as the stylesheet and the icons name it."""
    if shown.phase == "past":
        return "up"
    if shown.notice.kind == "maintenance":
        return "maint"
    return {"none": "nodata", "minor": "degraded"}.get(shown.notice.impact, "outage")


def text(shown: ShownNotice, language: Language) -> NoticeText:
    """The notice in a language, or in the first where it is not translated."""
    return shown.notice.text_in(language.code)


def foreign(shown: ShownNotice, language: Language) -> str:
    """The language of a notice where it is not that of the page."""
    written = text(shown, language).lang
    return "" if written == language.code else written


def html(source: str, links: Links) -> Markup:
    """Sanitised HTML of a notice; its pictures and its links to other notices are found from the page it stands on."""
    pictured = _FILES.sub(f'="{links.file(addresses.NOTICES)}', source)
    return Markup(_NOTICES.sub(f'="{links.to(addresses.NOTICES)}', pictured))  # noqa: S704 -- sanitised when the notice was read


def shown_updates(shown: ShownNotice, language: Language, links: Links) -> tuple[ShownUpdate, ...]:
    """The updates of a notice, newest first."""
    return tuple(_shown_update(update, language, links) for update in reversed(text(shown, language).updates))


def _shown_update(update: Update, language: Language, links: Links) -> ShownUpdate:
    anchor = addresses.update_anchor(update.at, language.zone)
    written = update.lang or language.code
    foreign = "" if written == language.code else written
    return ShownUpdate(
        update.at, state_words(update.state, language), html(update.html, links), anchor, foreign
    )


def newest_words(shown: ShownNotice, language: Language) -> str:
    """The first sentence of the newest update, or of the announcement."""
    written = text(shown, language)
    newest = next((update.text for update in reversed(written.updates) if update.text), written.text)
    first = _SENTENCE.split(" ".join(newest.split()), maxsplit=1)[0]
    return first if len(first) <= _EXCERPT else first[: _EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def services(shown: ShownNotice, page: Page, language: Language) -> str:
    """The names of the services of a notice. Commas alone: a name may hold an `and` of its own."""
    return ", ".join(page.service_name(name, language.code) for name in shown.notice.services)


def linked_services(
    shown: ShownNotice, page: Page, language: Language, links: Links
) -> tuple[tuple[str, str], ...]:
    """The name of each service of a notice, and where its page is; empty where it has none any more."""
    return tuple(
        (
            page.service_name(name, language.code),
            links.to(addresses.service_path(name)) if page.service(name) else "",
        )
        for name in shown.notice.services
    )


def span(
    start: Instant, end: Instant, language: Language, *, announced: bool = False, on: date | None = None
) -> Markup:
    """`Tuesday 1 December, 22:00 to 01:00`. Under the heading of a day, that day is not repeated."""
    first_day, last_day = local_date(start, language.zone), local_date(end, language.zone)
    first, last = (language.clock(at, announced=announced) for at in (start, end))
    if (last_day - first_day).days > 1:
        last = str(language.say("%(day)s, %(time)s", day=language.weekday(last_day), time=last))
    hours = language.stamp(start, first)
    if (first_day, first) != (last_day, last):
        hours = language.say("%(start)s to %(end)s", start=hours, end=language.stamp(end, last))
    if first_day == on:
        return hours
    return language.say("%(day)s, %(time)s", day=language.weekday(first_day), time=hours)


def times(shown: ShownNotice, language: Language, on: date | None = None, *, zoned: bool = False) -> Markup:
    """When a notice applies, or applied, for how long, and in which zone these times are."""
    planned = shown.notice.ends if shown.notice.kind == "maintenance" else None
    end = planned if planned is not None else shown.ends
    zone = [language.zone_name] if zoned else []
    if end is None:
        said, beside = language.since(shown.starts), zone
    else:
        said = span(shown.starts, end, language, announced=planned is not None, on=on)
        beside = [language.duration(end - shown.starts), *zone]
    if not beside:
        return said
    return language.say("%(times)s (%(beside)s)", times=said, beside=", ".join(beside))


def ended(shown: ShownNotice, language: Language) -> Markup:
    """When a maintenance was really over, by our team's word, and how much later than announced; empty where it went by the clock."""
    if shown.notice.kind != "maintenance" or shown.state != "completed" or shown.as_announced:
        return Markup()
    if shown.ends is None or shown.notice.ends is None or shown.ends <= shown.notice.ends:
        return Markup() if shown.ends is None else language.moment(shown.ends)
    late = language.say("overran by %(duration)s", duration=language.duration(shown.ends - shown.notice.ends))
    return language.say("%(times)s (%(beside)s)", times=language.moment(shown.ends), beside=late)


def news(shown: ShownNotice, language: Language) -> Markup:
    """When to expect news, that they are late, or that the incident seems to be over and nobody has said so."""
    if shown.phase != "open":
        return Markup()
    if shown.forgotten and shown.forgotten.why == "measured_up":
        seen = language.since(shown.forgotten.since)
        return language.say(
            "Not closed by our team yet, but our checks have seen it working %(since)s.", since=seen
        )
    if shown.notice.next is not None and (shown.overdue or shown.notice.next > language.now):
        due = language.at(shown.notice.next, announced=True)
        if not shown.overdue:
            return language.say("Next news expected %(at)s.", at=due)
        last = language.since(shown.changed)
        return language.say("No news %(since)s; the next was due %(at)s.", since=last, at=due)
    if shown.forgotten:
        return language.say("No news %(since)s.", since=language.since(shown.changed))
    return Markup()


def outage_words(found: ServiceOutage, page: Page, language: Language, on: date | None = None) -> Markup:
    """Whose outage it was, when it began and how long it lasted. Under the heading of a day, that day is not repeated."""
    name = Markup("<b>{}</b>").format(page.service_name(found.service, language.code))
    return language.say("%(service)s: %(what)s", service=name, what=outage_line(found, language, on))


def outage_line(found: ServiceOutage, language: Language, on: date | None = None) -> Markup:
    """When an outage began and how long it lasted."""
    outage = found.outage
    if found.ongoing:
        return language.say("down %(since)s", since=language.since(outage.start))
    same = local_date(outage.start, language.zone) == on
    clock = language.stamp(outage.start, language.clock(outage.start))
    start = language.say("at %(time)s", time=clock) if same else language.at(outage.start)
    length = language.duration(outage.seconds)
    if not outage.recovered:
        return language.say("down %(at)s, seen for %(duration)s", at=start, duration=length)
    return language.say("down %(at)s, for %(duration)s", at=start, duration=length)
