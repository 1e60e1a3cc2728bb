"""The parts of a notice's file: front matter, announcement, updates. Problems are noted with their lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from constat.errors import InputError, Problem
from constat.model import STATES
from constat.notices import markup
from constat.text import yaml_source

_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"##(?!#)[ \t]*(.*)")
_CUT_TITLE = re.compile(r"^title:[ \t]+[^\s\"'|>#][^\n]*?[ \t]#", re.MULTILINE)
UPDATE_KEYS = ("impact", "services", "next")
"""The keys that an update may change, on lines of their own right below its heading."""
_CHANGE = re.compile(r"([a-z]+):[ \t]+(\S.*)")
_STATE = "|".join(state for states in STATES.values() for state in states)
_LIKE_A_HEADING = re.compile(
    rf" {{0,3}}#+[ \t]*(\d{{4}}-\d\d-\d\d[T \t]\d\d:\d\d\S*)[ \t]+({_STATE})[ \t]*", re.IGNORECASE
)
"""A line that looks like the heading of an update; in the text of one it is read as text, probably by mistake."""


@dataclass(slots=True)
class Problems:
    """The problems of one file. `withheld`: one of them keeps the notice from being shown."""

    file: str
    noted: list[Problem] = field(default_factory=list)
    withheld: bool = False

    def error(self, line: int, message: str, hint: str = "", column: int = 0) -> None:
        """Note an error that keeps the notice from being shown."""
        self.noted.append(Problem(self.file, line, column, message, hint))
        self.withheld = True

    def soft_error(self, line: int, message: str, hint: str = "", column: int = 0) -> None:
        """Note an error that fails a review, but does not justify hiding the notice from customers."""
        self.noted.append(Problem(self.file, line, column, message, hint))

    def warning(self, line: int, message: str, hint: str = "", column: int = 0) -> None:
        """Note what is probably not intended."""
        self.noted.append(Problem(self.file, line, column, message, hint, "warning"))

    def note(self, line: int, message: str) -> None:
        """Note what is not wrong, but good to know."""
        self.noted.append(Problem(self.file, line, 0, message, severity="note"))


@dataclass(frozen=True, slots=True)
class Section:
    """A text of a notice and the line of the file on which it begins; an update also has a heading and changes.

    `changes`: key -> (line, value) of the lines right below the heading.
    """

    line: int
    text: str
    heading: str = ""
    heading_line: int = 0
    changes: dict[str, tuple[int, str]] = field(default_factory=dict)


class NoticeSource(NamedTuple):
    """The parts of a notice's file. `front` is `None` where it is not YAML."""

    file: str
    front: yaml_source.Document | None
    announcement: Section
    updates: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """All texts, in the order of the file."""
        return (self.announcement, *self.updates)


def split_source(data: bytes, problems: Problems) -> NoticeSource | None:
    """Split a file into front matter and texts; `None` where that cannot be done."""
    text = _decode(data, problems)
    if text is None:
        return None
    match = _FRONT.match(text)
    if not match:
        _report_no_front(text, problems)
        return None
    first_line = text.count("\n", 0, match.end()) + 1
    sections = list(_split_sections(text[match.end() :], first_line))
    source = NoticeSource(problems.file, _read_front(match[1], problems), sections[0], tuple(sections[1:]))
    for section in source.sections:
        _check_bounds(section, problems)
        _warn_of_missed_headings(section, problems)
    return source


def _report_no_front(text: str, problems: Problems) -> None:
    if text.partition("\n")[0].rstrip() == "---":
        problems.error(1, "the front matter does not end", "write a line --- below its last key")
    else:
        problems.error(1, "no front matter", "begin with a line ---, the keys (title: ...), and a line ---")


def _read_front(text: str, problems: Problems) -> yaml_source.Document | None:
    cut = _CUT_TITLE.search(text) if "#" in text else None
    if cut:
        line, column = 2 + text.count("\n", 0, cut.start()), cut.end() - cut.start()
        problems.warning(line, "the title ends here: # begins a comment", "write the title in quotes", column)
    try:
        front = yaml_source.read_yaml_at(text, problems.file, first_line=2)
    except InputError as error:
        problems.noted.extend(error.problems)
        problems.withheld = True
        return None
    problems.noted.extend(front.problems)
    problems.withheld |= bool(front.problems)
    return front


def _decode(data: bytes, problems: Problems) -> str | None:
    if len(data) > markup.MOST_BYTES:
        problems.error(0, f"longer than {markup.MOST_BYTES >> 10} KiB", "shorten it, and link to the rest")
        return None
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        problems.error(data.count(b"\n", 0, error.start) + 1, "not UTF-8", "save the file as UTF-8")
        return None
    if text.count("\n") > markup.MOST_LINES:
        problems.error(0, f"more than {markup.MOST_LINES:,} lines", "shorten it, and link to the rest")
        return None
    match = markup.find_control_character(text)
    if match:
        line = text.count("\n", 0, match.start()) + 1
        problems.error(line, f"the control character U+{ord(match[0]):04X}", "remove it")
        return None
    return text


def _split_sections(body: str, first_line: int) -> Iterator[Section]:
    """Split off the announcement, then every part that begins with `##` outside fenced code."""
    lines = body.split("\n")
    outside = markup.mark_outside_fences(lines)
    starts = [n for n, line in enumerate(lines) if outside[n] and HEADING.fullmatch(line)]
    bounds = [*starts, len(lines)]
    yield Section(*_trim(lines[: bounds[0]], first_line))
    for start, end in zip(starts, bounds[1:], strict=True):
        heading = HEADING.fullmatch(lines[start])
        yield _read_update(
            lines[start + 1 : end], (heading[1] if heading else "").strip(), first_line + start
        )


def _read_update(lines: list[str], heading: str, line: int) -> Section:
    changes: dict[str, tuple[int, str]] = {}
    for number, text in enumerate(lines):
        match = _CHANGE.fullmatch(text.strip())
        if not match or match[1] not in UPDATE_KEYS or match[1] in changes:
            break
        changes[match[1]] = (line + 1 + number, match[2])
    text_line, text = _trim(lines[len(changes) :], line + 1 + len(changes))
    return Section(text_line, text, heading, line, changes)


def _trim(lines: list[str], first_line: int) -> tuple[int, str]:
    """Remove the empty lines around a text. Returns the line on which it begins, and the text."""
    blank = next((number for number, text in enumerate(lines) if text.strip()), 0)
    return first_line + blank, "\n".join(lines[blank:]).rstrip()


def _check_bounds(section: Section, problems: Problems) -> None:
    excess = markup.find_excess(section.text)
    if excess:
        number, message, hint = excess
        problems.error(section.line + number, message, hint)


def _warn_of_missed_headings(section: Section, problems: Problems) -> None:
    """Warn of a heading of an update that is indented, or has another number of #: customers would read it as it stands."""
    if "#" not in section.text:
        return
    lines = section.text.split("\n")
    for number, is_outside in enumerate(markup.mark_outside_fences(lines)):
        match = _LIKE_A_HEADING.fullmatch(lines[number]) if is_outside else None
        if match:
            hint = f"write ## {match[1]} {match[2].lower()} at the beginning of the line"
            problems.warning(section.line + number, "the heading of an update is read as text", hint)
