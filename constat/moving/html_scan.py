"""Text with Markdown and HTML, cut into words, code, comments and tags. Each mark is looked at once, so that hostile texts take no longer."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

from constat.moving.html_tags import KNOWN_TAGS

_MARK: Final = re.compile(r"[<`]|^~~~", re.MULTILINE)
_FENCE: Final = re.compile(r"(`{3,}|~{3,})[^\n`]*\n")
_AUTOLINK: Final = re.compile(
    r"<(?:[a-z][a-z0-9+.-]{1,31}:[^<>\s]*|[^<>\s@]{1,200}@[^<>\s@]{1,200})>", re.IGNORECASE
)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[\s/][^<>]*)?)>")
_INDENT: Final = ("    ", "\t")
_ITEM: Final = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])\s")


class Sort(Enum):
    """The sort of a piece of text."""

    WORDS = "words"
    CODE = "code"
    COMMENT = "comment"
    OPENING = "opening"
    CLOSING = "closing"


class Piece(NamedTuple):
    """A piece of a text. `name`: the name of a tag, in lower case; `text`: the attributes of a tag, the words of a comment, else as written."""

    sort: Sort
    text: str
    name: str = ""


def scan(text: str) -> Iterator[Piece]:
    """Cut a text into its pieces, in order. What only looks like a tag counts as words, and is escaped."""
    scanner = _Scanner(text)
    while mark := _MARK.search(text, scanner.at):
        yield from scanner.pass_words(mark.start())
        if scanner.at == mark.start():
            yield scanner.take()
    yield Piece(Sort.WORDS, text[scanner.at :])


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._missing: set[str] = set()

    def pass_words(self, mark: int) -> Iterator[Piece]:
        """Pass everything up to a mark; with the rest of its line, if that is indented code."""
        begin = self.text.rfind("\n", 0, mark) + 1
        if begin >= self.at and self.text.startswith(_INDENT, begin) and self._is_indented_code(begin):
            end = self.text.find("\n", mark)
            yield self._piece(Sort.WORDS, begin)
            yield self._piece(Sort.CODE, len(self.text) if end < 0 else end)
        else:
            yield self._piece(Sort.WORDS, mark)

    def _piece(self, sort: Sort, end: int) -> Piece:
        piece = Piece(sort, self.text[self.at : end])
        self.at = end
        return piece

    def _is_indented_code(self, begin: int) -> bool:
        """Whether an indented line is code: it follows an empty line, or such code, and is in no list."""
        follows_empty = False
        for line in reversed(self.text[max(0, begin - 4000) : begin].split("\n")[:-1]):
            if not line.strip():
                follows_empty = True
            elif not line.startswith(_INDENT):
                return follows_empty and not _ITEM.match(line)
        return True

    def take(self) -> Piece:
        """Take what begins at a mark."""
        if self.text[self.at] in "`~":
            return self._take_code()
        if self.text.startswith("<!--", self.at):
            return self._take_comment()
        if link := _AUTOLINK.match(self.text, self.at):
            return self._piece(Sort.CODE, link.end())
        tag = _TAG.match(self.text, self.at)
        if tag and tag[2].lower() in KNOWN_TAGS:
            self.at = tag.end()
            return Piece(Sort.CLOSING if tag[1] else Sort.OPENING, tag[3], tag[2].lower())
        return self._take_angle()

    def _take_angle(self) -> Piece:
        """Take an angle bracket that opens nothing; escaped where a reader of HTML could take it for a tag."""
        self.at += 1
        opens = re.match(r"[A-Za-z/!?]", self.text[self.at : self.at + 1])
        return Piece(Sort.WORDS, "&lt;" if opens else "<")

    def _take_comment(self) -> Piece:
        end = -1 if "-->" in self._missing else self.text.find("-->", self.at + 4)
        if end < 0:
            self._missing.add("-->")
            return self._take_angle()
        words = self.text[self.at + 4 : end]
        self.at = end + 3
        return Piece(Sort.COMMENT, words)

    def _take_code(self) -> Piece:
        """Take code in a fence or a span; marks that are never closed are only characters."""
        at_start = self.at == 0 or self.text[self.at - 1] == "\n"
        fence = _FENCE.match(self.text, self.at) if at_start else None
        if fence and (end := self._find_fence_end(fence)):
            return self._piece(Sort.CODE, end)
        marks = re.compile(r"`+|~+").match(self.text, self.at)
        opened = marks.end() if marks else self.at + 1
        return self._piece(Sort.CODE, self._find_span_end(opened))

    def _find_fence_end(self, fence: re.Match[str]) -> int:
        if fence[1] in self._missing:
            return 0
        pattern = re.compile(rf"^{re.escape(fence[1])}[ \t]*$", re.MULTILINE)
        closing = pattern.search(self.text, fence.end())
        if closing is None:
            self._missing.add(fence[1])
        return closing.end() if closing else 0

    def _find_span_end(self, opened: int) -> int:
        """Find the end of a code span within its paragraph, else the end of the marks that would open it."""
        marks = self.text[self.at : opened]
        if marks.startswith("~") or len(marks) > 8:  # noqa: PLR2004 - nobody needs more
            return opened
        blank = self.text.find("\n\n", opened, opened + 4000)
        last = min(len(self.text), opened + 4000) if blank < 0 else blank
        closing = re.compile(rf"(?<!`){marks}(?!`)").search(self.text, opened, last)
        return closing.end() if closing else opened
