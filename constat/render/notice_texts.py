"""The wording of notices and outages in one language."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language, message
from constat.interval import Instant, local_date
from constat.model import State, Update
from constat.page import Page, ServiceOutage, ShownNotice
from constat.posts import addresses
from constat.render.links import Links

_FILE_LINK = re.compile(r'="(?:(?<=\ssrc=")|(?<=\shref="))(?=files/)')
_NOTICE_LINK = re.compile(r'="(?<=\shref=")(?=\d{4}-\d\d-\d\d-)')
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s")
_MAX_EXCERPT = 200


class ShownUpdate(NamedTuple):
    """An update of a notice. `lang` is empty if it is in the language of the page."""

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
    "postmortem": message("What happened, and what we are doing about it"),
    "scheduled": message("Planned"),
    "in_progress": message("In progress"),
    "verifying": message("Checking the result"),
    "completed": message("Finished"),
    "cancelled": message("Cancelled"),
    "rescheduled": message("Moved"),
}


def state_label(state: State, language: Language) -> Markup:
    """A state in customers' words."""
    return language.say(_STATES[state])


def shown_state_label(shown_notice: ShownNotice, language: Language) -> Markup:
    """The state of a notice in customers' words; a maintenance without a final update ended as announced."""
    if shown_notice.as_announced:
        return language.say("Ended as announced")
    if shown_notice.state == "postmortem":
        return language.say("Resolved")
    return state_label(shown_notice.state, language)


def state_css_class(shown_notice: ShownNotice) -> str:
    """The CSS class of a notice's state, which is also the name of its icon."""
    if shown_notice.phase == "past":
        return "up"
    if shown_notice.notice.kind == "maintenance":
        return "maint"
    return {"none": "nodata", "minor": "degraded"}.get(shown_notice.notice.impact, "outage")


def foreign_language(shown_notice: ShownNotice, language: Language) -> str:
    """The code of the language that a notice is shown in, empty if it is the language of the page."""
    return _omit_own(shown_notice.notice.text_in(language.code).lang, language)


def _omit_own(code: str, language: Language) -> str:
    return "" if code == language.code else code


def resolve_links(html: str, links: Links) -> Markup:
    """The sanitised HTML of a notice, its pictures and links to other notices resolved for the page that shows it."""
    with_files = _FILE_LINK.sub(f'="{links.file(addresses.NOTICES)}', html)
    return Markup(_NOTICE_LINK.sub(f'="{links.to(addresses.NOTICES)}', with_files))  # noqa: S704 -- sanitised when the notice was read


def list_updates(shown_notice: ShownNotice, language: Language, links: Links) -> tuple[ShownUpdate, ...]:
    """The updates of a notice, newest first."""
    updates = shown_notice.notice.text_in(language.code).updates
    return tuple(_build_update(update, language, links) for update in reversed(updates))


def _build_update(update: Update, language: Language, links: Links) -> ShownUpdate:
    return ShownUpdate(
        update.at,
        state=state_label(update.state, language),
        html=resolve_links(update.html, links),
        anchor=addresses.update_anchor(update.at, language.zone),
        lang=_omit_own(update.lang or language.code, language),
    )


