"""The body of an issue of cState: one text, in which people keep dated posts in several ways.

Hugo knows no updates. The shortcode `track` gives a block its time; markers such as `[Initial message]` and
`[Final message]` part the text without times; everything else is one announcement.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import State
from constat.moving.foreign_times import read_time

_TRACK: Final = re.compile(r"\{\{[<%]\s*track\s+([\"'`“”]?)([^\"'`“”<>{}]*)[\"'`“”]?\s*/?\s*[>%]\}\}")
SHORTCODE: Final = re.compile(r"\{\{[<%]\s*/?\s*([A-Za-z][\w./-]*)[^{}]*[>%]\}\}")
_MARKER: Final = re.compile(
    r"^[ \t]*(?:<(?:p|b|strong|i|em|u)>)*(?:\*{1,2}|_{1,2}|#{1,6}[ \t]+)?(\[(initial|final|update)\b[^\]\n]*\])(?![(\[])"
    r"(?:\*{1,2}|_{1,2})?:?(?:</(?:p|b|strong|i|em|u)>)*:?[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"<!--(.*?)-->", re.DOTALL)
_EMPTY_LINE: Final = re.compile(r"[ \t]*\n[ \t]*(?:\n|\Z)")
_EDGE_RULES: Final = re.compile(
    r"\A(?:\s*^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$)+|(?:^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$\s*)+\Z",
    re.MULTILINE,
)
_MARKED: Final = re.compile(
    r"\s*(?:[-*+][ \t]+)?(?:(\*{1,2}|_{1,2})(?=\S)(.{1,300}?)\1|#{1,6}[ \t]+([^\n]+))", re.DOTALL
)
_DEFINITION: Final = re.compile(
    r"^ {0,3}\[([^\]\n^]+)\]:[ \t]*\S+(?:[ \t]+[\"'(][^\n]*)?[ \t]*$", re.MULTILINE
)
_CLOCK: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T,]+(?:at )?(\d{1,2})[h:](\d{2})(?::(\d{2}))?"
    r"(?:\s*\(?(Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![+-]?\w)|(?!\s*\(?(?:[\w:]|[+-]\d)))",
    re.IGNORECASE,
)
"""A time in words. One with something behind it (`CEST`, `PM`, `UTC+2`) is not read, since it means another time."""
_STATE_WORDS: Final[tuple[tuple[str, State | None], ...]] = (
    (r"\binvestigating\b", "investigating"),
    (r"\bidentified\b", "identified"),
    (r"\bmonitoring\b", "monitoring"),
    (r"\b(?:resolved|fixed|completed?)\b", "resolved"),
    (r"\bpost[- ]?mortem\b", "postmortem"),
    (r"\bupdated?\b", None),
)
_NEGATION: Final = re.compile(r"\b(?:not|never|isn't|aren't)\b", re.IGNORECASE)


class Post(NamedTuple):
    """A part of a body: its time, `None` where none is given; its state, `None` where it keeps the previous one."""

    at: Instant | None
    state: State | None
    text: str
    written: str = ""


class Body(NamedTuple):
    """A body taken apart. `posts` oldest first, each with its time; `closing`: the text with which the issue was closed.

    `notes`: what else was found, each with what was done about it.
    """

    announcement: str
    posts: tuple[Post, ...] = ()
    closing: str = ""
    notes: tuple[tuple[str, str], ...] = ()


def take_apart(body: str, zone: tzinfo) -> Body:
    """Take a body apart, by whichever way its author followed."""
    body, comments = _take_comments(body)
    if not _TRACK.search(body) and not _MARKER.search(body):
        return Body(body, notes=comments)
    definitions = {match[1].lower(): match[0].strip() for match in _DEFINITION.finditer(body)}
    bare = _DEFINITION.sub("", body)
    markers = list(_MARKER.finditer(bare))
    parts = _split_tracks(bare, zone) if _TRACK.search(bare) else _split_markers(bare, markers, zone)
    posts = tuple(post._replace(text=_define(post.text, definitions)) for post in parts.posts)
    announcement, closing = _define(parts.announcement, definitions), _define(parts.closing, definitions)
    return parts._replace(
        announcement=announcement, posts=posts, closing=closing, notes=(*comments, *parts.notes)
    )


def _take_comments(body: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Take out the comments that hold tracks or markers, as templates have them: these split nothing. Other comments stay for later."""
    notes: list[tuple[str, str]] = []

    def take(match: re.Match[str]) -> str:
        if not _TRACK.search(match[1]) and not _MARKER.search(match[1]):
            return match[0]
        notes.append((f"a comment: {' '.join(match[1].split())}", "left out, as on the old page"))
        return ""

    return _COMMENT.sub(take, body), tuple(notes)


def _define(text: str, definitions: Mapping[str, str]) -> str:
    """Add the link definitions to which a part of the text refers; they may be anywhere in the body."""
    lower = text.lower()
    used = [line for label, line in definitions.items() if f"[{label}]" in lower]
    return "\n\n".join([text, "\n".join(used)]) if used else text


def _split_tracks(body: str, zone: tzinfo) -> Body:
    """Split at the tracks: each gives its time to the block that it closes, or to the one it begins where tracks come first."""
    tracks = list(_TRACK.finditer(body))
    edges = [0, *(track.end() for track in tracks)]
    ends = [*(track.start() for track in tracks), len(body)]
    raw = [body[start:end] for start, end in zip(edges, ends, strict=True)]
    texts = [_trim(text) for text in raw]
    left, texts = (texts[0], texts[1:]) if _begin_blocks(texts, raw) else (texts[-1], texts[:-1])
    blocks = [
        Post(read_time(track[2], zone), find_state(text), text, track[2].strip())
        for track, text in zip(tracks, texts, strict=True)
    ]
    notes = [
        (f"the time {block.written!r} of a track, which is not a time", "its text stays in the announcement")
        for block in blocks
        if block.at is None
    ]
    if left:
        notes.append(("a text without a track beside texts with a track", "kept as the announcement"))
    untimed = [block.text for block in blocks if block.at is None]
    announcement = "\n\n".join(text for text in (left, *untimed) if text)
    return Body(announcement, _sort_by_time(blocks), notes=tuple(notes))


