"""Maintenance as calendars (RFC 5545): to subscribe to, or to add one to one's own.

`/maintenance.ics` and `/services/<id>/maintenance.ics` in each language, and `maintenance.ics` beside each notice of a
maintenance that is not over. One event for each maintenance: its `UID` never changes, its `SEQUENCE` counts the
versions that were announced, and `STATUS` is `TENTATIVE` while no line of the register holds the last one: it is not
published yet.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from constat.i18n import Language
from constat.interval import Instant
from constat.model import NoticeText
from constat.page import Page, ShownNotice
from constat.posts import addresses, join_plain_text, permanent

if TYPE_CHECKING:
    from icalendar import Event

LIMIT = 100
"""The most events that a calendar holds: the latest to begin."""

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
"""A calendar without events, so simple that no library need be loaded for it."""


def build_files(page: Page, languages: Mapping[str, Language]) -> dict[str, bytes]:
    """Every calendar of the page by its path."""
    found = [shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "maintenance"]
    written: dict[str, bytes] = {}
    for code in page.settings.languages:
        written |= _of_language(page, found, languages[code])
    return written


def _of_language(page: Page, found: Sequence[ShownNotice], language: Language) -> dict[str, bytes]:
    tree = page.settings.folder(language.code)
    written = {tree + NAME: build_calendar(page, found, language)}
    for service in page.services:
        about = [shown_notice for shown_notice in found if service.id in shown_notice.notice.services]
        name = language.name(service.name)
        written[tree + addresses.service_path(service.id) + NAME] = build_calendar(
            page, about, language, name
        )
    for shown_notice in found:
        if shown_notice.phase != "past":
            written[tree + addresses.notice_path(shown_notice.notice.stem) + NAME] = build_calendar(
                page, [shown_notice], language
            )
    return written


def build_calendar(page: Page, found: Sequence[ShownNotice], language: Language, service: str = "") -> bytes:
    """One calendar of some maintenance, the latest to begin first."""
    title = join_plain_text(language, "%(page)s: maintenance", page=service or page.settings.name)
    maker = f"-//Constat//{page.settings.id}//{language.code.upper()}"
    if not found:
        return _empty(title, maker)
    from icalendar import Calendar, vText  # noqa: PLC0415 -- only a build that has events to write pays for it

    document = Calendar()
    document.add("version", "2.0")
    document.add("prodid", maker)
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        document.add(name, vText(title))  # as text: left to itself, the library does not escape these two
    document.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", "PT1H")
    for shown_notice in found[:LIMIT]:
        document.add_component(_event(page, shown_notice, language))
    data: bytes = document.to_ical()
    return data


def _empty(title: str, maker: str) -> bytes:
    """A calendar without events. RFC 5545 (3.6) asks for at least one component: universal time stands there."""
    return "".join(
        _folded(line) for line in EMPTY.format(title=_escaped(title), maker=maker).splitlines()
    ).encode()


def _escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11), on one line."""
    one_line = " ".join(text.splitlines())
    return one_line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """A line of at most 75 octets with its line break, else several (RFC 5545, 3.1)."""
    written, length = "", 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > LINE_OCTETS:
            written, length = f"{written}\r\n ", 1
        written, length = written + letter, length + octets
    return f"{written}\r\n"


def _event(page: Page, shown_notice: ShownNotice, language: Language) -> "Event":
    from icalendar import Event  # noqa: PLC0415 -- the same

    notice = shown_notice.notice
    text = notice.text_in(language.code)
    changed = _moment(_changed(shown_notice, page.now))
    spoken = {"LANGUAGE": text.lang}
    event = Event()
    event.add("uid", permanent.address(page.settings.id, notice.stem))
    event.add("sequence", _sequence(shown_notice))
    event.add("created", _moment(min((version.at for version in shown_notice.versions), default=page.now)))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", _moment(notice.starts))
    event.add("dtend", _moment(_ends(shown_notice)))
    event.add("summary", _summary(page, shown_notice, text.title, language), parameters=spoken)
    event.add("description", _description(text), parameters=spoken)
    event.add("status", _status(shown_notice))
    event.add("transp", "TRANSPARENT")
    event.add("url", addresses.notice(page.settings, language.code, notice.stem))
    event.add("categories", [page.service_name(name, language.code) for name in notice.services])
    return event


def _description(text: NoticeText) -> str:
    """The announcement; where the first update announces instead, what that says."""
    said = (update.text for update in text.updates if update.state == "scheduled")
    return text.text or next(said, "")


def _summary(page: Page, shown_notice: ShownNotice, title: str, language: Language) -> str:
    names = ", ".join(page.service_name(name, language.code) for name in shown_notice.notice.services)
    return f"{page.settings.name} · {names} · {title}" if names else f"{page.settings.name} · {title}"


def _ends(shown_notice: ShownNotice) -> Instant:
    return shown_notice.notice.starts if shown_notice.notice.ends is None else shown_notice.notice.ends


def _status(shown_notice: ShownNotice) -> str:
    if shown_notice.state == "cancelled":
        return "CANCELLED"
    return "CONFIRMED" if all(version.recorded for version in shown_notice.versions) else "TENTATIVE"


def _sequence(shown_notice: ShownNotice) -> int:
    """How often the event was changed: its versions after the first, the one that no line holds yet included."""
    return max(0, len(shown_notice.versions) - 1)


def _changed(shown_notice: ShownNotice, now: Instant) -> Instant:
    """When the event was last changed: a new version, or an edit of its text."""
    return max(
        [version.at for version in shown_notice.versions] + list(shown_notice.edits.values()), default=now
    )


def _moment(at: Instant) -> datetime:
    return datetime.fromtimestamp(at, UTC)
