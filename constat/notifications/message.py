"""What a target reads: the templates of `templates/notify/`, filled."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from constat.i18n import Language
from constat.model import Target
from constat.notifications.events import Event
from constat.page import Page
from constat.posts import join_plain_text

FOLDER = "notify"
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""What may not stand on one line, and several spaces; spaces that do not break stay."""


class Message(NamedTuple):
    """A subject on one line, and the same as text and as HTML. `html` is empty for what is not mail."""

    subject: str
    text: str
    html: str


def compose_message(
    page: Page, happening: Event, target: Target, language: Language, templates: Mapping[str, bytes]
) -> Message:
    """Say what happened to a target."""
    entry = happening.entry(page, language)
    context: dict[str, Any] = {
        "entry": entry,
        "page": page,
        "target": target,
        "language": language,
        "say": partial(join_plain_text, language),
    }
    subject = _BREAKS.sub(" ", entry.title).strip()
    if not target.email:
        return Message(subject, _filled(templates, "chat.txt", context), "")
    return Message(subject, _filled(templates, "mail.txt", context), _filled(templates, "mail.html", context))


def _filled(templates: Mapping[str, bytes], name: str, context: Mapping[str, Any]) -> str:
    """A template, filled: what is put into HTML is escaped, what is put into text is not."""
    from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415 -- only where something is told

    path = f"{FOLDER}/{name}"
    environment = Environment(
        loader=DictLoader({path: templates[path].decode()}),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(path).render(context).strip() + "\n"