def _begin_blocks(texts: Sequence[str], raw: Sequence[str]) -> bool:
    """Whether tracks stand above their blocks: nothing is above the first, or only words that name no state.

    `raw`: the texts untrimmed; those who write an introduction set each track right above its block.
    """
    if not texts[-1] or not texts[0]:
        return bool(texts[-1])
    named = [bool(_find_named(text)) for text in texts]
    is_tight = not any(_EMPTY_LINE.match(text) for text in raw[1:])
    return len(texts) > 2 and is_tight and not named[0] and all(named[1:])  # noqa: PLR2004 - two tracks


def _sort_by_time(blocks: Sequence[Post]) -> tuple[Post, ...]:
    """The blocks with a time, oldest first; blocks of the same time keep the order in which they were written."""
    timed = [block for block in blocks if block.at is not None]
    if timed and _is_newest_first(timed):
        timed.reverse()
    return tuple(sorted(timed, key=lambda block: block.at or 0))


def _is_newest_first(timed: Sequence[Post]) -> bool:
    """Whether the newest block comes first; assumed where all have the same time, as it is usual."""
    first, last = timed[0].at or 0, timed[-1].at or 0
    return first >= last


def _trim(text: str) -> str:
    """Take away the rules and empty lines at the edges of a text."""
    return _EDGE_RULES.sub("", text.strip("\n")).strip("\n").rstrip()


def find_state(text: str) -> State | None:
    """Find the state that the first words of a block name, if these are emphasised or a heading."""
    found = _find_named(text)
    if not found:
        return None
    state = min(found, key=lambda each: each[0])[1]
    return None if state == "resolved" and _NEGATION.search(_find_marked(text)) else state


def _find_marked(text: str) -> str:
    marked = _MARKED.match(text)
    return (marked[2] or marked[3] or "") if marked else ""


def _find_named(text: str) -> list[tuple[int, State | None]]:
    """Find the states that the marked words at the beginning of a block name, each with its place in them."""
    words = _find_marked(text)
    found = [(re.search(pattern, words, re.IGNORECASE), state) for pattern, state in _STATE_WORDS]
    return [(match.start(), state) for match, state in found if match]


class _Section(NamedTuple):
    """A marked part of a body: `initial`, `final` or `update`, the marker as written, and the text below it."""

    sort: str
    marker: str
    text: str


def _split_markers(body: str, markers: Sequence[re.Match[str]], zone: tzinfo) -> Body:
    """Split at `[Initial message]`, `[Update]` and `[Final message]`, in whatever order they come."""
    ends = [*(marker.start() for marker in markers[1:]), len(body)]
    sections = [
        _Section(marker[2].lower(), marker[1], _trim(body[marker.end() : end]))
        for marker, end in zip(markers, ends, strict=True)
    ]
    if _is_reversed(sections):
        sections.reverse()
    preamble = _trim(body[: markers[0].start()])
    initial = [section.text for section in sections if section.sort == "initial"]
    final = [section.text for section in sections if section.sort == "final"]
    updates = [section for section in sections if section.sort == "update"]
    timed = [(section, _read_clock(section.marker, zone)) for section in updates]
    parts = [preamble, *initial]
    parts += [f"### {section.marker}\n\n{section.text}" for section, at in timed if at is None]
    posts = [Post(at, None, section.text, section.marker) for section, at in timed if at is not None]
    return Body(
        "\n\n".join(part for part in parts if part),
        tuple(sorted(posts, key=lambda post: post.at or 0)),
        "\n\n".join(text for text in final if text),
        tuple(
            (f"the marker {section.marker}", _describe(section.sort, section, timed)) for section in sections
        ),
    )


def _describe(sort: str, section: _Section, timed: Sequence[tuple[_Section, Instant | None]]) -> str:
    if sort == "initial":
        return "its text is the announcement"
    if sort == "final":
        return "its text is that of the last update"
    has_time = any(at is not None for each, at in timed if each == section)
    return "its text is an update of that time" if has_time else "no time: its text stays in the announcement"


def _is_reversed(sections: Sequence[_Section]) -> bool:
    """Whether the newest part comes first: the final message above the initial one, or a higher number above a lower."""
    sorts = [section.sort for section in sections]
    if "initial" in sorts and len(sorts) > 1:
        return sorts[-1] == "initial" or ("final" in sorts and sorts.index("final") < sorts.index("initial"))
    if "final" in sorts and len(sorts) > 1:
        return sorts[0] == "final"
    numbers = [
        int(match[0])
        for section in sections
        if (match := re.search(r"(?<=update )\d+\b", section.marker.lower()))
    ]
    return len(numbers) > 1 and numbers[0] > numbers[-1]


def _read_clock(marker: str, zone: tzinfo) -> Instant | None:
    """Read the time in the words of a marker, as in `[Update - 2023-03-29 15h50 UTC]`."""
    match = _CLOCK.search(marker)
    if not match:
        return None
    return read_time(f"{match[1]} {match[2]}:{match[3]}:{match[4] or '00'}{(match[5] or '').upper()}", zone)
