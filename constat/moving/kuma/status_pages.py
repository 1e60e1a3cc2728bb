"""The status page to import: which one it is, where it is published, and which of its settings have no place here."""

from collections.abc import Iterator

from constat.errors import UsageError
from constat.moving.kuma.tables import Row, Tables, get_flag, get_text
from constat.moving.model import Finding

_WORDS = ("description", "footer_text")
_SWITCHES = ("custom_css", "google_analytics_tag_id", "analytics_id", "rss_title")


def choose_page(tables: Tables, slug: str) -> Row:
    """The page to import: the one with that slug, else the only one that is published.

    Raises:
        UsageError: there is no such page, or there are several.

    """
    published = [page for page in tables.pages if get_flag(page, "published", otherwise=True)]
    slugs = ", ".join(get_text(page, "slug") for page in published)
    chosen = [page for page in tables.pages if get_text(page, "slug") == slug] if slug else published
    if len(chosen) == 1:
        return chosen[0]
    if slug:
        raise UsageError(f"there is no status page {slug!r}", tip=f"published: {slugs or 'none'}")
    if not tables.pages:
        raise UsageError(
            "the database has no status page: nothing of it is public",
            tip="make one in Uptime Kuma with what may be public, and import again",
        )
    raise UsageError(
        f"the database has {len(published) or 'no'} published status pages",
        tip=f"choose one: --page SLUG{f' ({slugs})' if slugs else ''}",
    )


def find_base_url(tables: Tables, page: Row) -> str:
    """The address of the page: a domain of its own, else that of Kuma; empty where neither is recorded."""
    domains = _list_domains(tables, page)
    if domains:
        return f"https://{domains[0]}/"
    url = str(tables.settings.get("primaryBaseURL") or "")
    return url if url.startswith(("https://", "http://")) and "@" not in url else ""


def _list_domains(tables: Tables, page: Row) -> list[str]:
    own = (row for row in tables.domains if row.get("status_page_id") == page.get("id"))
    return [domain for row in own if (domain := get_text(row, "domain")) and "/" not in domain]


def report_page(tables: Tables, page: Row) -> Iterator[Finding]:
    """Report the texts and settings of the page besides its monitors, and its own domains."""
    place = f"status page {get_text(page, 'slug')}"
    for column in _WORDS:
        if words := get_text(page, column):
            yield Finding(place, f"{column}: {words}", "not imported: put it where it is needed")
    for column in _SWITCHES:
        if get_text(page, column):
            yield Finding(place, column, "not imported")
    for domain in _list_domains(tables, page):
        yield Finding(place, f"its own domain {domain}", "point it to the new page when you move")
