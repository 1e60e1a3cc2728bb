"""The message that a target reads: the templates of `templates/notify/`, filled."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from constat.i18n import Language
from constat.model import Target
from constat.notifications.bundling import build_bundle_entry
from constat.notifications.events import Event
from constat.page import Page
from constat.posts import join_plain_text
from constat.templating import build_environment, fill_template
from constat.text.published import as_html, as_plain_text

FOLDER = "notify"
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""Characters that would break a line, and runs of spaces; non-breaking spaces are kept."""


class MessageTemplates(NamedTuple):
    """The templates below `templates/notify/` that a message is made from; `html` is empty where the message is only text."""

    text: str
    html: str = ""


class Message(NamedTuple):
    """A subject on one line, and the content as text and as HTML; `html` may be empty."""

    subject: str
    text: str
    html: str = ""


class MessageSources(NamedTuple):
    """The sources of messages: a page, its languages, and the templates by their path below `templates/`."""

    page: Page
    languages: Mapping[str, Language]
    templates: Mapping[str, bytes]


def compose_message(
    sources: MessageSources, events: Sequence[Event], target: Target, templates: MessageTemplates
) -> Message:
    """Put an event, or several that share a message, into words for a target.

    Raises:
        InputError: a template is wrong.

    """
    page, language = sources.page, sources.languages[target.language]
    written = build_bundle_entry(page, events, language)
    entry = written._replace(
        title=as_plain_text(written.title), text=as_plain_text(written.text), html=as_html(written.html)
    )
    context: dict[str, Any] = {
        "entry": entry,
        "page": page,
        "target": target,
        "language": language,
        "say": partial(join_plain_text, language),
    }
    text, html = (
        _fill(sources.templates, name, context) if name else "" for name in (templates.text, templates.html)
    )
    return Message(_BREAKS.sub(" ", entry.title).strip(), text, html)


def _fill(templates: Mapping[str, bytes], name: str, context: Mapping[str, Any]) -> str:
    """Fill a template: what is put into HTML is escaped, what is put into text is not."""
    environment = build_environment(templates, escapes=name.endswith(".html"))
    return fill_template(environment, f"{FOLDER}/{name}", context).strip() + "\n"
