"""The feeds of a site: notices, statements and measured outages, each in its formats."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from constat.feeds.feed import Feed
from constat.feeds.json_feed import write_json_feed
from constat.feeds.stylesheet import EXPLANATION, write_stylesheet
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
"""The maximum number of entries in a feed."""

STYLESHEET = "feed.css"

_HEADERS = {
    "feed": (
        message("%(page)s: service status"),
        message("Incidents and maintenance at %(page)s, as they are posted."),
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
            "Outages detected by our automatic checks, without comment. Updates from our team are in feed.rss."
        ),
    ),
}
"""The title and the description of each feed."""


def build_files(page: Page, languages: Mapping[str, Language]) -> dict[str, bytes]:
    """Every feed of the page, in every language of the page, by path in the site."""
    posts = list_posts(page)
    files: dict[str, bytes] = {}
    for code in page.settings.languages:
        files[page.settings.folder(code) + STYLESHEET] = write_stylesheet(languages[code])
        xml = XmlWriter(page.now)
        formats = {".rss": xml.write_rss, ".atom": xml.write_atom, ".json": write_json_feed}
        for feed, extensions in build_feeds(page, posts, languages[code]):
            files |= {feed.path + extension: formats[extension](feed) for extension in extensions}
    return files


def build_feeds(page: Page, posts: Sequence[Post], language: Language) -> list[tuple[Feed, tuple[str, ...]]]:
    """The feeds of a language, each with the formats it is published in."""
    entries = _Entries(page, language, posts)
    feeds = [
        (_build_full_feed(page, language, entries), (".rss", ".atom", ".json")),
        (_build_maintenance_feed(page, language, entries), (".rss", ".atom")),
    ]
    if language.code == page.settings.languages[0]:
        feeds += [
            (_build_service_feed(page, language, entries, service), (".rss", ".atom"))
            for service in page.services
        ]
        feeds.append((_build_outage_feed(page, language), (".rss",)))
    return feeds


class _Entries:
    """The posts of a page as entries in one language. An entry that is in several feeds is built once."""

    def __init__(self, page: Page, language: Language, posts: Sequence[Post]) -> None:
        self._page, self._language, self._posts = page, language, posts
        self._built: dict[str, Entry] = {}
        self._about: defaultdict[str, list[Post]] = defaultdict(list)
        for post in posts:
            for service in post.shown_notice.every_service:
                self._about[service].append(post)

    def list_newest(self, belongs: Callable[[Post], bool]) -> list[Entry]:
        """The entries of the newest posts that belong to a feed, at most `LIMIT`."""
        return [self._build(post) for post in islice(filter(belongs, self._posts), LIMIT)]

    def list_about(self, service: str) -> list[Entry]:
        """The entries of the newest posts for subscribers of a service, including those of notices that named it at another time."""
        return [self._build(post) for post in self._about.get(service, [])[:LIMIT]]

    def _build(self, post: Post) -> Entry:
        if post.id not in self._built:
            self._built[post.id] = build_notice_entry(self._page, post, self._language)
        return self._built[post.id]


def _build_full_feed(page: Page, language: Language, entries: _Entries) -> Feed:
    """All posts, and the frozen statements."""
    statements = [build_statement_entry(page, month, language) for month in list_frozen_months(page)[:LIMIT]]
    both = [*statements, *entries.list_newest(lambda _: True)]
    newest = sorted(both, key=lambda entry: entry.published, reverse=True)[:LIMIT]
    return _build_feed(
        page, language, _build_path(page, language, "feed"), _write_header(page, language, "feed"), newest
    )


def _build_maintenance_feed(page: Page, language: Language, entries: _Entries) -> Feed:
    header = _write_header(page, language, "maintenance")
    planned = entries.list_newest(lambda post: post.shown_notice.notice.kind == "maintenance")
    return _build_feed(page, language, _build_path(page, language, "maintenance"), header, planned)


def _build_path(page: Page, language: Language, name: str) -> str:
    return page.settings.folder(language.code) + name


def _build_service_feed(page: Page, language: Language, entries: _Entries, service: ShownService) -> Feed:
    header = _write_header(page, language, "service", language.name(service.name))
    path = addresses.service_path(service.id) + "feed"
    return _build_feed(page, language, path, header, entries.list_about(service.id))


def _build_outage_feed(page: Page, language: Language) -> Feed:
    entries = [build_outage_entry(page, moment, language) for moment in list_outage_moments(page)[:LIMIT]]
    return _build_feed(page, language, "outages", _write_header(page, language, "outages"), entries)


def _write_header(page: Page, language: Language, name: str, service: str = "") -> tuple[str, str]:
    """The title and the description of a feed."""
    title, description = _HEADERS[name]
    values = {"page": page.settings.name, "service": service}
    return join_plain_text(language, title, **values), join_plain_text(language, description, **values)


def _build_feed(
    page: Page, language: Language, path: str, header: tuple[str, str], entries: Iterable[Entry]
) -> Feed:
    settings = page.settings
    return Feed(
        id=permanent.tag(settings.id, "feeds", *path.split("/")),
        path=path,
        title=header[0],
        description=header[1],
        language=language.code,
        author=settings.name,
        address=settings.home(settings.languages[0]),
        home=settings.home(language.code),
        stylesheet="../" * path.count("/") + settings.folder(language.code) + STYLESHEET,
        explanation=join_plain_text(language, EXPLANATION),
        entries=tuple(entries),
    )
