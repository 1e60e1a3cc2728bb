"""The model that every reader of another status page returns.

Nothing here is decided for the owner: services keep the keys that they have in the source, notices name services as
the source does, and texts are Markdown in the source's words. Ids, file names and what the project already has are
the business of the importer (`tasks.importing`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from constat.interval import Instant
from constat.model import Impact, NoticeKind, State
from constat.model.imported import ImportedRow

SourceName = Literal["cstate", "upptime", "statuspage", "kuma"]

SOURCE_TITLES: Final[Mapping[SourceName, str]] = {
    "cstate": "cState",
    "upptime": "Upptime",
    "statuspage": "Statuspage",
    "kuma": "Uptime Kuma",
}
"""The name of each tool, as the tool itself writes it."""


class Finding(NamedTuple):
    """One line of the report: where something was found, what, and what was done with it.

    `place` is a file below the source, with its line where there is one (`content/issues/a.md:3`), or an id of the
    source (`incident 7x3k`, `monitor 12`). No secret and nothing unpublished is ever named in it.
    """

    place: str
    found: str
    done: str


class MovedService(NamedTuple):
    """A service of the source.

    `key`: what the source knows it by, unique; notices and evidence refer to it (a name, a slug, an id). `name` and
    `description` are plain text in the source's language. `suggested_id` is an id that the source itself has, where it
    may become ours (a slug); otherwise the id is made of the name. `checks` are dicts in the form of status.yml
    (`{"name": "home", "kind": "http", "url": ...}`), none where the source checks nothing or no kind of ours does
    the same. `options` are further keys of the service in the form of status.yml (`{"interval": "5m"}`). Services are
    shown in the order of their sequence.
    """

    key: str
    name: str
    suggested_id: str = ""
    group: str = ""
    description: str = ""
    link: str = ""
    checks: Sequence[Mapping[str, Any]] = ()
    options: Mapping[str, Any] = {}


class MovedUpdate(NamedTuple):
    """One post of a notice. Posts of the same time are listed oldest first.

    `at` is `None` only for a closing state: it is over, and the time was not recorded. `services`: as in `MovedNotice`,
    `None` where the source says nothing of them here. `text` is Markdown, below no heading; it may be empty.
    """

    at: Instant | None
    state: State
    text: str = ""
    services: tuple[str, ...] | None = None


class MovedNotice(NamedTuple):
    """A notice of the source.

    `source_id`: its id or the path of its file, unique; it breaks ties between equal file names, and stands in for a
    title without letters. `services`: keys or names of services as the source states them, including those of services
    that no longer exist. `ends` only for maintenance. `text` is the announcement, Markdown. `old_addresses`: where the notice
    was published, as absolute URLs or paths of the site. `place` names the notice in the report. `latest`: the latest time
    that the source gives anywhere for the notice, for an end whose time nobody recorded; `None` where that is one of
    the times above.
    """

    source_id: str
    kind: NoticeKind
    title: str
    starts: Instant
    ends: Instant | None = None
    impact: Impact = "none"
    services: tuple[str, ...] = ()
    text: str = ""
    updates: Sequence[MovedUpdate] = ()
    old_addresses: tuple[str, ...] = ()
    place: str = ""
    latest: Instant | None = None


class MovedSecret(NamedTuple):
    """A secret that the owner has to hand in: `name` as it is declared (`CONSTAT_TOKEN`), and the hosts it goes to."""

    name: str
    hosts: tuple[str, ...]


class MovedEvidence(NamedTuple):
    """The measurements of the source, which become `history/imported/<name>.csv` and `<name>.json` (rule 20).

    `name`: the file's name, `upptime` or `kuma`. `rows` name services by their keys. `source` describes what was read
    (`{"version": ..., "sha256": ... or "commit": ..., "counts": {...}}`): plain values that JSON can hold. `report`: the
    findings about it alone, which are published with it.
    """

    name: str
    rows: Sequence[ImportedRow]
    source: Mapping[str, Any]
    report: Sequence["Finding"] = ()


class Moved(NamedTuple):
    """Everything that one source contains, as its reader understood it.

    `base_url`, `zone` (an IANA name) and `language` are empty where the source does not state them. `services` in
    the order of the source's page. `pictures`: name below `incidents/files/` -> content. `findings` in the order of
    the source. `settings` are further sections of status.yml (`{"monitor": {"confirm": {...}}}`), written only where
    the project has none of its own. `redirects`: further old addresses (absolute, or paths of the site) -> where they lead
    below our page (`feed.rss`); those of notices and their aliases are in the notices.
    """

    source: SourceName
    title: str = ""
    base_url: str = ""
    zone: str = ""
    language: str = ""
    services: Sequence[MovedService] = ()
    notices: Sequence[MovedNotice] = ()
    evidence: Sequence[MovedEvidence] = ()
    secrets: Sequence[MovedSecret] = ()
    pictures: Mapping[str, bytes] = {}
    settings: Mapping[str, Any] = {}
    redirects: Mapping[str, str] = {}
    findings: Sequence[Finding] = ()


def _ignore(_step: str) -> None:
    """Ignore the progress of a reader."""


class ReadRequest(NamedTuple):
    """The request to the reader of a source: `tasks/importing.py` calls `read(request) -> Moved` of the source's module.

    `place`: the folder, file, repository or URL, as it was typed. `maintenance`: notices whose titles match become
    maintenance. `page`: the slug of the status page to import, where a source has several. `environment`: that of child
    processes such as git. `tell` is called with a few words after each step that takes a while.
    """

    place: str
    now: Instant
    maintenance: re.Pattern[str] | None = None
    page: str = ""
    environment: Mapping[str, str] = {}
    tell: Callable[[str], None] = _ignore
