"""The translation of a notice: its title, its announcement, and its updates by their time."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import NoticeKind
from constat.notices.context import NoticeContext
from constat.notices.front import KEYS, Keys, read_title
from constat.notices.source import NoticeSource, Problems, Section, split_source
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


def read_translation(
    data: bytes,
    kind: NoticeKind,
    originals: Sequence[ParsedUpdate],
    problems: Problems,
    context: NoticeContext,
) -> Translation | None:
    """Read a translation, and note its problems; `None` where it cannot be read. `originals`: the updates to translate."""
    source = split_source(data, problems)
    if source is None:
        return None
    title = _read_title(source, problems, context)
    known = {update.at: update.state for update in originals}
    updates: dict[Instant, Section] = {}
    for section in source.updates:
        heading = read_heading(section, kind, problems, context)
        if heading is None:
            continue
        if known.get(heading[0]) != heading[1]:
            hint = "give it the time and the state of the update that it translates"
            problems.error(section.heading_line, "the file in the first language has no such update", hint)
        for key, (line, _) in section.changes.items():
            problems.error(line, f"{key} is not allowed in a translation", _ELSEWHERE["services"])
        updates[heading[0]] = section
    untranslated = [update.section.heading_line for update in originals if update.at not in updates]
    if untranslated:
        lines = ", ".join(str(line) for line in untranslated)
        problems.warning(
            1, f"updates not translated: those on line {lines} of the file in the first language"
        )
    return Translation(title, source.announcement, updates)


def _read_title(source: NoticeSource, problems: Problems, context: NoticeContext) -> str:
    if source.front is None:
        return ""
    keys = Keys(source.front, problems, context)
    keys.refuse_unknown(("title",), _ELSEWHERE)
    return read_title(keys)
