"""Permanent names: `tag:` URIs (RFC 4151) for feed entries, and what calendars and mail derive from them.

They are built on `page.id`, the stem of a notice and a time, and on nothing that may change: not the text, not the
title, not the address of the page. The date of a tag is the fixed year of this scheme: the only date that every entry
has, that is never in the future and never changes (decision 8).
"""

from urllib.parse import quote, unquote

from constat.interval import Instant, format_instant

SCHEME_YEAR = "2026"
_ALLOWED = "/:;=@!$&'()*+,~"
"""The characters of a tag's specific part besides letters, digits and `-._` (RFC 4151 2.1, RFC 3986 `pchar` and `/`)."""

_ATOM = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def tag(page_id: str, *parts: str) -> str:
    """The permanent URI of something on a page: `tag:maxony,2026:2026-12-01-smtp-relay/2026-12-01T21:03:00Z`."""
    specific = "/".join(quote(part, safe=_ALLOWED.replace("/", "")) for part in parts)
    return f"tag:{quote(page_id, safe='@')},{SCHEME_YEAR}:{specific}"


def stem_of(page_id: str, name: str) -> str:
    """The stem of the notice that a name belongs to; for any other name, a text that is not the stem of a notice."""
    return unquote(name.removeprefix(tag(page_id, "")).partition("/")[0])


def of_update(page_id: str, stem: str, place: str) -> str:
    """The URI of one update of a notice, by its place (`constat.register.list_places`)."""
    return tag(page_id, stem, place)


def of_announcement(page_id: str, stem: str) -> str:
    """The URI of the announcement, which is the text of a notice before its first update."""
    return tag(page_id, stem)


def of_reminder(page_id: str, stem: str, starts: Instant, before_s: int) -> str:
    """The URI of a reminder, `before_s` seconds ahead of a window; a window that was moved gets new reminders."""
    return tag(page_id, stem, "reminder", format_instant(starts), f"{before_s}s")


def of_forgotten(page_id: str, stem: str, changed: Instant) -> str:
    """The URI of the alert about an incident that nobody has closed since its last update."""
    return tag(page_id, stem, "forgotten", format_instant(changed))


def of_outage(page_id: str, service: str, start: Instant, moment: str) -> str:
    """The URI of a measured outage's `start` or `end`."""
    return tag(page_id, "outages", service, format_instant(start), moment)


def of_statement(page_id: str, month: str, sha256: str) -> str:
    """The URI of a frozen statement; one that supersedes another has another hash."""
    return tag(page_id, "statements", month, sha256)


def address(page_id: str, stem: str) -> str:
    """The name of a notice in the form of a mail address, for the `UID` of a calendar's event (RFC 5545)."""
    return f"{quote(stem, safe='')}@{quote(page_id, safe='.')}.constat"


def local_part(name: str) -> str:
    """A `tag:` URI as the left side of a `Message-ID` (RFC 5322 `dot-atom-text`): a character that is not allowed there becomes `=XX`."""
    kept = "".join(letter if letter in _ATOM else f"={ord(letter):02X}" for letter in name)
    return ".".join(filter(None, kept.split(".")))
