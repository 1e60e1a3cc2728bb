"""Blocks as GitHub lays them out, rewritten into the layout that the library reads: four spaces for each level of a list.

GitHub (CommonMark 5.2) lets the content of an item begin where its first text does, two spaces for `- x`, three for
`1. x`. The library asks for four, whatever the marker, and for a blank line before a list that follows a text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

_ITEM: Final = re.compile(r"([-+*]|(\d{1,9})[.)])(?:( {1,4})(?! )| (?= )|$)(.*)", re.DOTALL)
_RULE: Final = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}")
FENCE: Final = re.compile(r"(`{3,}|~{3,}) *[\w#.+-]* *")
_OPEN: Final = "\N{BALLOT BOX}"
_DONE: Final = "\N{BALLOT BOX WITH CHECK}"
"""The boxes of a list of tasks, as characters: they are shown in pages, feeds and mail alike."""
_TASK: Final = re.compile(r"\[([ xX])\] +(?=\S)")
_QUOTED: Final = re.compile(r" {0,3}> ?")
_NEEDS_LAYOUT: Final = re.compile(r"^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)|```|~~~)", re.MULTILINE)
_LEVEL: Final = " " * 4
_TAB: Final = 4
_CODE: Final = 4
"""Text indented this much further than the item it is in is code."""

Store = Callable[[str], str]
"""Stores finished HTML, and returns the line that takes its place."""


def find_fence(line: str) -> str:
    """Find the characters that open fenced code, and that also close it; empty where the line opens none."""
    match = FENCE.fullmatch(line)
    return match[1] if match else ""


class _Item(NamedTuple):
    """An item that is open: the column at which its text begins, and whether its list is numbered."""

    column: int
    numbered: bool


class _Code(NamedTuple):
    """Fenced code, as HTML, and how far its fence is indented."""

    indent: int
    html: str


class _Layout:
    """The lines of one text while they are rewritten. `items`: the open ones, outermost first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.items: list[_Item] = []
        self.lines: list[str] = []
        self._in_text = False
        """Whether a line of text came just before, which the next one may continue."""
        self._block_depth = 0
        """The depth of the first line since the last blank one."""

    def add_blank(self) -> None:
        """Add a blank line."""
        self.lines.append("")
        self._in_text = False

    def add_text(self, line: str) -> None:
        """Add any other line: an item, a part of one, or a line that ends the list."""
        indent = len(line) - len(line.lstrip(" "))
        depth = self._measure_depth(indent)
        further = indent - (self.items[depth - 1].column if depth else 0)
        rest = line[indent:]
        item = _ITEM.match(rest) if further < _CODE and not _RULE.fullmatch(rest) else None
        if item and self._begins(item, depth):
            self._add_item(item, indent, depth)
            return
        if not self._in_text:
            del self.items[depth:]
        elif depth and rest.startswith(">"):
            self.add_blank()
        lazy = self._in_text and depth < len(self.items)
        self._put(rest if lazy or further < _CODE else f"{' ' * further}{rest}", depth)

    def add_code(self, indent: int, html: str) -> None:
        """Add fenced code. Within an item it gets no blank lines: they would make the whole list loose."""
        depth = self._measure_depth(indent)
        del self.items[depth:]
        if not depth:
            self.add_blank()
        self._put(self._store(html), depth)
        if not depth:
            self.add_blank()
        self._in_text = False

    def _measure_depth(self, indent: int) -> int:
        return sum(1 for item in self.items if item.column <= indent)

    def _begins(self, item: re.Match[str], depth: int) -> bool:
        """Whether an item may begin here: right after text, only one with words, and only number 1 of a numbered list."""
        if not self._in_text or depth < len(self.items):
            return True
        return bool(item[4].strip()) and (item[2] is None or int(item[2]) == 1)

    def _add_item(self, item: re.Match[str], indent: int, depth: int) -> None:
        """Add the first line of an item, after a blank line where the library asks for one."""
        marker, gap, words, numbered = item[1], len(item[3] or " "), item[4], item[2] is not None
        after_text = self._in_text and not self.items
        another_list = depth < len(self.items) and self.items[depth].numbered != numbered
        if after_text or another_list or depth < self._block_depth:
            self.add_blank()
        del self.items[depth:]
        self.items.append(_Item(indent + len(marker) + gap, numbered))
        task = _TASK.match(words)
        if task:
            box = _OPEN if task[1] == " " else _DONE
            words = f"{box} {words[task.end() :]}"
        self._put(f"{item[2]}. {words}" if numbered else f"{marker} {words}", depth)

    def _put(self, text: str, depth: int) -> None:
        if not self.lines or not self.lines[-1]:
            self._block_depth = depth
        self.lines.append(_LEVEL * depth + text)
        self._in_text = not text.startswith(("#", _LEVEL))


def lay_out(lines: Sequence[str], store: Store) -> list[str]:
    """Rewrite the lines of a text. Fenced code is given to `store`, escaped, and replaced by a line."""
    text = "\n".join(lines)
    if not _NEEDS_LAYOUT.search(text):
        return list(lines)
    layout = _Layout(store)
    for part in _lay_out_quotations(_split(lines), store):
        if isinstance(part, _Code):
            layout.add_code(part.indent, part.html)
        elif part.strip():
            layout.add_text(part)
        else:
            layout.add_blank()
    return layout.lines


def _lay_out_quotations(parts: Iterable[str | _Code], store: Store) -> Iterator[str | _Code]:
    """Lay out each quotation as a text of its own. `find_excess` has already bounded how deeply they nest."""
    for quoted, run in groupby(parts, lambda part: isinstance(part, str) and bool(_QUOTED.match(part))):
        if not quoted:
            yield from run
            continue
        inner = lay_out([_QUOTED.sub("", str(part), count=1) for part in run], store)
        yield from (f"> {line}".rstrip() for line in "\n".join(inner).strip("\n").split("\n"))


def _split(lines: Sequence[str]) -> Iterator[str | _Code]:
    """Split a text into lines and fenced code. Code that is never closed is text, just as it is where headings are looked for."""
    number = 0
    while number < len(lines):
        line = lines[number].expandtabs(_TAB) if "\t" in lines[number] else lines[number]
        indent = len(line) - len(line.lstrip(" "))
        fence = find_fence(line[indent:])
        closing = _find_closing(lines, number, fence) if fence else 0
        if closing:
            code = "".join(f"{_unindent(each, indent)}\n" for each in lines[number + 1 : closing])
            yield _Code(indent, f"<pre><code>{escape(code, quote=False)}</code></pre>")
            number = closing
        else:
            yield line
        number += 1


def _unindent(line: str, indent: int) -> str:
    """Take away as much of a line's indentation as its fence has."""
    lead = line[:indent]
    return line[indent:] if lead.isspace() or not lead else line.lstrip(" ")


def _find_closing(lines: Sequence[str], opening: int, fence: str) -> int:
    """Find the line that closes the code which a line opens; 0 if none does."""
    rest = range(opening + 1, len(lines))
    return next((number for number in rest if lines[number].strip(" ") == fence), 0)