def write_excerpt(shown_notice: ShownNotice, language: Language) -> str:
    """The first sentence of the newest update that has a text, else of the announcement."""
    text = shown_notice.notice.text_in(language.code)
    newest = next((update.text for update in reversed(text.updates) if update.text), text.text)
    first = _SENTENCE_END.split(" ".join(newest.split()), maxsplit=1)[0]
    return first if len(first) <= _MAX_EXCERPT else first[: _MAX_EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def join_service_names(shown_notice: ShownNotice, page: Page, language: Language) -> str:
    """The names of the services of a notice, separated by commas alone: a name may contain an `and`."""
    names = (page.service_name(name, language.code) for name in shown_notice.notice.services)
    return ", ".join(names) or str(language.say("All in general"))


def list_linked_services(
    shown_notice: ShownNotice, page: Page, language: Language, links: Links
) -> tuple[tuple[str, str], ...]:
    """The name of each service of a notice and the link to its page, empty if the page no longer shows the service."""
    if not shown_notice.notice.services:
        return ((str(language.say("All in general")), ""),)
    return tuple(
        (
            page.service_name(name, language.code),
            links.to(addresses.service_path(name)) if page.service(name) else "",
        )
        for name in shown_notice.notice.services
    )


def was_looked_at(shown_notice: ShownNotice, page: Page) -> bool:
    """Whether our checks looked at a service of a notice before the notice was over."""
    end = page.now if shown_notice.ends is None else shown_notice.ends
    services = (page.service(name) for name in shown_notice.notice.services)
    return any(
        service is not None and service.first is not None and service.first < end for service in services
    )


def format_span(
    start: Instant, end: Instant, language: Language, *, announced: bool = False, on: date | None = None
) -> Markup:
    """From when to when: `Tuesday 1 December, 22:00 to 01:00`. A first day equal to `on`, the day of the heading, is omitted."""
    first_day, last_day = local_date(start, language.zone), local_date(end, language.zone)
    first, last = (language.clock(at, announced=announced) for at in (start, end))
    if (last_day - first_day).days > 1:
        last = str(language.say("%(day)s, %(time)s", day=language.full_day(last_day), time=last))
    hours = language.stamp(start, first)
    if (first_day, first) != (last_day, last):
        hours = language.say("%(start)s to %(end)s", start=hours, end=language.stamp(end, last))
    if first_day == on:
        return hours
    return language.say("%(day)s, %(time)s", day=language.full_day(first_day), time=hours)


def describe_times(
    shown_notice: ShownNotice, language: Language, on: date | None = None, *, zoned: bool = False
) -> Markup:
    """The times of a notice and their length; if `zoned`, with the time zone. A day equal to `on` is omitted."""
    planned = shown_notice.notice.ends if shown_notice.notice.kind == "maintenance" else None
    end = planned if planned is not None else shown_notice.ends
    zone = [language.zone_name] if zoned else []
    if end is None:
        times, details = language.since(shown_notice.starts), zone
    else:
        times = format_span(shown_notice.starts, end, language, announced=planned is not None, on=on)
        details = [language.duration(end - shown_notice.starts), *zone]
    if not details:
        return times
    return language.say("%(times)s (%(beside)s)", times=times, beside=", ".join(details))


def describe_end(shown_notice: ShownNotice, language: Language) -> Markup:
    """The end of a maintenance as our team reported it, and how late it was; empty if nobody reported it."""
    notice, end = shown_notice.notice, shown_notice.ends
    if notice.kind != "maintenance" or shown_notice.state != "completed" or shown_notice.as_announced:
        return Markup()
    if end is None or notice.ends is None or end <= notice.ends:
        return Markup() if end is None else language.moment(end)
    late = language.say("overran by %(duration)s", duration=language.duration(end - notice.ends))
    return language.say("%(times)s (%(beside)s)", times=language.moment(end), beside=late)


def describe_next_update(shown_notice: ShownNotice, language: Language) -> Markup:
    """The outlook of an open notice: its next update is due or late, or it seems forgotten; empty if there is nothing to say."""
    if shown_notice.phase != "open":
        return Markup()
    if shown_notice.forgotten and shown_notice.forgotten.why == "measured_up":
        return language.say(
            "Not closed by our team yet, but our checks have seen it working %(since)s.",
            since=language.since(shown_notice.forgotten.since),
        )
    due = shown_notice.notice.next
    if due is not None and not shown_notice.overdue and due > language.now:
        return language.say("Next update expected %(at)s.", at=language.at(due, announced=True))
    if due is not None and shown_notice.overdue:
        return language.say(
            "No news %(since)s; the next was due %(at)s.",
            since=language.since(shown_notice.changed),
            at=language.at(due, announced=True),
        )
    if shown_notice.forgotten:
        return language.say("No news %(since)s.", since=language.since(shown_notice.changed))
    return Markup()


def describe_outage(
    service_outage: ServiceOutage, page: Page, language: Language, on: date | None = None
) -> Markup:
    """The service, beginning and length of an outage. A day equal to `on`, the day of the heading, is omitted."""
    name = Markup("<b>{}</b>").format(page.service_name(service_outage.service, language.code))
    times = describe_outage_times(service_outage, language, on)
    return language.say("%(service)s: %(what)s", service=name, what=times)


def describe_outage_times(
    service_outage: ServiceOutage, language: Language, on: date | None = None
) -> Markup:
    """The beginning and the length of an outage."""
    outage = service_outage.outage
    if service_outage.ongoing:
        return language.say("down %(since)s", since=language.since(outage.start))
    is_same_day = local_date(outage.start, language.zone) == on
    clock = language.stamp(outage.start, language.clock(outage.start))
    start = language.say("at %(time)s", time=clock) if is_same_day else language.at(outage.start)
    length = language.duration(outage.seconds)
    if outage.cut_off:
        return language.say(
            "down %(at)s, for %(duration)s until the agreed hours ended", at=start, duration=length
        )
    if not outage.recovered:
        return language.say("down %(at)s, seen for %(duration)s", at=start, duration=length)
    return language.say("down %(at)s, for %(duration)s", at=start, duration=length)
