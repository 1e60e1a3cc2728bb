"""What a probe by hand saw, in three lines that support can paste to a customer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from checks.domain_health import Row
from checks.probing import ProbeResult
from checks.reasons import WORDS
from constat.interval import Instant
from constat.model import Outcome


class Wording(NamedTuple):
    """Texts of one language: `texts` as in templates/probe.yml, `when` the time as it is written there."""

    texts: Mapping[str, Any]
    language: str
    when: str

    def say(self, key: str, **values: object) -> str:
        """A text, filled in. A language that has none falls back to English."""
        by_language = self.texts[key]
        text: str = by_language.get(self.language, by_language["en"])
        return text.format(**values)

    def meaning(self, seen: ProbeResult) -> str:
        """What an outcome and a reason mean, in a sentence for a customer."""
        if seen.outcome is Outcome.UP:
            return self.say("up", time=f"{seen.latency_ms} ms")
        word = seen.reason.partition(" ")[0]
        if seen.outcome is Outcome.UNKNOWN or WORDS[word].outcome is Outcome.UNKNOWN:
            return self.say("ours")
        by_language = self.texts["words"][word]
        return str(by_language.get(self.language, by_language["en"]))


def format_probe(wording: Wording, what: str, seen: ProbeResult) -> tuple[str, str, str]:
    """What was looked at and when; what it means; the technical detail."""
    steps = wording.say("steps", reason=", ".join(step.name for step in seen.steps))
    detail = wording.say("detail", reason=seen.reason) if seen.reason else steps
    return wording.say("heading", what=what, when=wording.when), wording.meaning(seen), detail


def format_health(wording: Wording, domain: str, rows: Sequence[Row]) -> tuple[str, str, str]:
    """The same of a whole domain."""
    good = [row for row in rows if row.seen.outcome is Outcome.UP]
    unknown = [row for row in rows if row.seen.outcome is Outcome.UNKNOWN]
    bad = [row for row in rows if row not in good and row not in unknown]
    counts: dict[str, Any] = {"good": len(good), "all": len(rows) - len(unknown)}
    verdict = wording.say("health", bad=_named(bad), **counts) if bad else wording.say("healthy", **counts)
    reasons = "; ".join(f"{row.name}: {row.seen.reason}" for row in bad)
    third = [wording.say("detail", reason=reasons)] if bad else []
    third += [wording.say("unchecked", bad=_named(unknown))] if unknown else []
    return wording.say("heading", what=domain, when=wording.when), verdict, " ".join(third)


def _named(rows: Sequence[Row]) -> str:
    return ", ".join(row.name for row in rows)


def format_time(now: Instant, language: str, zone: str) -> str:
    """A time as the language writes it, with its zone."""
    from babel.dates import format_datetime, get_timezone

    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    return format_datetime(moment, "long", tzinfo=get_timezone(zone), locale=language)
