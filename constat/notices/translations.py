"""The translation of a notice: its title, its announcement, and its updates by their time."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import NoticeKind
from constat.notices.front import KEYS, Around, Keys, read_title
from constat.notices.source import Problems, Section, Source, split_source
from constat.notices.updates import ParsedUpdate, read_heading

_ELSEWHERE: Final = {
    key: "only the file in the first language has it, for all languages"
    for keys in KEYS.values()
    for key in keys
}


class Translation(NamedTuple):
    """A translation as read. `updates`: by the time of the update that each translates."""

    title: str
    announcement: Section
    updates: Mapping[Instant, Section]


def read_translation(  # noqa: PLR0913, PLR0917 - the file, and what it translates
    path: str,
    data: bytes,
    kind: NoticeKind,
    posts: Sequence[ParsedUpdate],
    problems: Problems,
    around: Around,
) -> Translation | None:
    """Read a translation, and note its problems; `None` where it cannot be read."""
    source = split_source(path, data, problems)
    if source is None:
        return None
    title = _read_title(source, problems, around)
    known = {post.at: post.state for post in posts}
    updates: dict[Instant, Section] = {}
    for section in source.updates:
        heading = read_heading(section, kind, problems, around)
        if heading is None:
            continue
        if known.get(heading[0]) != heading[1]:
            hint = "give it the time and the state of the update that it translates"
            problems.error(section.heading_line, "the file in the first language has no such update", hint)
        for key, (line, _) in section.changes.items():
            problems.error(line, f"{key} is not allowed in a translation", _ELSEWHERE["services"])
        updates[heading[0]] = section
    untranslated = [post.section.heading_line for post in posts if post.at not in updates]
    if untranslated:
        lines = ", ".join(str(line) for line in untranslated)
        problems.warning(
            1, f"updates not translated: those on line {lines} of the file in the first language"
        )
    return Translation(title, source.announcement, updates)


def _read_title(source: Source, problems: Problems, around: Around) -> str:
    if source.front is None:
        return ""
    keys = Keys(source.front, problems, around)
    keys.only(("title",), _ELSEWHERE)
    return read_title(keys)
