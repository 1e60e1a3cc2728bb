"""A notice read as a customer would read it: hints of what it leaves open, and of words that only its writers know.

Hints are never errors: whoever writes at night may have good reasons. They are few on purpose, and look only at what can
still be improved: the newest post of a notice that is not over, and what its first post says of the consequences.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from constat.errors import Problem
from constat.interval import HOUR_S, MINUTE_S, Instant, format_instant
from constat.model import Notice, NoticeText

FRESH_S: Final = 24 * HOUR_S
"""How long after its last update a notice that is over is still read."""

_EARLIER_S: Final = 2 * MINUTE_S
"""How much earlier than a notice says an outage must have begun to be worth a hint."""

_NEWS: Final = re.compile(
    r"next|news\b|update|updating|keep you|inform|within|shortly"
    r"|nouvel|prochain|informer|au plus tard|avant \d"
    r"|nachricht|bericht|nächste|spätestens|informier|melden uns|auf dem laufenden"
    r"|noticia|próxim|informar|a más tardar|actualiz"
    r"|notizi|aggiorn|prossim|informer|al più tardi"
    r"|\d\d?(:|\u202f?h\u202f?|\u00a0?h\u00a0?| h |\.)\d\d",
    re.IGNORECASE,
)
"""Words by which a text promises more news, in the languages of our translations, or a time of day."""

_CONSEQUENCE: Final = re.compile(
    r"\b(not|no|un\w+able|can't|cannot|won't|isn't|aren't|doesn't|don't|without)\b"
    r"|down|slow|delay|late\b|longer|queue|wait|fail|error|refus|reject|lost|lose|loss|miss|interrupt|stop|broken|drop"
    r"|outage|disrupt|problem|issue|trouble|affect|impact|impair|partial|intermittent|time.?out|degrad|limit|reduced"
    r"|(un|in)available|unavailability|unreachable|offline|respon|block|wrong|incomplete|duplicate|twice|spam|downtime"
    r"|maintenance|restart|reboot|read.only|working|works|need"
    r"|\bne\b|\bn'|\bn\u2019|pas\b|aucun|sans\b|plus\b|panne|lent|retard|attente|attend|échou|échec|erreur|perdu|perte|manqu"
    r"|arrêt|indisponib|injoignab|inaccessib|touch|problème|perturb|incomplet|refusé|coup"
    r"|nicht|kein|ausfall|ausgefallen|langsam|verzöger|verspät|warte|fehl|verloren|verlust|unterbr|gestört|störung"
    r"|unerreichbar|betroffen|eingeschränkt|abgewiesen|beeinträchtig|dauer"
    r"|\bno\b|sin\b|falta|caíd|lent|retras|demora|espera|fall|error|perd|pérdida|interrupci|afectad|rechaz|problema|indisponib"
    r"|\bnon\b|senza\b|guast|ritard|attesa|errore|pers[oaie]\b|perdit|interru|interessat|rifiut|mancan|disservizi",
    re.IGNORECASE,
)
"""Words by which a text says what customers notice, or that they notice nothing."""

_JARGON: Final[Mapping[str, str]] = {
    r"[45]xx": "which requests fail",
    r"HTTP/?[12]?\.?[01]? ?[45]\d\d": "which requests fail",
    r"RCA": "the cause",
    r"ETA": "when it will work again, or when you will know",
    r"mitigat(?:e|es|ed|ing|ions?)": "what has been done, and what it changes for customers",
    r"degraded (?:performance|state|service)": "slow, or with errors",
    r"(?:elevated|increased) (?:error rates?|latency|latencies)": "slow, or with errors, and for whom",
    r"latency|latence|latenz|latencia|latenza": "slow answers",
    r"packet ?loss": "interrupted connections",
    r"failed over|fail-?over": "what it changes for customers",
    r"roll(?:ed|ing)?[ -]?backs?": "that the change was undone",
    r"hot-?fix(?:es|ed)?": "that it was repaired",
    r"kubernetes|k8s|kubelet|kernel panic|OOM(?:[ -]?kill\w*)?|segfault": "what customers notice",
    r"(?:load ?balancer|reverse proxy|ingress|egress)s?": "what customers notice",
    r"(?:redis|postgres(?:ql)?|mysql|mariadb|mongodb|elasticsearch|rabbitmq|kafka|etcd|nginx|haproxy)": (
        "what it does for customers"
    ),
    r"SLO|SLI|MTTR|P0|P1|SEV-?[0-3]": "what customers notice",
}
"""Words that only engineers know, as patterns -> what to write instead. A service that is called by one may be named."""

_WORDS: Final = re.compile("|".join(rf"(?<![\w-])(?:{word})(?![\w-])" for word in _JARGON), re.IGNORECASE)


def find_hints(
    notice: Notice, now: Instant, down_since: Instant | None, own_words: Iterable[str]
) -> Iterator[Problem]:
    """Find what a customer would miss in a notice, or not understand. One that is long over is not read.

    `down_since`: since when one of its services was measured down, where that is known. `own_words`: how the services
    are called, and described.
    """
    last = notice.updates[-1].at if notice.updates else notice.starts
    if notice.is_over(now) and now - last > FRESH_S:
        return
    text = notice.text_in(next(iter(notice.texts)))
    yield from _find_missing_time(notice, down_since)
    yield from _find_missing_consequence(notice, text)
    yield from _find_missing_news(notice, text, now)
    yield from _find_jargon(notice, text, " ".join(own_words).lower())


def _hint(notice: Notice, line: int, message: str, instead: str) -> Problem:
    return Problem(notice.path, line, 0, message, instead, "hint")


def _find_missing_time(notice: Notice, down_since: Instant | None) -> Iterator[Problem]:
    """An incident that begins with its first post, though our checks saw it earlier."""
    if notice.kind == "incident" and down_since is not None and notice.starts - down_since >= _EARLIER_S:
        message = "it does not say since when: our checks saw an outage earlier"
        yield _hint(
            notice, 1, message, f"write starts: {format_instant(down_since)} at the top, if it began then"
        )


def _find_missing_consequence(notice: Notice, text: NoticeText) -> Iterator[Problem]:
    """A notice whose first words do not say what customers notice."""
    first = text.text or (text.updates[0].text if text.updates else "")
    has_none = notice.kind == "incident" and {notice.first_impact, notice.impact} == {"none"}
    if not first or has_none:
        return
    if not _CONSEQUENCE.search(f"{text.title}. {first}"):
        line = 1 if text.text or not notice.updates else notice.updates[0].line
        yield _hint(
            notice, line, "it does not say what customers notice", "say what does not work, and for whom"
        )


def _find_missing_news(notice: Notice, text: NoticeText, now: Instant) -> Iterator[Problem]:
    """An open incident that promises no more news."""
    is_waiting = notice.is_open_incident(now) and notice.state in ("investigating", "identified")
    if is_waiting and notice.next is None and text.updates and not _NEWS.search(text.updates[-1].text):
        message = "it does not say when customers hear from you again"
        yield _hint(
            notice, notice.updates[-1].line, message, "write next: TIME below the heading of the update"
        )


def _find_jargon(notice: Notice, text: NoticeText, own_words: str) -> Iterator[Problem]:
    """Words that only engineers know, each once, in the newest post; a postmortem may explain them."""
    newest = text.updates[-1] if text.updates else None
    if newest is not None and newest.state == "postmortem":
        return
    line = notice.updates[-1].line if newest is not None else 1
    read = newest.text if newest is not None else text.text
    for plain, word in {match[0].lower(): match[0] for match in _WORDS.finditer(read)}.items():
        if plain not in own_words:
            yield _hint(
                notice, line, f"customers may not know what {word!r} means", f"write {_explain(word)}"
            )


def _explain(word: str) -> str:
    return next(instead for pattern, instead in _JARGON.items() if re.fullmatch(pattern, word, re.IGNORECASE))
