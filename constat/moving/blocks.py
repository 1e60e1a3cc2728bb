"""The blocks of a Markdown text, rewritten so that our converter reads them as the author meant, and no heading is taken for an update."""

import re
from collections.abc import Sequence
from typing import Final

from constat.notices.block_layout import find_fence
from constat.notices.markup import mark_outside_fences

_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*")
_NO_HEADING: Final = re.compile(r"( {0,3})(#+)(?=[^#\s])")
_RULE: Final = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_ITEM: Final = re.compile(r" {0,3}(?:[-*+]|1[.)])[ \t]+\S")
_ANY_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_QUOTE: Final = re.compile(r" {0,3}>")


def fit_blocks(text: str) -> str:
    """Fit the headings, rules and lists of a text outside code; remove empty lines at its ends."""
    lines = _close_fence(text.split("\n"))
    outside = mark_outside_fences(lines)
    out: list[str] = []
    for number, line in enumerate(lines):
        if outside[number]:
            _add_line(out, line, is_first_behind_code=number > 0 and not outside[number - 1])
        else:
            if out and out[-1].strip() and (number == 0 or outside[number - 1]):
                out.append("")
            out.append(line)
    return "\n".join(_squeeze(out)).strip("\n").rstrip()


def _close_fence(lines: list[str]) -> list[str]:
    """Close fenced code that its author left open: it would swallow what follows the text, headings included."""
    outside = mark_outside_fences(lines)
    opening = next(
        (line for line, free in zip(lines, outside, strict=True) if free and find_fence(line)), None
    )
    return lines if opening is None else [*lines, find_fence(opening)]


def _add_line(out: list[str], line: str, *, is_first_behind_code: bool) -> None:
    above = "" if is_first_behind_code or not out else out[-1]
    if is_first_behind_code and line.strip():
        out.append("")
    if _is_underline(out, above, line):
        out[-1] = f"### {above.strip()}"
        out.append("")
    elif _RULE.fullmatch(line):
        out += ["", line.strip()] if above.strip() else [line.strip()]
    elif (heading := _HEADING.fullmatch(line)) and len(heading[1]) <= 6:  # noqa: PLR2004 - levels of HTML
        _add_heading(out, heading[1], heading[2] or "", above)
    elif match := _NO_HEADING.match(line):
        out.append(f"{match[1]}\\{line[len(match[1]) :]}")
    elif _ITEM.match(line) and _is_paragraph(above):
        out += ["", line]
    else:
        out.append(line)


def _add_heading(out: list[str], marks: str, words: str, above: str) -> None:
    """Write a heading, never above the third level: the first is the page's, the second that of an update."""
    if above.strip():
        out.append("")
    words = re.sub(r"[ \t]+#+$", "", words).strip()
    if words:
        out += [f"{marks if len(marks) > 2 else '###'} {words}", ""]  # noqa: PLR2004 - as above


def _is_underline(out: Sequence[str], above: str, line: str) -> bool:
    """Whether a line underlines the one above it as a heading: the one above is then a paragraph of one line."""
    if not _UNDERLINE.fullmatch(line) or not _is_paragraph(above) or above.startswith("#"):
        return False
    return len(out) < 2 or not out[-2].strip() or line.lstrip().startswith("=")  # noqa: PLR2004 - a line above


def _is_paragraph(line: str) -> bool:
    """Whether a line is that of a paragraph: neither empty, nor of a list, a quotation, a table or code."""
    return bool(
        line.strip()
        and not _ANY_ITEM.match(line)
        and not _QUOTE.match(line)
        and not line.startswith(("    ", "\t", "|", "#"))
    )


def _squeeze(lines: Sequence[str]) -> list[str]:
    """Leave one empty line where there are several outside of code."""
    outside = mark_outside_fences(list(lines))
    kept: list[str] = []
    for number, line in enumerate(lines):
        if outside[number] and not line.strip():
            if kept and not kept[-1].strip() and outside[number - 1]:
                continue
            kept.append("")
        else:
            kept.append(line)
    return kept
