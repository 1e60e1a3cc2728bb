"""What we measured, as feed entries: one when an outage begins, one when it is over. Nobody wrote these."""

from collections.abc import Iterator
from html import escape
from typing import Literal

from constat.feeds.entry import Category, Entry
from constat.interval import Instant
from constat.model import Outage
from constat.page import Page, ShownService
from constat.posts import addresses, moment, permanent, plain
from constat.words import Language, message

Moment = Literal["start", "end"]


def outage_entries(page: Page, language: Language) -> list[Entry]:
    """Every outage of the shown days, newest first."""
    found = [entry for service in page.services for entry in _of_service(page, service, language)]
    return sorted(found, key=lambda entry: (entry.published, entry.id), reverse=True)


def _of_service(page: Page, service: ShownService, language: Language) -> Iterator[Entry]:
    """The end is told only where the service was seen to work again: silence is not recovery."""
    for outage in service.figures.outages:
        yield _entry(page, service, language, outage, "start")
        if outage.recovered:
            yield _entry(page, service, language, outage, "end")


def _entry(page: Page, service: ShownService, language: Language, outage: Outage, what: Moment) -> Entry:
    name = language.name(service.name)
    word, title, text = _words(language, name, outage, what)
    reason = f"<p><code>{escape(outage.reason)}</code></p>" if outage.reason else ""
    at: Instant = outage.start if what == "start" else outage.end
    return Entry(
        id=permanent.of_outage(page.settings.id, service.id, outage.start, what),
        title=title,
        link=addresses.service(page.settings, language.code, service.id),
        html=f"<p>{escape(text)}</p>{reason}",
        text="\n\n".join(filter(None, (text, outage.reason))),
        published=at,
        updated=at,
        language=language.code,
        categories=(Category(service.id, name), Category(what, word)),
    )


def _words(language: Language, name: str, outage: Outage, what: Moment) -> tuple[str, str, str]:
    """A word, a title and a sentence for the beginning or the end of an outage."""
    since = moment(language, outage.start)
    if what == "start":
        text = message("%(service)s: down since %(since)s, as seen by our automatic checks.")
        return (
            plain(language, "Down"),
            plain(language, "[Down] %(service)s", service=name),
            plain(language, text, service=name, since=since),
        )
    lasted = language.duration(outage.seconds)
    text = message(
        "%(service)s: working again. Down since %(since)s, for %(duration)s, as seen by our automatic checks."
    )
    return (
        plain(language, "Working again"),
        plain(language, "[Working again] %(service)s, after %(duration)s", service=name, duration=lasted),
        plain(language, text, service=name, since=since, duration=lasted),
    )
