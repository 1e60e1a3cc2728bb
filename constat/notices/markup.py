"""Markdown to sanitised HTML and plain text, bounded against hostile input.

The sanitiser has an allow-list: what is not named here is removed, whatever Markdown lets through. Pictures come only
from `incidents/files/`, so that no request goes to a third party.
"""

import re
from html import escape
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import markdown
import nh3
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.preprocessors import Preprocessor

from constat.notices.block_layout import find_fence, lay_out
from constat.notices.github_inline import GitHubInline
from constat.notices.plain import to_plain_text

TAGS: Final = frozenset(
    [
        "p",
        "br",
        "em",
        "strong",
        "del",
        "a",
        "ul",
        "ol",
        "li",
        "code",
        "pre",
        "blockquote",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES: Final = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
SWALLOWED: Final = frozenset({"script", "style", "iframe", "object", "template", "svg", "math"})
"""Tags that are removed together with their content."""

MOST_BYTES: Final = 64 << 10
MOST_LINES: Final = 2000
MOST_DEEP: Final = 20
MOST_BRACKETS: Final = 100
MOST_TAGS: Final = 500

FILES: Final = "files/"
NOTICE_LINK: Final = re.compile(r"(?:\./)?(\d{4}-\d\d-\d\d-[a-z0-9-]+)(?:\.[a-z-]+)?\.md(#.*)?")
BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")
LINE_BREAKS: Final = re.compile("[\n\r\u2028\u2029]")
"""The characters that some program takes for the end of a line."""
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Marked(NamedTuple):
    """A sanitised text, as HTML and as plain text. `raw` is the HTML before it was sanitised."""

    html: str
    text: str
    raw: str


def find_control_character(text: str) -> re.Match[str] | None:
    """Find the first control character that no text needs."""
    return CONTROL.search(text)


def find_bidi_character(text: str) -> re.Match[str] | None:
    """Find the first character that changes the direction of writing, and so can disguise a text as another."""
    return BIDI.search(text)


def find_invisible_character(text: str) -> re.Match[str] | None:
    """Find the first invisible character, other than those that join letters."""
    return INVISIBLE.search(text)


_SPECIAL: Final = re.compile(r"[`~<>&\\|]|!\[")
"""Text that only the full converter can handle: code, markup, entities, escapes, tables, pictures."""


class _Blocks(Preprocessor):
    """Blocks in the layout that the library reads, with fenced code kept aside as finished HTML.

    Markdown's own extension for code also knows languages and colours, which the sanitiser removes, and loads a
    highlighter.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Rewrite the lines of a text."""
        return lay_out(lines, self.md.htmlStash.store)


def _make_full_converter() -> markdown.Markdown:
    # Given names instead, Markdown would search all installed packages.
    extensions = [TableExtension(), SaneListExtension(), GitHubInline()]
    converter = markdown.Markdown(extensions=extensions, output_format="html")
    converter.preprocessors.register(_Blocks(converter), "blocks", 25)
    return converter


def _make_simple_converter() -> markdown.Markdown:
    """Make a converter for texts with nothing special, as most are: the same result in two thirds of the time."""
    converter = _make_full_converter()
    converter.preprocessors.deregister("html_block")
    for name in (
        "backtick",
        "escape",
        "backslash_break",
        "struck",
        "image_link",
        "image_reference",
        "short_image_ref",
    ):
        converter.inlinePatterns.deregister(name)
    for name in ("autolink", "automail", "html", "entity"):
        converter.inlinePatterns.deregister(name)
    converter.parser.blockprocessors.deregister("table")
    converter.treeprocessors.deregister("unescape")
    return converter


def _make_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(SWALLOWED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_filter_attribute,
        url_schemes=set(SCHEMES),
    )


def is_kept(target: str) -> bool:
    """Whether the sanitiser keeps a link."""
    return "href=" in _make_cleaner().clean(f'<a href="{escape(target)}"></a>')


class Renderer:
    """The converters and the sanitiser, made once and used for every text."""

    def __init__(self) -> None:
        self._markdown, self._simple = _make_full_converter(), _make_simple_converter()
        self._cleaner = _make_cleaner()

    def render(self, source: str) -> Marked:
        """Convert and sanitise a text in which `find_excess` found nothing."""
        if not source:
            return Marked("", "", "")
        converter = self._markdown if _SPECIAL.search(source) else self._simple
        converter.reset()
        raw = converter.convert(source)
        html = self._cleaner.clean(raw)
        if not html.isascii():
            html = BIDI.sub("", html)  # only now: they may have been written as entities
        if "<img" in html:
            html = _IMAGE_WITHOUT_SOURCE.sub(r"\1", html)
        return Marked(html, to_plain_text(html), raw)


_IMAGE_WITHOUT_SOURCE: Final = re.compile(r'<img(?![^>]*\ssrc=)(?:[^>]*?\salt="([^"]*)")?[^>]*>')


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """Restrict the targets of links and pictures to the web, the pictures of notices, and other notices."""
    if tag == "img" and name == "src":
        return resolve_picture(value)
    if tag == "a" and name == "href":
        return resolve_link(value)
    return value if name != "start" or value.isdecimal() else None


def resolve_picture(source: str) -> str | None:
    """Resolve the source of a picture; `None` unless it is a file under `incidents/files/`."""
    path = source.removeprefix("./")
    return path if path.startswith(FILES) and ".." not in path.split("/") else None


def resolve_link(target: str) -> str | None:
    """Resolve the target of a link: a URL with a scheme, a file, or another notice (`<stem>/`, relative to `incidents/`)."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return target if is_sound_url(target) else None
    notice = NOTICE_LINK.fullmatch(target)
    return f"{notice[1]}/{notice[2] or ''}" if notice else resolve_picture(target)


def is_sound_url(target: str) -> bool:
    """Whether a link with a scheme leads somewhere, and to where it seems to: no user name disguises the host."""
    try:
        parts = urlsplit(target)
        named = parts.scheme not in {"http", "https"} or (parts.hostname and "@" not in parts.netloc)
        return parts.scheme in SCHEMES and bool(named) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def find_excess(source: str) -> tuple[int, str, str] | None:
    """Find what is too much for a notice: (line of the text from 0, message, hint); `None` if nothing is.

    Markdown's time grows with the square of the brackets in a paragraph and of the tags in a text, and it recurses
    for every level of a list: the author of a notice must not be able to abuse that.
    """
    if (
        source.count("[") <= MOST_BRACKETS
        and source.count("<") <= MOST_TAGS
        and not _LONG_LEAD.search(source)
    ):
        return None
    brackets = tags = 0
    lines = source.split("\n")
    for number, (line, counts) in enumerate(zip(lines, mark_outside_fences(lines), strict=True)):
        if not counts:
            continue
        if _measure_depth(line) > MOST_DEEP:
            return number, f"nested more than {MOST_DEEP} levels deep", "flatten the lists and quotations"
        brackets = brackets + line.count("[") if line.strip() else 0
        tags += line.count("<")
        if brackets > MOST_BRACKETS:
            return (
                number,
                f"more than {MOST_BRACKETS} opening brackets in one paragraph",
                "split it with empty lines",
            )
        if tags > MOST_TAGS:
            return number, f"more than {MOST_TAGS} angle brackets", "put code between lines of ```"
    return None


_LONG_LEAD: Final = re.compile(rf"^[ \t>*+\-.)0-9]{{{MOST_DEEP + 1}}}", re.MULTILINE)
"""Too many levels need at least this many characters at the beginning of a line."""


def mark_outside_fences(lines: list[str]) -> list[bool]:
    """Find for each line whether it is outside fenced code. As in Markdown, code that is never closed is not code."""
    outside = [True] * len(lines)
    if not any(line.startswith(("```", "~~~")) for line in lines):
        return outside
    number = 0
    while number < len(lines):
        fence = find_fence(lines[number])
        closing = _find_closing(lines, number, fence) if fence else 0
        for inside in range(number, closing + 1 if closing else number):
            outside[inside] = False
        number = max(number, closing) + 1
    return outside


def _find_closing(lines: list[str], opening: int, fence: str) -> int:
    """Find the line that closes the code which a line opens; 0 if none does."""
    rest = range(opening + 1, len(lines))
    return next((number for number in rest if lines[number].rstrip(" ") == fence), 0)


MARKERS: Final = re.compile(r"(?:\s*(?:>|[-+*](?=\s)|\d+[.)](?=\s)))*\s*")


def _measure_depth(line: str) -> int:
    """Measure how deeply the beginning of a line can nest what follows."""
    if line[:1] not in " \t>-+*0123456789":
        return 0
    lead = MARKERS.match(line)
    opening = lead[0] if lead else ""
    return (
        len(re.findall(r">|[-+*]|\d+[.)]", opening))
        + (len(opening.expandtabs(4)) - len(opening.lstrip())) // 4
    )
