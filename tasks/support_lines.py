"""The three lines at the end of a probe by hand, which support can paste to a customer.

They put a result into words and open no connection, so they belong to this task and not to `checks/`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from checks.probing import ProbeResult
from checks.reason_words import WORDS
from constat.interval import Instant
from constat.model import Outcome


class ProbeWording(NamedTuple):
    """The texts of one language: `texts` as in templates/probe.yml; `when`: the formatted time of the probe."""

    texts: Mapping[str, Any]
    language: str
    when: str

    def say(self, key: str, **values: object) -> str:
        """Return a text with its values filled in; in English if the language lacks it."""
        by_language = self.texts[key]
        text: str = by_language.get(self.language, by_language["en"])
        return text.format(**values)

    def explain(self, result: ProbeResult) -> str:
        """Explain a result to a customer in one sentence."""
        if result.outcome is Outcome.UP:
            return self.say("up", time=f"{result.latency_ms} ms")
        word = result.reason.partition(" ")[0]
        if result.outcome is Outcome.UNKNOWN or WORDS[word].outcome is Outcome.UNKNOWN:
            return self.say("ours")
        by_language = self.texts["words"][word]
        return str(by_language.get(self.language, by_language["en"]))


SupportLines = tuple[str, str, str]
"""The subject and the time of the probe; what its result means; the technical detail."""


def format_probe(wording: ProbeWording, heading: str, result: ProbeResult) -> SupportLines:
    """Put the result of one probe into words."""
    steps = wording.say("steps", reason=", ".join(step.name for step in result.steps))
    detail = wording.say("detail", reason=result.reason) if result.reason else steps
    return wording.say("heading", what=heading, when=wording.when), wording.explain(result), detail


def format_time(now: Instant, language: str, zone: str) -> str:
    """Format a time with its zone, by the conventions of a language."""
    from babel.dates import format_datetime, get_timezone  # noqa: PLC0415 -- only a probe by hand needs it here

    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    return format_datetime(moment, "long", tzinfo=get_timezone(zone), locale=language)
