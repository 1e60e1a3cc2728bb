"""Which feeds there are: what was posted, what was measured, what was frozen, each in its formats."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from constat.feeds.feed import Feed
from constat.feeds.json_feed import write_json_feed
from constat.feeds.stylesheet import WHAT_THIS_IS, write_stylesheet
from constat.feeds.xml import XmlWriter
from constat.i18n import Language, message
from constat.page import Page, ShownService
from constat.posts import (
    Entry,
    Post,
    addresses,
    build_notice_entry,
    build_outage_entry,
    build_statement_entry,
    join_plain_text,
    list_frozen_months,
    list_outage_moments,
    list_posts,
    permanent,
)

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


def build_files(page: Page, languages: Mapping[str, Language]) -> dict[str, bytes]:
    """Every feed of the page by its path, in every language of the page."""
    posts = list_posts(page)
    written: dict[str, bytes] = {}
    for code in page.settings.languages:
        written[page.settings.folder(code) + STYLESHEET] = write_stylesheet(languages[code])
        xml = XmlWriter(page.now)
        formats = {".rss": xml.rss, ".atom": xml.atom, ".json": write_json_feed}
        for feed, extensions in build_feeds(page, posts, languages[code]):
            written |= {feed.path + extension: formats[extension](feed) for extension in extensions}
    return written


def build_feeds(page: Page, posts: Sequence[Post], language: Language) -> list[tuple[Feed, tuple[str, ...]]]:
    """The feeds of a language, each with the formats it is published in."""
    entries = _Entries(page, language, posts)
    feeds = [
        (_of_all(page, language, entries), (".rss", ".atom", ".json")),
        (_of_maintenance(page, language, entries), (".rss", ".atom")),
    ]
    if language.code == page.settings.languages[0]:
        feeds += [
            (_of_service(page, language, entries, service), (".rss", ".atom")) for service in page.services
        ]
        feeds.append((_of_outages(page, language), (".rss",)))
    return feeds


class _Entries:
    """What was posted, as entries in one language. One that stands in several feeds is put into words once."""

    def __init__(self, page: Page, language: Language, posts: Sequence[Post]) -> None:
        self._page, self._language, self._posts = page, language, posts
        self._worded: dict[str, Entry] = {}

    def newest(self, belongs: Callable[[Post], bool]) -> list[Entry]:
        """The entries of the newest posts that belong to a feed, as many as it may hold."""
        return [self._entry(post) for post in islice(filter(belongs, self._posts), LIMIT)]

    def _entry(self, post: Post) -> Entry:
        if post.id not in self._worded:
            self._worded[post.id] = build_notice_entry(self._page, post, self._language)
        return self._worded[post.id]


def _of_all(page: Page, language: Language, entries: _Entries) -> Feed:
    """What was posted, and the statements that were frozen."""
    stated = [build_statement_entry(page, month, language) for month in list_frozen_months(page)[:LIMIT]]
    both = [*stated, *entries.newest(lambda _: True)]
    newest = sorted(both, key=lambda entry: entry.published, reverse=True)[:LIMIT]
    return _feed(page, language, _path(page, language, "feed"), _words(page, language, "feed"), newest)


def _of_maintenance(page: Page, language: Language, entries: _Entries) -> Feed:
    words = _words(page, language, "maintenance")
    planned = entries.newest(lambda post: post.shown.notice.kind == "maintenance")
    return _feed(page, language, _path(page, language, "maintenance"), words, planned)


def _path(page: Page, language: Language, name: str) -> str:
    return page.settings.folder(language.code) + name


def _of_service(page: Page, language: Language, entries: _Entries, service: ShownService) -> Feed:
    words = _words(page, language, "service", language.name(service.name))
    about = entries.newest(lambda post: post.concerns(service.id))
    return _feed(page, language, addresses.service_path(service.id) + "feed", words, about)


def _of_outages(page: Page, language: Language) -> Feed:
    entries = [build_outage_entry(page, moment, language) for moment in list_outage_moments(page)[:LIMIT]]
    return _feed(page, language, "outages", _words(page, language, "outages"), entries)


def _words(page: Page, language: Language, name: str, service: str = "") -> tuple[str, str]:
    title, description = WORDS[name]
    values = {"page": page.settings.name, "service": service}
    return join_plain_text(language, title, **values), join_plain_text(language, description, **values)


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
        address=settings.home(settings.languages[0]),
        home=settings.home(language.code),
        stylesheet="../" * path.count("/") + settings.folder(language.code) + STYLESHEET,
        explanation=join_plain_text(language, WHAT_THIS_IS),
        entries=tuple(entries),
    )
