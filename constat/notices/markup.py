"""Markdown to sanitised HTML and plain text, bounded against hostile input.

Sanitising is an allow-list: what is not named here does not come out, whatever Markdown lets through. Pictures come
only from `incidents/files/`, so that no request leaves for a third party.
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
"""Tags whose content goes with them."""

MOST_BYTES: Final = 64 << 10
MOST_LINES: Final = 2000
MOST_DEEP: Final = 20
MOST_BRACKETS: Final = 100
MOST_TAGS: Final = 500

FILES: Final = "files/"
_NOTICE: Final = re.compile(r"(?:\./)?(\d{4}-\d\d-\d\d-[a-z0-9-]+)(?:\.[a-z-]+)?\.md(#.*)?")
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")
LINE_BREAKS: Final = re.compile("[\n\r\u2028\u2029]")
"""What ends a line, for one reader or another."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FENCE: Final = re.compile(r"(`{3,}|~{3,}) *[\w#.+-]* *")


class Marked(NamedTuple):
    """A text, sanitised: as HTML and as plain text. `raw` is the HTML before it was sanitised."""

    html: str
    text: str
    raw: str


def control_characters(text: str) -> re.Match[str] | None:
    """The first control character that no text needs."""
    return _CONTROL.search(text)


def bidi_characters(text: str) -> re.Match[str] | None:
    """The first character that turns the direction of writing and can make a text read as another."""
    return _BIDI.search(text)


def invisible_characters(text: str) -> re.Match[str] | None:
    """The first character that nobody sees, and that joins no letters either."""
    return _INVISIBLE.search(text)


_SPECIAL: Final = re.compile(r"[`~<>&\\|]|!\[")
"""What only the whole converter knows: code, markup, entities, escapes, tables, pictures."""


class _Fences(Preprocessor):
    """Fenced code, by the same rule by which updates are told from code.

    Markdown's own extension knows more (languages, colours), which the sanitiser takes out, and loads a highlighter.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Put what each fence holds aside, escaped, as Markdown does with finished HTML."""
        kept: list[str] = []
        code: list[str] = []
        for line, outside in zip(lines, outside_fences(lines), strict=True):
            if outside:
                kept.append(line)
                continue
            code.append(line)
            if len(code) > 1 and line.rstrip(" ") == _fence(code[0]):
                text = escape("".join(f"{each}\n" for each in code[1:-1]), quote=False)
                kept += ["", self.md.htmlStash.store(f"<pre><code>{text}</code></pre>"), ""]
                code = []
        return kept


def _fence(line: str) -> str:
    """The marks that open, and so close, fenced code."""
    found = _FENCE.fullmatch(line)
    return found[1] if found else ""


def _whole() -> markdown.Markdown:
    extensions = [
        TableExtension(),
        SaneListExtension(),
    ]  # by name, Markdown would look through all that is installed
    converter = markdown.Markdown(extensions=extensions, output_format="html")
    converter.preprocessors.register(_Fences(converter), "fences", 25)
    return converter


def _simple() -> markdown.Markdown:
    """A converter for texts without anything special, which most are: the same result in two thirds of the time."""
    converter = _whole()
    for name in ("html_block", "fences"):
        converter.preprocessors.deregister(name)
    for name in ("backtick", "escape", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(name)
    for name in ("autolink", "automail", "html", "entity"):
        converter.inlinePatterns.deregister(name)
    converter.parser.blockprocessors.deregister("table")
    converter.treeprocessors.deregister("unescape")
    return converter


def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(SWALLOWED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
    )


def is_kept(target: str) -> bool:
    """Whether the sanitiser leaves a link as it is."""
    return "href=" in _cleaner().clean(f'<a href="{escape(target)}"></a>')


class Renderer:
    """One Markdown object and one sanitiser, made once and used for every text."""

    def __init__(self) -> None:
        self._markdown, self._simple = _whole(), _simple()
        self._cleaner = _cleaner()

    def render(self, source: str) -> Marked:
        """Convert and sanitise a text that `excess` has nothing against."""
        if not source:
            return Marked("", "", "")
        converter = self._markdown if _SPECIAL.search(source) else self._simple
        converter.reset()
        raw = converter.convert(source)
        html = self._cleaner.clean(raw)
        if not html.isascii():
            html = _BIDI.sub("", html)  # afterwards: they may be written as entities
        if "<img" in html:
            html = _IMAGE_WITHOUT_SOURCE.sub(r"\1", html)
        return Marked(html, to_plain_text(html), raw)


_IMAGE_WITHOUT_SOURCE: Final = re.compile(r'<img(?![^>]*\ssrc=)(?:[^>]*?\salt="([^"]*)")?[^>]*>')


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Where links and pictures may lead: the web, the pictures of notices, and other notices."""
    if tag == "img" and name == "src":
        return picture(value)
    if tag == "a" and name == "href":
        return link(value)
    return value if name != "start" or value.isdecimal() else None


def picture(source: str) -> str | None:
    """The source of a picture, if it is a file under `incidents/files/`."""
    path = source.removeprefix("./")
    return path if path.startswith(FILES) and ".." not in path.split("/") else None


def link(target: str) -> str | None:
    """The target of a link: an address with a scheme, a file, or another notice (`<stem>/`, from `incidents/`)."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return target if is_address(target) else None
    notice = _NOTICE.fullmatch(target)
    return f"{notice[1]}/{notice[2] or ''}" if notice else picture(target)


def is_address(target: str) -> bool:
    """Whether a link with a scheme leads somewhere, and where it seems to: no name in front of the host pretends to be one."""
    try:
        parts = urlsplit(target)
        named = parts.scheme not in {"http", "https"} or (parts.hostname and "@" not in parts.netloc)
        return parts.scheme in SCHEMES and bool(named) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def excess(source: str) -> tuple[int, str, str] | None:
    """What is too much for a notice: (line of the text from 0, what, what to write instead), `None` if all is well.

    Markdown takes time with the square of the brackets in one paragraph and of the tags in a text, and calls itself
    for every level of a list: none of that may be in the hands of whoever writes a notice.
    """
    if (
        source.count("[") <= MOST_BRACKETS
        and source.count("<") <= MOST_TAGS
        and not _LONG_LEAD.search(source)
    ):
        return None
    brackets = tags = 0
    lines = source.split("\n")
    for number, (line, counts) in enumerate(zip(lines, outside_fences(lines), strict=True)):
        if not counts:
            continue
        if _depth(line) > MOST_DEEP:
            return number, f"nested more than {MOST_DEEP} levels deep", "flatten the lists and quotations"
        brackets = brackets + line.count("[") if line.strip() else 0
        tags += line.count("<")
        if brackets > MOST_BRACKETS:
            return (
                number,
                f"more than {MOST_BRACKETS} opening brackets in one paragraph",
                "part it by empty lines",
            )
        if tags > MOST_TAGS:
            return number, f"more than {MOST_TAGS} angle brackets", "put code between lines of ```"
    return None


_LONG_LEAD: Final = re.compile(rf"^[ \t>*+\-.)0-9]{{{MOST_DEEP + 1}}}", re.MULTILINE)
"""Too many levels need at least so many characters at the beginning of a line."""


def outside_fences(lines: list[str]) -> list[bool]:
    """For each line whether it stands outside fenced code. Code that is never closed is none, as Markdown has it."""
    outside = [True] * len(lines)
    if not any(line.startswith(("```", "~~~")) for line in lines):
        return outside
    number = 0
    while number < len(lines):
        found = _FENCE.fullmatch(lines[number])
        closing = _closing(lines, number, found[1]) if found else 0
        for inside in range(number, closing + 1 if closing else number):
            outside[inside] = False
        number = max(number, closing) + 1
    return outside


def _closing(lines: list[str], opening: int, fence: str) -> int:
    """The line that closes the code which a line opens; 0 if none does."""
    rest = range(opening + 1, len(lines))
    return next((number for number in rest if lines[number].rstrip(" ") == fence), 0)


_MARKERS: Final = re.compile(r"(?:\s*(?:>|[-+*](?=\s)|\d+[.)](?=\s)))*\s*")


def _depth(line: str) -> int:
    """How deep the beginning of a line can nest what follows."""
    if line[:1] not in " \t>-+*0123456789":
        return 0
    lead = _MARKERS.match(line)
    opening = lead[0] if lead else ""
    return (
        len(re.findall(r">|[-+*]|\d+[.)]", opening))
        + (len(opening.expandtabs(4)) - len(opening.lstrip())) // 4
    )
