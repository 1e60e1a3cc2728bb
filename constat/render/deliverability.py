"""The wording of the page about deliverability: domain by domain, what was found and what to change."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Outcome
from constat.page import Page, ShownCheck, ShownService
from constat.posts.mail_findings import EXPECTED, Finding, Sight, describe_finding
from constat.posts.mail_report import summarize
from constat.render.kind_words import describe_kind
from constat.render.services import describe_check

_URGENCY = (Outcome.DOWN, Outcome.DEGRADED, Outcome.UNKNOWN, None, Outcome.UP)


class WatchedDomain(NamedTuple):
    """A domain with its checks, each with its service, the most urgent first. `name` is empty for what has no domain."""

    name: str
    checks: tuple[tuple[ShownService, ShownCheck], ...]


def find_resolver_host(page: Page) -> str:
    """The host of the project's resolver that readers' browsers may ask."""
    return urlsplit(page.settings.resolver or "").hostname or ""


def list_domains(page: Page) -> tuple[WatchedDomain, ...]:
    """The domains whose mail is checked, in the order of status.yml; checks without a domain come last."""
    checks = sorted(_list_checks(page), key=lambda pair: not _find_domain(pair[1]))
    names = list(dict.fromkeys(_find_domain(check) for _, check in checks))
    by_name = sorted(checks, key=lambda pair: (names.index(_find_domain(pair[1])), _rank_urgency(pair[1])))
    return tuple(
        WatchedDomain(name, tuple(group))
        for name, group in groupby(by_name, lambda pair: _find_domain(pair[1]))
    )


def _list_checks(page: Page) -> Iterator[tuple[ShownService, ShownCheck]]:
    for service in page.services:
        yield from ((service, check) for check in service.checks if describe_kind(check.kind).deliverability)


def _find_domain(check: ShownCheck) -> str:
    return Sight(check.kind, check.subject).domain


def _rank_urgency(check: ShownCheck) -> int:
    return _URGENCY.index(check.newest.outcome if check.newest else None)


def name_domain(domain: WatchedDomain, language: Language) -> str | Markup:
    """The heading of a domain."""
    return domain.name or language.say("Our addresses")


def summarize_domain(domain: WatchedDomain, language: Language) -> Markup:
    """Say how much of a domain is in order; checks that were never made count as unknown."""
    outcomes = [check.newest.outcome if check.newest else Outcome.UNKNOWN for _, check in domain.checks]
    return summarize(outcomes, language)


def describe_mail_check(check: ShownCheck, language: Language) -> Markup:
    """The expectation of a check below the heading of its domain; a key is named by its selector."""
    selector = Sight(check.kind, check.subject).selector
    return describe_check(check._replace(subject=selector), language)


def find_trouble(check: ShownCheck, language: Language) -> Finding | None:
    """Say what a check found and what to change; `None` where all is well or nothing is known.

    A digest of an older schema has no reason for the latest result; the expectation is then added to the general words.
    """
    if check.newest is None or check.newest.outcome not in (Outcome.DOWN, Outcome.DEGRADED):
        return None
    finding = describe_finding(Sight(check.kind, check.subject), check.newest.reason, language)
    if check.newest.reason:
        return finding
    expected = language.say("Expected: %(what)s", what=language.say(EXPECTED[check.kind]))
    return finding._replace(found=Markup(" ").join((finding.found, expected)))
