"""Notices as files: front matter with every text quoted, times in UTC, and the words of the source."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from constat.interval import format_instant
from constat.moving.model import MovedNotice, MovedUpdate
from constat.moving.sequence import join
from constat.moving.titles import make_title
from constat.notices import markup
from constat.notices.drafting import make_slug, make_stem

_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~!&])")
_NOTHING_LEFT: Final = "notice"
"""What `make_slug` returns for a title without a letter of a-z or a digit."""


class Named(NamedTuple):
    """The services that a source names: ids of `status.yml`, and names that no service has."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


class ServiceNames(NamedTuple):
    """Finds the service that a source's name means: by key or name as written, else in any case, else by `--map`."""

    ids: Mapping[str, str]
    folded: Mapping[str, str]

    @classmethod
    def of(cls, ids: Mapping[str, str]) -> "ServiceNames":
        """Take names and keys -> id; of names that differ only in case, the first counts."""
        folded: dict[str, str] = {}
        for name, service in ids.items():
            folded.setdefault(_fold(name), service)
        return cls(ids, folded)

    def find(self, names: Sequence[str]) -> Named:
        """Find the services of some names, each once, in their order."""
        found = [(name, self.ids.get(name) or self.folded.get(_fold(name))) for name in names]
        ids = dict.fromkeys(service for _, service in found if service)
        return Named(tuple(ids), tuple(dict.fromkeys(name for name, service in found if not service)))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def make_stems(notices: Sequence[MovedNotice], taken: Collection[str]) -> Mapping[str, str]:
    """Make the name of each notice's file (source id -> stem): the day of its start in UTC, and words of its title."""
    used = set(taken)
    stems: dict[str, str] = {}
    for notice in sorted(notices, key=lambda each: (each.starts, each.source_id)):
        day = datetime.fromtimestamp(notice.starts, UTC).date().isoformat()
        stem = make_stem(day, _name_words(notice), used)
        used.add(stem)
        stems[notice.source_id] = stem
    return stems


def _name_words(notice: MovedNotice) -> str:
    title = make_title(notice.title).text
    if make_slug(title) != _NOTHING_LEFT:
        return title
    path = re.sub(r"/index$", "", re.sub(r"\.\w{1,8}$", "", notice.source_id))
    return path.rpartition("/")[2] if not re.search(r"[a-z0-9]", title.lower()) else title


def compose(notice: MovedNotice, names: ServiceNames) -> str:
    """Compose the file of a notice whose updates are in order."""
    title = make_title(notice.title)
    named = names.find(notice.services)
    front = [
        "---",
        f"title: {quote(title.text or notice.source_id)}",
        f"kind: {notice.kind}",
        f"services: [{', '.join(named.ids)}]",
    ]
    if notice.kind == "incident":
        front.append(f"impact: {notice.impact}")
    front.append(f"starts: {quote(format_instant(notice.starts))}")
    if notice.kind == "maintenance" and notice.ends is not None:
        front.append(f"ends: {quote(format_instant(notice.ends))}")
    whole = escape_words(title.whole) if title.whole else ""
    text = join([whole, notice.text, _write_affected(named.unknown)])
    front.append("---")
    if text:
        front.append(text)
    return "\n\n".join(["\n".join(front), *_compose_updates(notice, named, names)]) + "\n"


def _compose_updates(notice: MovedNotice, first: Named, names: ServiceNames) -> list[str]:
    """Compose the updates; each names its services only where they differ from those before it."""
    before = first
    composed = []
    for update in notice.updates:
        named = before if update.services is None else names.find(update.services)
        lines = [f"## {format_instant(update.at or 0)} {update.state}"]
        changes = set(named.ids) != set(before.ids) and named.ids
        if changes and notice.kind == "incident":
            lines.append(f"services: [{', '.join(named.ids)}]")
        unknown = named.unknown if set(named.unknown) != set(before.unknown) else ()
        text = join([update.text, _write_affected(unknown)])
        composed.append("\n".join(lines) + (f"\n\n{text}" if text else ""))
        before = Named(named.ids or before.ids, named.unknown or before.unknown)
    return composed


def _write_affected(names: Sequence[str]) -> str:
    """Name the services that do not exist here, for the text."""
    return f"Affected: {', '.join(map(escape_words, names))}." if names else ""


def escape_words(text: str) -> str:
    """Write plain words so that Markdown shows them as they are."""
    words = " ".join(markup.LINE_BREAKS.sub(" ", text).split())
    return re.sub(r"^([-+]|\d+[.)])(?=\s)", r"\\\1", _MARKS.sub(_escape, words))


def _escape(match: re.Match[str]) -> str:
    entity = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "~": "~", "|": "&#124;"}
    return entity.get(match[1], f"\\{match[1]}")


def quote(text: str) -> str:
    """Write a text as a scalar of YAML in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def set_literally(notice: MovedNotice) -> MovedNotice:
    """Put every text of a notice into fenced code, which is shown as it is: for texts that we cannot convert faithfully."""
    updates = tuple(update._replace(text=_fence(update.text)) for update in notice.updates)
    return notice._replace(text=_fence(notice.text), updates=updates)


def _fence(text: str) -> str:
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def set_beside(notice: MovedNotice, path: str) -> tuple[MovedNotice, bytes]:
    """Move the texts of a notice that is too long into a file beside it, to which the notice links."""
    texts = [notice.text, *(_name_update(update) for update in notice.updates)]
    bare = tuple(update._replace(text="") for update in notice.updates)
    link = f"[{path.rpartition('/')[2]}]({path})"
    return notice._replace(text=link, updates=bare), (join(texts) + "\n").encode()


def _name_update(update: MovedUpdate) -> str:
    return join([f"{format_instant(update.at or 0)} {update.state}", update.text])
