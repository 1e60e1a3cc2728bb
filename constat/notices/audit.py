"""Warnings about what the sanitiser removes from a text, so that nobody wonders where it went."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Final, NamedTuple

from constat.notices import markup
from constat.notices.context import NoticeContext
from constat.notices.source import Problems, Section
from constat.text.suggest import did_you_mean

TRANSLATE: Final = "translate"
"""The comment `<!-- translate -->` marks a text that is still to be translated, and is refused."""

UNTRANSLATED: Final = "not translated yet"

FILL_IN: Final = "fill in"
"""The comment `<!-- fill in: what -->` marks a place that is still to be written, and is refused."""

NOT_FILLED_IN: Final = "not filled in yet"

_MADE_BY_MARKDOWN: Final = {("code", "class"), ("th", "style"), ("td", "style")}


_SUSPECT: Final = re.compile(
    r"<(?!/?(?:p|em|strong|ul|ol|li|code|pre|blockquote|h[3-6]|table|thead|tbody|tr|th|td|del|a)>"
    r'|a href="(?:https?://[A-Za-z0-9.-]+(?:[/?#][^"]*)?|mailto:[^"]*|tel:[^"]*)">|[bh]r>)'
)
"""A tag that is not exactly as Markdown writes it: most texts have none, and need no closer inspection."""


_TOP_HEADINGS: Final = {
    "h1": r"^ {0,3}#(?:[ \t]|$)|^[^\n]+\n {0,3}=+ *$",
    "h2": r"^ {0,3}##(?:[ \t]|$)|^[^\n]+\n {0,3}-+ *$",
}
"""Patterns of headings of the first two levels (CommonMark 4.2, 4.3)."""


class Loss(NamedTuple):
    """Something that is not published. `needle`: what to search for in the text; `pattern`: how it is written, if it is."""

    needle: str
    message: str
    hint: str
    error: bool
    pattern: str = ""


def find_losses(section: Section, raw: str, problems: Problems, context: NoticeContext) -> None:
    """Note what is not published of a converted text, each thing once, on its line."""
    losses = [*_find_bidi(raw), *(_parse_losses(raw, context) if _SUSPECT.search(raw) else ())]
    for loss in dict.fromkeys(losses):
        line, column = _locate(loss, section)
        (problems.soft_error if loss.error else problems.warning)(line, loss.message, loss.hint, column)


def _locate(loss: Loss, section: Section) -> tuple[int, int]:
    """Find the line and column of what is lost; only the line on which the text begins where it is written differently."""
    text = section.text
    written = re.search(loss.pattern, text, re.MULTILINE) if loss.pattern else None
    index = written.start() if written else text.lower().find(loss.needle.lower())
    if index < 0:
        return section.line, 0
    return section.line + text.count("\n", 0, index), index - text.rfind("\n", 0, index)


def _find_bidi(raw: str) -> Iterator[Loss]:
    """Find a character that changes the direction of writing, written as it is or as an entity."""
    if raw.isascii() and "&" not in raw:
        return
    if markup.find_bidi_character(unescape(raw)):
        match = markup.find_bidi_character(raw)
        needle = match[0] if match else "&"
        message = "a character that changes the direction of writing is removed"
        yield Loss(needle, message, "write the words in the order in which they are read", error=False)


class _Reader(HTMLParser):
    """Collects the tags, comments and declarations of HTML, and the closing tags of elements that were never opened."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.closing: list[str] = []
        self.comments: list[str] = []
        self.declared: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in (opened for opened, _ in self.tags):
            self.closing.append(tag)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_decl(self, decl: str) -> None:
        self.declared.append(f"<!{decl.partition(' ')[0]}")

    def handle_pi(self, data: str) -> None:
        self.declared.append(f"<?{data.partition(' ')[0]}")

    def unknown_decl(self, data: str) -> None:
        self.declared.append(f"<![{data.partition('[')[0]}")


def _parse_losses(raw: str, context: NoticeContext) -> Iterator[Loss]:
    reader = _Reader()
    reader.feed(raw)
    reader.close()
    for comment in reader.comments:
        yield _report_comment(comment)
    for tag, attributes in reader.tags:
        if tag not in markup.TAGS:
            yield _report_tag(tag)
            continue
        yield from _report_attributes(tag, attributes)
        if tag == "img":
            yield from _check_picture(attributes.get("src", ""), context)
        elif tag == "a":
            yield from _check_link(attributes.get("href", ""), context)
    yield from (_report_tag(tag, "</") for tag in reader.closing if tag not in markup.TAGS)
    for words in reader.declared:
        yield Loss(words, f"{words} is removed", "write it in Markdown", error=False)


def _report_tag(tag: str, opening: str = "<") -> Loss:
    if tag in ("h1", "h2"):
        message = "a top-level heading is turned into plain text"
        return Loss("#", message, "begin it with ###", error=False, pattern=_TOP_HEADINGS[tag])
    with_content = " with its content" if tag in markup.SWALLOWED else ""
    words = f"{opening}{tag}"
    return Loss(words, f"{words}> is removed{with_content}", "write it in Markdown", error=False)


def _report_comment(comment: str) -> Loss:
    if comment.lower().startswith(TRANSLATE):
        return Loss("<!--", UNTRANSLATED, "translate title and text, then remove the comment", error=True)
    if comment.lower().startswith(FILL_IN):
        hint = "write it in the place of the comment"
        return Loss("<!-- fill in", NOT_FILLED_IN, hint, error=True)
    return Loss("<!--", "a comment is removed", "write only what readers may see", error=False)


def _report_attributes(tag: str, attributes: dict[str, str]) -> Iterator[Loss]:
    for name in attributes:
        if name not in markup.ATTRIBUTES.get(tag, ()) and (tag, name) not in _MADE_BY_MARKDOWN:
            yield Loss(f"{name}=", f"{name} of <{tag}> is removed", "write it in Markdown", error=False)


def _check_picture(source: str, context: NoticeContext) -> Iterator[Loss]:
    path = markup.resolve_picture(source)
    if path is None:
        hint = "put the picture there and write ![what it shows](files/NAME.png)"
        yield Loss(source, f"the picture {source[:80]!r} is not under incidents/files/", hint, error=True)
    elif context.pictures is not None and f"incidents/{path}" not in context.pictures:
        known = [name.removeprefix("incidents/") for name in context.pictures]
        hint = did_you_mean(path, known, otherwise="add the file")
        yield Loss(source, f"the file incidents/{path} does not exist", hint, error=True)


def _check_link(target: str, context: NoticeContext) -> Iterator[Loss]:
    as_link = rf"(?<=\]\(){re.escape(target)}(?=[ )])"
    scheme = target.partition(":")[0].lower() if ":" in target else ""
    if scheme and scheme.isalnum():
        hint = f"links may begin with {', '.join(sorted(markup.SCHEMES))}"
        if scheme in markup.SCHEMES:
            hint = "write a URL that exists, without a user name and password in it"
        if not markup.is_kept(target):
            yield Loss(target, f"the link {target[:80]!r} is removed", hint, error=True, pattern=as_link)
        return
    path = markup.resolve_link(target)
    if path is None:
        hint = "link to another notice as STEM.md, to a file as files/NAME, or write the full URL"
        yield Loss(target, f"the link {target[:80]!r} leads nowhere", hint, error=True, pattern=as_link)
    elif path.startswith(markup.FILES):
        yield from _check_picture(target, context)
    elif path.split("/")[0] not in context.stems:
        stem = path.split("/")[0]
        hint = did_you_mean(stem, context.stems)
        yield Loss(target, f"the notice {stem} does not exist", hint, error=True, pattern=as_link)
