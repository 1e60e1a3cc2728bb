"""The translation of a notice: its title, its announcement, and its updates by their time."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import NoticeKind
from constat.notices.context import NoticeContext
from constat.notices.front import KEYS, Keys, read_title
from constat.notices.source import Problems, Section, Source, split_source
from constat.notices.updates import ParsedUpdate, read_heading

_ELSEWHERE: Final = {
    key: "it stands in the first language's file, once for all" for keys in KEYS.values() for key in keys
}


class Translation(NamedTuple):
    """What a translation says. `updates`: by the time of the update that each translates."""

    title: str
    announcement: Section
    updates: Mapping[Instant, Section]


def read_translation(
    data: bytes,
    kind: NoticeKind,
    originals: Sequence[ParsedUpdate],
    problems: Problems,
    context: NoticeContext,
) -> Translation | None:
    """Read the translation of some updates; `None` where it cannot be read. What is wrong is noted."""
    source = split_source(data, problems)
    if source is None:
        return None
    title = _title(source, problems, context)
    known = {update.at: update.state for update in originals}
    updates: dict[Instant, Section] = {}
    for section in source.updates:
        heading = read_heading(section, kind, problems, context)
        if heading is None:
            continue
        if known.get(heading[0]) != heading[1]:
            hint = "give it the time and the state of the update that it translates"
            problems.error(section.heading_line, "no such update in the first language's file", hint)
        for key, (line, _) in section.changes.items():
            problems.error(line, f"{key} has no place in a translation", _ELSEWHERE["services"])
        updates[heading[0]] = section
    untranslated = [update.section.heading_line for update in originals if update.at not in updates]
    if untranslated:
        lines = ", ".join(str(line) for line in untranslated)
        problems.warning(1, f"updates not translated: those of line {lines} of the first language's file")
    return Translation(title, source.announcement, updates)


def _title(source: Source, problems: Problems, context: NoticeContext) -> str:
    if source.front is None:
        return ""
    keys = Keys(source.front, problems, context)
    keys.only(("title",), _ELSEWHERE)
    return read_title(keys)
