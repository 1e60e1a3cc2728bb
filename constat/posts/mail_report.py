"""The report on a domain's mail that support reads out or pastes: what was found, what is expected, what to change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language, message
from constat.model import Outcome
from constat.posts.mail_findings import EXPECTED, Sight, describe_finding

_UNUSED = frozenset(
    ("record no MTA-STS", "record no TLSA", "record no TLSRPT", "record no BIMI", "record BIMI declined")
)
"""Reasons that name something optional, which a domain may do without."""


class ReportRow(NamedTuple):
    """The result of one check of the domain. `reason` is empty where all is well."""

    sight: Sight
    outcome: Outcome
    reason: str = ""

    @property
    def is_unused(self) -> bool:
        """Whether the check is about something optional that the domain does not use."""
        return self.reason in _UNUSED

    @property
    def is_bad(self) -> bool:
        """Whether there is something to change."""
        return self.outcome in (Outcome.DOWN, Outcome.DEGRADED) and not self.is_unused


class MailReport(NamedTuple):
    """A domain and its checks, in the order of the report."""

    domain: str
    rows: Sequence[ReportRow]


class ExplainedRow(NamedTuple):
    """A row in words. `found` and `change` are empty where all is well or nothing could be found out."""

    name: str
    state: str
    expected: str
    found: str = ""
    change: str = ""


NO_SELECTOR = "settings no selector"
"""The reason of a DKIM check without a selector, where none of the usual ones has a key."""

_NAMES: Mapping[str, str] = {
    "dns": message("Name servers"),
    "mx": message("Mail servers (MX)"),
    "tls": message("Certificate of the mail server"),
    "tlsrpt": message("Reports on TLS (TLSRPT)"),
    "blocklist": message("Blocklists"),
}
"""Kinds whose names are translated; the others have the same abbreviation in every language."""

_ABBREVIATIONS: Mapping[str, str] = {
    "spf": "SPF",
    "dkim": "DKIM",
    "dmarc": "DMARC",
    "mtasts": "MTA-STS",
    "dane": "DANE",
    "bimi": "BIMI",
}

_STATES: Mapping[Outcome, str] = {
    Outcome.UP: message("Good"),
    Outcome.DEGRADED: message("Could be better"),
    Outcome.DOWN: message("Needs fixing"),
    Outcome.UNKNOWN: message("Could not be checked"),
}


def explain_row(row: ReportRow, language: Language) -> ExplainedRow:
    """Put one result into plain text."""
    state, expected = _say(language, _STATES[row.outcome]), _say(language, EXPECTED[row.sight.kind])
    explained = ExplainedRow(_name_check(row.sight, language), state, expected)
    if row.is_unused:
        return explained._replace(state=_say(language, message("Not in use")))
    if not row.is_bad:
        return explained
    finding = describe_finding(row.sight, row.reason, language)
    return explained._replace(found=finding.found.unescape(), change=finding.change.unescape())


def write_report(report: MailReport, when: str, language: Language) -> Iterator[str]:
    """Write the report as lines: what is wrong first, in full; then what is in order, and what could not be checked."""
    yield _say(language, message("Mail of %(domain)s, checked on %(when)s"), domain=report.domain, when=when)
    yield summarize_report(report, language)
    for row in sorted(report.rows, key=lambda row: row.outcome is not Outcome.DOWN):
        yield from _write_finding(explain_row(row, language), language)
    yield ""
    for outcome, words in _LISTED.items():
        yield from _list_names(words, [row for row in report.rows if row.outcome is outcome], language)
    unused = message("Not in use, and not required: %(names)s.")
    yield from _list_names(unused, [row for row in report.rows if row.is_unused], language)
    yield from _write_hints(report, language)


_LISTED: Mapping[Outcome, str] = {
    Outcome.UP: message("In order: %(names)s."),
    Outcome.UNKNOWN: message("Could not be checked from here: %(names)s."),
}


def _list_names(words: str, rows: Sequence[ReportRow], language: Language) -> Iterator[str]:
    """A line that names the checks of these rows, if there are any."""
    if rows:
        yield _say(language, words, names=", ".join(_name_check(row.sight, language) for row in rows))


def summarize_report(report: MailReport, language: Language) -> str:
    """Say how much of a domain is in order, in a sentence; what is not in use does not count."""
    return summarize([row.outcome for row in report.rows if not row.is_unused], language).unescape()


def summarize(outcomes: Sequence[Outcome], language: Language) -> Markup:
    """Say how much is in order, in a sentence; `outcomes` has one for each check."""
    bad = sum(outcome in (Outcome.DOWN, Outcome.DEGRADED) for outcome in outcomes)
    if bad:
        return language.say_many("%(n)s point to improve.", "%(n)s points to improve.", bad)
    if Outcome.UNKNOWN in outcomes:
        return language.say("Nothing found that needs changing; not all could be checked.")
    return language.say("Everything is in order.")


def _write_finding(row: ExplainedRow, language: Language) -> Iterator[str]:
    if not row.found:
        return
    yield ""
    yield _say(language, message("%(host)s: %(expected)s"), host=row.name, expected=row.state)
    yield "  " + _say(language, message("Found: %(what)s"), what=row.found)
    yield "  " + _say(language, message("Expected: %(what)s"), what=row.expected)
    yield "  " + _say(language, message("To change: %(what)s"), what=row.change)


def _write_hints(report: MailReport, language: Language) -> Iterator[str]:
    """Say what to ask for next: the selector if we have none, a message if the records explain nothing."""
    if any(row.reason == NO_SELECTOR for row in report.rows):
        yield _say(
            language,
            message(
                "For DKIM we need the selector: it follows s= in the line DKIM-Signature of a message's source."
            ),
        )
    if not any(row.is_bad for row in report.rows):
        yield _say(
            language,
            message(
                "If mail still arrives as spam, the reason lies in the message or the sender's reputation: send us one as an attachment, with all its headers."
            ),
        )


def _name_check(sight: Sight, language: Language) -> str:
    name = _NAMES.get(sight.kind)
    plain = _say(language, name) if name else _ABBREVIATIONS[sight.kind]
    return f"{plain} ({sight.selector})" if sight.selector else plain


def _say(language: Language, words: str, **values: str) -> str:
    return language.say(words, **values).unescape()
