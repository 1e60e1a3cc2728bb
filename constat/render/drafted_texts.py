"""Texts of a notice that the checks begin: what was measured of each service, in one language, in Markdown."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Final

from constat.availability import Fall
from constat.i18n import Language
from constat.model import LocalText
from constat.render.reasons import REASONS

_TAG: Final = re.compile(r"<[^>]*>")


def describe_falls(falls: Iterable[Fall], names: Mapping[str, LocalText], language: Language) -> str:
    """Describe since when each service is down and what was seen: a line for each, below a line that says who saw it."""
    lines = [_describe(fall, language.name(names[fall.service]), language) for fall in falls]
    head = language.say_raw("Detected automatically:")
    return "\n".join([head, "", *(f"- {line}" for line in lines)])


def _describe(fall: Fall, name: str, language: Language) -> str:
    since = unescape(_TAG.sub("", language.since(fall.start)))
    seen = REASONS.get(fall.reason.partition(" ")[0])
    if seen is None:
        return language.say_raw("%(service)s: %(since)s") % {"service": name, "since": since}
    words = {"service": name, "since": since, "seen": language.say_raw(seen)}
    return language.say_raw("%(service)s: %(since)s, %(seen)s") % words
