"""A site of cState as a whole: configuration, issues, and everything else in its content."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from constat.moving.cstate.issues import IssueContext, read_issue
from constat.moving.cstate.site_settings import SiteSettings, read_settings
from constat.moving.model import Finding, Moved, MovedNotice
from constat.moving.old_links import join_site
from constat.moving.pictures import PictureShelf

CONFIG_NAMES: Final = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("config", "hugo")
    for suffix in ("yml", "yaml", "toml", "json")
)
"""The files in which Hugo looks for its configuration, in the order in which we look."""

ISSUES: Final = "content/issues/"
_PAGES: Final = (".md", ".markdown")
_IGNORED: Final = ("_index.md", ".tpl", ".gitkeep")
_LIKE_MAINTENANCE: Final = re.compile(r"maintenance|planned|scheduled|upgrade|migration", re.IGNORECASE)


class SiteFiles(NamedTuple):
    """The files of a site. `texts`: the content by path, decoded; `read`: gives the bytes of any other file, `None` if it is not there."""

    config_name: str
    config: str
    texts: Mapping[str, str]
    read: Callable[[str], bytes | None]


@dataclass(slots=True)
class _Site:
    files: SiteFiles
    settings: SiteSettings
    shelf: PictureShelf
    findings: list[Finding] = field(default_factory=list)

    def place_picture(self, path: str, target: str) -> str | None:
        """Keep a picture of the site, and return its path below `incidents/`; `None` where it is not found."""
        for candidate in self._locate(path, target):
            name = self.shelf.keep(candidate, self.files.read)
            if name:
                return name
        return None

    def _locate(self, path: str, target: str) -> tuple[str, ...]:
        """The paths at which a picture may be in the site: Hugo serves `static/` at its root, and files beside a page with it."""
        base = self.settings.base_url.rstrip("/")
        local = target.removeprefix(base) if base and target.startswith(f"{base}/") else target
        split = urlsplit(local)
        if split.scheme or split.netloc or ".." in split.path.split("/"):
            return ()
        inner = unquote(split.path)
        root = urlsplit(base).path.rstrip("/")
        if inner.startswith("/"):
            bare = inner.removeprefix(root) if root and inner.startswith(f"{root}/") else inner
            return (f"static{bare}", f"content{bare}", f"assets{bare}")
        folder = path.rpartition("/")[0]
        return (f"{folder}/{inner}", f"static/{inner}", f"static/issues/{inner}")


def read_site(files: SiteFiles, maintenance: re.Pattern[str] | None) -> Moved:
    """Read a site.

    Raises:
        InputError: its configuration is not valid YAML.
        ValueError: its configuration is not valid TOML or JSON.

    """
    settings = read_settings(files.config_name, files.config) if files.config_name else SiteSettings()
    site = _Site(files, settings, PictureShelf(), list(settings.findings))
    if not files.config_name:
        site.findings.append(
            Finding("config.yml", "no configuration", "no services, and times without an offset read as UTC")
        )
    notices = _read_issues(site, maintenance)
    site.findings += _count_candidates(notices, maintenance)
    return Moved(
        source="cstate",
        title=settings.title,
        base_url=settings.base_url,
        zone=settings.zone_name,
        language=settings.language,
        services=settings.services,
        notices=notices,
        pictures=site.shelf.kept,
        redirects=_list_redirects(settings),
        findings=site.findings,
    )


def _read_issues(site: _Site, maintenance: re.Pattern[str] | None) -> list[MovedNotice]:
    context = IssueContext(site.settings, maintenance, site.place_picture)
    notices = []
    for path, text in sorted(site.files.texts.items()):
        if path.endswith(_IGNORED) and path.startswith(ISSUES):
            continue
        if path.startswith(ISSUES) and path.endswith(_PAGES):
            read = read_issue(path, text, context)
            site.findings += read.findings
            notices += [read.notice] if read.notice else []
        else:
            site.findings.append(Finding(path, "a page that is not an issue", "not imported"))
    return notices


def _count_candidates(notices: list[MovedNotice], maintenance: re.Pattern[str] | None) -> list[Finding]:
    like = [notice for notice in notices if _LIKE_MAINTENANCE.search(notice.title)]
    if maintenance:
        count = sum(notice.kind == "maintenance" for notice in notices)
        return [Finding(ISSUES, f"{count} titles that match --maintenance", "imported as maintenance")]
    if not like:
        return []
    found = f"{len(like)} of {len(notices)} titles look like maintenance, which cState does not have"
    done = f"imported as incidents; --maintenance '{_LIKE_MAINTENANCE.pattern}' makes them maintenance"
    return [Finding(ISSUES, found, done)]


def _list_redirects(settings: SiteSettings) -> Mapping[str, str]:
    """The addresses of the site itself: its feeds, its archive, the pages of its systems (by their keys)."""
    base = settings.base_url
    return {
        (join_site(base, path) or path): target
        for path, target in (("/index.xml", "feed.rss"), ("/issues/index.xml", "feed.rss"), ("/issues/", ""))
    }
