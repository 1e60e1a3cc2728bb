"""Text that we publish, made safe for each kind of field. Whoever wrote it, it stays text; only this module decides how.

Pages are escaped by their templates. Everything else calls one of these functions, once, where the field is written:

| the field | the function |
| --- | --- |
| plain text by its own standard: Atom titles, JSON Feed, calendars, mail | `as_plain_text` |
| plain text in which a chat looks for names to alert | `as_chat_text` |
| text to some readers and HTML to others: titles and descriptions of RSS, what Statuspage's API says | `as_text_for_both` |
| markup that we write around it: badges | `as_html_text` |
| HTML: `content:encoded`, `content_html`, the HTML of mail | `as_html` (of what was sanitised or escaped before) |
"""

import re
from html import escape, unescape

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow (2.2, `Char`); no reader of any other field needs them either."""

_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (UAX #9): they reach beyond the text that they are in. Marks of one place are kept."""

_OPENS_MARKUP = re.compile(r"<(?=[A-Za-z/!?]|\Z)")
"""A `<` that begins a tag, a comment or a declaration (HTML, 13.2.5.6), or would do so with what a reader appends."""

_CALLS = re.compile(r"@(?=everyone\b|here\b|channel\b|all\b|room\b)|<(?=[!@#])", re.IGNORECASE)
"""The beginning of a name for everybody (Discord, Mattermost, Matrix) or any reference to someone (Slack, Discord)."""

_ZERO_WIDTH_SPACE = "\u200b"
"""A zero-width space: the words look the same, but no longer name anyone."""

_REFERENCE = re.compile(r"&(?:#[0-9A-Za-z]*|[0-9A-Za-z]+);?|&\Z")


def find_unfit_character(text: str) -> str:
    """Find the first character that no text needs: a control character, or one that changes the direction of what follows."""
    if text.isprintable():
        return ""
    match = _NOT_XML.search(text) or _DIRECTION.search(text)
    return match[0] if match else ""


def as_plain_text(text: str) -> str:
    """Make a text fit for a field of plain text: no character is left that XML does not allow, or that changes the direction."""
    return text if text.isprintable() else _DIRECTION.sub("", _NOT_XML.sub("", text))


def as_chat_text(text: str) -> str:
    """Make a text fit for a chat: it alerts nobody by name, neither everybody in a room nor one person."""
    return _CALLS.sub(f"\\g<0>{_ZERO_WIDTH_SPACE}", as_plain_text(text))


def as_html_text(text: str) -> str:
    """Make a text fit for the content or an attribute of an element."""
    return escape(as_plain_text(text))


def as_text_for_both(text: str) -> str:
    """Make a text fit for a field that some readers take for plain text and others for HTML.

    Only what HTML would not show as it is written is escaped: `R&D < 3` stays so, `<b>` and `&lt;` do not.
    """
    plain = as_plain_text(text)
    return _OPENS_MARKUP.sub("&lt;", _REFERENCE.sub(_escape_reference, plain))


def _escape_reference(match: re.Match[str]) -> str:
    """Escape an ampersand that HTML would take for the beginning of a character reference."""
    written = match[0]
    is_reference = written == "&" or unescape(written) != written
    return f"&amp;{written[1:]}" if is_reference else written


def as_html(html: str) -> str:
    """Make HTML that was sanitised or escaped before fit for a document that holds it."""
    return as_plain_text(html)
