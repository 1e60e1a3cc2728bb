"""Feeds: what was posted and what was measured, for programs that fetch (DESIGN 8).

`/feed.rss`, `.atom`, `.json` and `/maintenance.rss`, `.atom` for each language; `/services/<id>/feed.rss`, `.atom` and
`/outages.rss` in the first.
"""

from collections.abc import Iterable, Mapping, Sequence

from constat.feeds.entry import Category, Entry, Feed
from constat.feeds.json_feed import json_feed
from constat.feeds.notices import notice_entry
from constat.feeds.outages import outage_entry
from constat.feeds.statements import frozen_months, statement_entry, statement_id
from constat.feeds.stylesheet import WHAT_THIS_IS, stylesheet
from constat.feeds.xml import WRITERS
from constat.interval import Instant
from constat.page import Page, ShownService
from constat.posts import Post, addresses, outage_moments, permanent, plain, posts
from constat.words import Language, message

__all__ = [
    "LIMIT",
    "Category",
    "Entry",
    "Feed",
    "feeds",
    "files",
    "frozen_months",
    "notice_entry",
    "outage_entry",
    "statement_entry",
    "statement_id",
]

LIMIT = 100
"""The most entries that a feed holds."""

STYLESHEET = "feed.css"

WORDS = {
    "feed": (
        message("%(page)s: service status"),
        message("Incidents and maintenance at %(page)s, as the news come in."),
    ),
    "maintenance": (
        message("%(page)s: maintenance"),
        message("Planned and current maintenance at %(page)s."),
    ),
    "service": (
        message("%(page)s: %(service)s"),
        message("Incidents and maintenance that concern %(service)s."),
    ),
    "outages": (
        message("%(page)s: measured outages"),
        message(
            "Outages seen by our automatic checks, without a word from people. News from our team are in feed.rss."
        ),
    ),
}
"""What each feed is called and says of itself."""


def files(page: Page, languages: Mapping[str, Language]) -> dict[str, bytes]:
    """Every feed of the page by its path, in every language of the page."""
    said = posts(page)
    written: dict[str, bytes] = {}
    for code in page.settings.languages:
        written[addresses.tree(page.settings, code) + STYLESHEET] = stylesheet(languages[code])
        for feed, extensions in feeds(page, said, languages[code]):
            written |= _written(feed, extensions, page.now)
    return written


def _written(feed: Feed, extensions: Iterable[str], now: Instant) -> dict[str, bytes]:
    return {
        feed.path + extension: json_feed(feed) if extension == ".json" else WRITERS[extension](feed, now)
        for extension in extensions
    }


def feeds(page: Page, said: Sequence[Post], language: Language) -> list[tuple[Feed, tuple[str, ...]]]:
    """The feeds of a language, each with the formats it is published in."""
    maintenance = [post for post in said if post.shown.notice.kind == "maintenance"]
    found = [
        (_of_all(page, language, said), (".rss", ".atom", ".json")),
        (_of_maintenance(page, language, maintenance), (".rss", ".atom")),
    ]
    if language.code == page.settings.languages[0]:
        found += [
            (_of_service(page, language, said, service), (".rss", ".atom")) for service in page.services
        ]
        found.append((_of_outages(page, language), (".rss",)))
    return found


def _of_all(page: Page, language: Language, said: Sequence[Post]) -> Feed:
    """What was posted, and the statements that were frozen."""
    stated = [statement_entry(page, month, language) for month in frozen_months(page)[:LIMIT]]
    entries = [*stated, *_entries(page, language, said)]
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)[:LIMIT]
    return _feed(page, language, _path(page, language, "feed"), _words(page, language, "feed"), newest)


def _of_maintenance(page: Page, language: Language, said: Sequence[Post]) -> Feed:
    words = _words(page, language, "maintenance")
    return _feed(page, language, _path(page, language, "maintenance"), words, _entries(page, language, said))


def _path(page: Page, language: Language, name: str) -> str:
    return addresses.tree(page.settings, language.code) + name


def _of_service(page: Page, language: Language, said: Sequence[Post], service: ShownService) -> Feed:
    words = _words(page, language, "service", language.name(service.name))
    about = [post for post in said if post.concerns(service.id)]
    return _feed(page, language, f"services/{service.id}/feed", words, _entries(page, language, about))


def _of_outages(page: Page, language: Language) -> Feed:
    entries = [outage_entry(page, told, language) for told in outage_moments(page)[:LIMIT]]
    return _feed(page, language, "outages", _words(page, language, "outages"), entries)


def _words(page: Page, language: Language, name: str, service: str = "") -> tuple[str, str]:
    title, description = WORDS[name]
    values = {"page": page.settings.name, "service": service}
    return plain(language, title, **values), plain(language, description, **values)


def _entries(page: Page, language: Language, said: Sequence[Post]) -> list[Entry]:
    return [notice_entry(page, post, language) for post in said[:LIMIT]]


def _feed(
    page: Page, language: Language, path: str, words: tuple[str, str], entries: Iterable[Entry]
) -> Feed:
    settings = page.settings
    return Feed(
        id=permanent.tag(settings.id, "feeds", *path.split("/")),
        path=path,
        title=words[0],
        description=words[1],
        language=language.code,
        author=settings.name,
        address=addresses.home(settings, settings.languages[0]),
        home=addresses.home(settings, language.code),
        stylesheet="../" * path.count("/") + addresses.tree(settings, language.code) + STYLESHEET,
        explanation=plain(language, WHAT_THIS_IS),
        entries=tuple(entries),
    )
