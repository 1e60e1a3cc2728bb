"""The history of each site of a repository: the looks at it, and when its record ended."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.interval import Instant
from constat.model import Outcome
from constat.model.imported import ImportedRow
from constat.moving.looks import Look, write_changes, write_samples
from constat.moving.upptime.site_config import DEFAULT_INTERVAL_S, SiteConfig, Table, get_word
from constat.moving.upptime.versions import LEFTOVER_AFTER_S, CommittedFile, Version

FOLDER = "history/"
_SUFFIX = ".yml"


class DatedConfig(NamedTuple):
    """A version of the configuration, in force since a commit."""

    since: Instant
    config: SiteConfig


class _Seen(NamedTuple):
    version: Version
    committed: Instant


@dataclass(slots=True)
class SlugHistory:
    """The looks at one site, by their time, and the versions that were not looks.

    `leftovers`: times of versions that the template brought; `unreadable`: versions by their fault; `conflicts`: versions
    that contradict another version of the same time. `ends`: when its file was removed. `newest_url`: the time of the
    latest look, and the address that it looked at.
    """

    seen: dict[Instant, _Seen] = field(default_factory=dict)
    leftovers: set[Instant] = field(default_factory=set)
    unreadable: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    ends: list[Instant] = field(default_factory=list)
    newest_url: tuple[Instant, str] = (0, "")

    def add(self, file: CommittedFile, version: Version, url: str) -> None:
        """Add a version as a look at an address, unless it came with the template, before this site was checked."""
        if not file.speaks and file.committed - version.at > LEFTOVER_AFTER_S:
            self.leftovers.add(version.at)
            return
        self.newest_url = max(self.newest_url, (version.at, url))
        known = self.seen.get(version.at)
        if known is None or file.committed < known.committed:
            self.seen[version.at] = _Seen(version, file.committed)
        if known is not None and known.version != version:
            self.conflicts += 1

    @property
    def only_leftovers(self) -> set[Instant]:
        """The times of versions that only the template brought."""
        return self.leftovers - self.seen.keys()


def find_slug(path: str) -> str:
    """The slug of a file of the history; empty for any other file."""
    name = path.removeprefix(FOLDER).removesuffix(_SUFFIX)
    return name if path == f"{FOLDER}{name}{_SUFFIX}" and "/" not in name else ""


def _match_sites(sites: Mapping[str, Table], urls: Mapping[str, str]) -> dict[str, Table]:
    """Match sites to the slugs of their files: the slug itself, else a file with the same letters or the same address."""
    free = urls.keys() - sites.keys()
    matched: dict[str, Table] = {}
    for slug, site in sites.items():
        file_slug = slug
        if slug not in urls and not get_word(site, "slug"):
            address = get_word(site, "url")
            same = sorted(other for other in free if other.replace("-", "") == slug.replace("-", ""))
            same += sorted(other for other in free if address and urls[other] == address)
            file_slug = same[0] if same else slug
            free -= {file_slug}
        matched[file_slug] = site
    return matched


class SiteHistory:
    """Everything that the history says, filled version by version.

    `configs`: the readable versions of the configuration, oldest first; one that cannot be read changes nothing.
    """

    def __init__(self, configs: Sequence[DatedConfig]) -> None:
        self.configs = [dated for dated in configs if dated.config.readable]
        self.slugs: dict[str, SlugHistory] = {}
        self._times = [dated.since for dated in self.configs]

    def get(self, slug: str) -> SlugHistory:
        """The history of a site, empty at first."""
        return self.slugs.setdefault(slug, SlugHistory())

    @property
    def newest(self) -> SiteConfig | None:
        """The configuration as it is now."""
        return self.configs[-1].config if self.configs else None

    def match_sites(self) -> None:
        """Give every configured site the slug of its file, where our slug of its name differs from the one that Upptime made."""
        urls = {slug: site.newest_url[1] for slug, site in self.slugs.items() if site.seen}
        self.configs = [
            dated._replace(config=dated.config._replace(sites=_match_sites(dated.config.sites, urls)))
            for dated in self.configs
        ]

    def find_interval(self, committed: Instant) -> int:
        """Find the seconds between looks at sites at the time when a version was committed."""
        index = bisect_right(self._times, committed) - 1
        return self.configs[index].config.interval_s if index >= 0 else DEFAULT_INTERVAL_S

    def find_ends(self, slug: str) -> list[Instant]:
        """The times at which the record of a site ended: its file was removed, or the site left the configuration."""
        ends = list(self.get(slug).ends)
        was_there = False
        for since, config in self.configs:
            is_there = slug in config.sites
            if was_there and not is_there:
                ends.append(since)
            was_there = is_there
        return sorted(set(ends))

    def find_names(self) -> Mapping[str, str]:
        """The latest name of every site that any configuration had, by slug."""
        names: dict[str, str] = {}
        for _, config in self.configs:
            for slug, site in config.sites.items():
                name = site.get("name")
                if isinstance(name, str) and name.strip():
                    names[slug] = name.strip()
        return names

    def list_looks(self, slug: str) -> list[Look]:
        """The looks at a site, oldest first."""
        seen = self.get(slug).seen
        return [self._write_look(seen[at]) for at in sorted(seen)]

    def _write_look(self, seen: _Seen) -> Look:
        version = seen.version
        is_down = version.outcome is Outcome.DOWN
        latency = version.response_ms if version.response_ms and not is_down else None
        reason = (f"status {version.code}" if version.code else "no answer") if is_down else ""
        return Look(version.at, version.outcome, self.find_interval(seen.committed), latency, reason)

    def write_rows(self, slug: str) -> Iterator[ImportedRow]:
        """Write the looks at a site as samples, and also the time from one recorded change to the next."""
        looks = self.list_looks(slug)
        yield from write_samples(slug, looks)
        ends = self.find_ends(slug)
        parts: dict[int, list[Look]] = {}
        for look in looks:
            parts.setdefault(bisect_right(ends, look.at - 1), []).append(look)
        for part in parts.values():
            yield from write_changes(slug, part, None)
