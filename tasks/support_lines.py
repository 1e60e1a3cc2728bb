"""The three lines at the end of a probe by hand, which support can paste to a customer.

They put a result into words and open no connection, so they belong to this task and not to `checks/`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from checks.probing import ProbeResult
from checks.reason_words import WORDS
from constat.interval import Instant
from constat.model import Outcome
from tasks.domain_health import NamedResult


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


def format_health(wording: ProbeWording, domain: str, rows: Sequence[NamedResult]) -> SupportLines:
    """Put the health of a domain into words."""
    good = [row for row in rows if row.result.outcome is Outcome.UP]
    unknown = [row for row in rows if row.result.outcome is Outcome.UNKNOWN]
    bad = [row for row in rows if row not in good and row not in unknown]
    counts = {"good": len(good), "all": len(rows) - len(unknown)}
    names = _join_names(bad)
    verdict = wording.say("health", bad=names, **counts) if bad else wording.say("healthy", **counts)
    reasons = "; ".join(f"{row.name}: {row.result.reason}" for row in bad)
    details = [wording.say("detail", reason=reasons)] if bad else []
    details += [wording.say("unchecked", bad=_join_names(unknown))] if unknown else []
    return wording.say("heading", what=domain, when=wording.when), verdict, " ".join(details)


def _join_names(rows: Sequence[NamedResult]) -> str:
    return ", ".join(row.name for row in rows)


def format_time(now: Instant, language: str, zone: str) -> str:
    """Format a time with its zone, by the conventions of a language."""
    from babel.dates import format_datetime, get_timezone  # noqa: PLC0415 -- only a probe by hand needs it here

    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    return format_datetime(moment, "long", tzinfo=get_timezone(zone), locale=language)
