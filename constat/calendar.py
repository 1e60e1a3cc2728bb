"""Maintenance as calendars (RFC 5545): to subscribe to, or to add a single one to a calendar.

`/maintenance.ics` and `/services/<id>/maintenance.ics` in each language, and `maintenance.ics` beside each notice of a
maintenance that is not over. Each maintenance is one event: its `UID` never changes, its `SEQUENCE` counts the announced
versions, and its `STATUS` is `TENTATIVE` until its last version is recorded in the register, which means published.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from constat.i18n import Language
from constat.interval import Instant
from constat.model import NoticeText
from constat.page import Page, ShownNotice
from constat.posts import addresses, join_plain_text, permanent
from constat.text.published import as_plain_text

if TYPE_CHECKING:
    from icalendar import Event

LIMIT = 100
"""The maximum number of events in a calendar; those that start last are kept."""

REFRESH = timedelta(hours=1)
NAME = "maintenance.ics"
LINE_OCTETS = 75
EMPTY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:{maker}
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:{title}
X-WR-CALNAME:{title}
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Etc/UTC
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0000
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""
"""A calendar without events, written without loading the library."""


def build_files(page: Page, languages: Mapping[str, Language]) -> dict[str, bytes]:
    """Every calendar of the page, in every language of the page, by path in the site."""
    maintenances = [
        shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "maintenance"
    ]
    files: dict[str, bytes] = {}
    for code in page.settings.languages:
        files |= _build_language(page, maintenances, languages[code])
    return files


def _build_language(page: Page, maintenances: Sequence[ShownNotice], language: Language) -> dict[str, bytes]:
    """The calendars in one language: of everything, of each service, of each maintenance that is not over."""
    folder = page.settings.folder(language.code)
    files = {folder + NAME: build_calendar(page, maintenances, language)}
    for service in page.services:
        path = folder + addresses.service_path(service.id) + NAME
        own = [maintenance for maintenance in maintenances if service.id in maintenance.notice.services]
        files[path] = build_calendar(page, own, language, language.name(service.name))
    for maintenance in maintenances:
        if maintenance.phase != "past":
            path = folder + addresses.notice_path(maintenance.notice.stem) + NAME
            files[path] = build_calendar(page, [maintenance], language)
    return files


def build_calendar(
    page: Page, maintenances: Sequence[ShownNotice], language: Language, service: str = ""
) -> bytes:
    """A calendar of some maintenances, which must be sorted latest start first. `service`: the name for its title."""
    about = service or page.settings.name
    title = as_plain_text(join_plain_text(language, "%(page)s: maintenance", page=about))
    maker = f"-//Constat//{page.settings.id}//{language.code.upper()}"
    if not maintenances:
        return _build_empty_calendar(title, maker)
    from icalendar import Calendar, vText  # noqa: PLC0415 -- heavy, and only needed for calendars with events

    document = Calendar()
    document.add("version", "2.0")
    document.add("prodid", maker)
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        document.add(name, vText(title))  # by default the library does not escape these two
    document.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", "PT1H")
    for maintenance in maintenances[:LIMIT]:
        document.add_component(_build_event(page, maintenance, language))
    data: bytes = document.to_ical()
    return data


def _build_empty_calendar(title: str, maker: str) -> bytes:
    """A calendar without events. RFC 5545 (3.6) requires at least one component, so it has a time zone, UTC."""
    return "".join(
        _fold(line) for line in EMPTY.format(title=_escape(title), maker=maker).splitlines()
    ).encode()


def _escape(text: str) -> str:
    """Escape a text for a property value (RFC 5545, 3.3.11), on one line."""
    one_line = " ".join(text.splitlines())
    return one_line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _fold(line: str) -> str:
    """Fold a line into lines of at most 75 octets (RFC 5545, 3.1)."""
    folded, length = "", 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > LINE_OCTETS:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + letter, length + octets
    return f"{folded}\r\n"


def _build_event(page: Page, shown_notice: ShownNotice, language: Language) -> "Event":
    from icalendar import Event  # noqa: PLC0415 -- as above

    notice = shown_notice.notice
    text = notice.text_in(language.code)
    changed = _convert_instant(_find_last_change(shown_notice, page.now))
    parameters = {"LANGUAGE": text.lang}
    event = Event()
    event.add("uid", permanent.address(page.settings.id, notice.stem))
    event.add("sequence", _count_changes(shown_notice))
    event.add(
        "created", _convert_instant(min((version.at for version in shown_notice.versions), default=page.now))
    )
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", _convert_instant(notice.starts))
    event.add("dtend", _convert_instant(_get_end(shown_notice)))
    event.add("summary", _write_summary(page, shown_notice, text.title, language), parameters=parameters)
    event.add("description", _write_description(text), parameters=parameters)
    event.add("status", _map_status(shown_notice))
    event.add("transp", "TRANSPARENT")
    event.add("url", addresses.notice(page.settings, language.code, notice.stem))
    names = (page.service_name(name, language.code) for name in notice.services)
    event.add("categories", [as_plain_text(name) for name in names])
    return event


def _write_description(text: NoticeText) -> str:
    """The text of the announcement, or else of the first update that announces it."""
    announcements = (update.text for update in text.updates if update.state == "scheduled")
    return as_plain_text(text.text or next(announcements, ""))


def _write_summary(page: Page, shown_notice: ShownNotice, title: str, language: Language) -> str:
    names = ", ".join(page.service_name(name, language.code) for name in shown_notice.notice.services)
    return as_plain_text(" · ".join(filter(None, (page.settings.name, names, title))))


def _get_end(shown_notice: ShownNotice) -> Instant:
    return shown_notice.notice.starts if shown_notice.notice.ends is None else shown_notice.notice.ends


def _map_status(shown_notice: ShownNotice) -> str:
    if shown_notice.state == "cancelled":
        return "CANCELLED"
    return "CONFIRMED" if all(version.recorded for version in shown_notice.versions) else "TENTATIVE"


def _count_changes(shown_notice: ShownNotice) -> int:
    """Count how often the event was changed: its versions after the first, including one that is not recorded yet."""
    return max(0, len(shown_notice.versions) - 1)


def _find_last_change(shown_notice: ShownNotice, now: Instant) -> Instant:
    """The time of the last change of an event: a new version, or an edit of its text."""
    return max(
        [version.at for version in shown_notice.versions] + list(shown_notice.edits.values()), default=now
    )


def _convert_instant(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)
