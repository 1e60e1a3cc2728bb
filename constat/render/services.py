"""What the page of one service says of its checks, its outages and its notices."""

from markupsafe import Markup

from constat.model import Figures
from constat.page import Page, ServiceOutage, ShownCheck, ShownNotice, ShownService
from constat.words import Language


def address(service: ShownService) -> str:
    """Where a service's page is, below its language."""
    return f"services/{service.id}/"


def check_words(check: ShownCheck, language: Language) -> Markup:
    """What a check looks at and what it expects, as far as that is anybody's business."""
    say = language.say
    expected = {
        "http": say("a page that answers as it should"),
        "tcp": say("a port that takes connections"),
        "smtp": say("a mail server that greets, encrypts and takes our mail"),
        "imap": say("a mailbox that opens"),
        "mail": say("a message that arrives"),
        "dns": say("a name that resolves as it should"),
        "mx": say("mail servers that are named and answer"),
        "spf": say("a valid SPF record"),
        "dkim": say("a valid DKIM key"),
        "dmarc": say("a valid DMARC policy"),
        "blocklist": say("addresses that stand on no blocklist"),
        "tls": say("a certificate that is valid and will be"),
        "smpp": say("an SMS gateway that takes our session"),
        "exec": say("a test of our own that succeeds"),
    }
    words = expected.get(check.kind, Markup("{}").format(check.kind))
    if not check.host:
        return words
    return say("%(host)s: %(expected)s", host=check.host, expected=words)


def looked(service: ShownService, language: Language) -> Markup:
    """How many of the promised checks were made of late, and how long nothing was measured: our own record."""
    day, month = service.last_day, service.month
    return language.say(
        "Last 24 hours: %(made)s of %(promised)s promised checks made; longest time without measurement: %(gap)s.",
        **_record(day, language),
    ) + (
        Markup(" ")
        + language.say(
            "This month: %(made)s of %(promised)s; longest time without measurement: %(gap)s.",
            **_record(month, language),
        )
    )


def _record(figures: Figures, language: Language) -> dict[str, str]:
    return {
        "made": language.number(min(figures.made, figures.expected)),
        "promised": language.number(figures.expected),
        "gap": language.duration(figures.longest_gap_s),
    }


CHECK_STATES = {"up": "up", "degraded": "degraded", "down": "outage", "unknown": "nodata"}
"""Outcome -> state of the stylesheet and of its icon."""


def check_state(check: ShownCheck) -> str:
    """The state of the last look at a check, as the stylesheet names it."""
    return CHECK_STATES[check.newest.outcome.value] if check.newest else "nodata"


def check_found(check: ShownCheck, language: Language) -> Markup:
    """What the last look at a check found, and when."""
    say = language.say
    if check.newest is None:
        return say("Not checked yet")
    found = {
        "up": say("In order"),
        "degraded": say("Weak"),
        "down": say("To be corrected"),
        "unknown": say("Could not be checked"),
    }[check.newest.outcome.value]
    return say("%(found)s (%(time)s)", found=found, time=language.moment(check.newest.at))


def check_part(check: ShownCheck, language: Language) -> Markup:
    """Whether a check counts."""
    return {
        "availability": language.say("counts for availability"),
        "performance": language.say("shows as a disturbance only"),
        "nothing": language.say("does not count, for our own information"),
    }[check.affects]


def vantages(service: ShownService, language: Language) -> Markup:
    """From where a service is looked at."""
    return language.listing(
        sorted({vantage for check in service.rules.checks.values() for vantage in check.vantages})
    )


def outages(service: ShownService) -> tuple[ServiceOutage, ...]:
    """The outages of the shown days, the newest first."""
    newest = service.standing.newest
    return tuple(
        ServiceOutage(
            service.id,
            outage,
            ongoing=not outage.recovered and newest is not None and outage.start <= newest < outage.end,
        )
        for outage in service.outages
    )


def notices(page: Page, service: ShownService) -> tuple[ShownNotice, ...]:
    """The notices that name a service, the latest to begin first."""
    return tuple(shown for shown in page.notices if service.id in shown.notice.services)


DELIVERABILITY = frozenset({"mail", "spf", "dkim", "dmarc", "mx", "blocklist", "imap"})
"""The kinds of check that look at whether messages arrive."""


def deliverability(page: Page) -> tuple[tuple[ShownService, ShownCheck], ...]:
    """The checks that look at whether messages arrive, each with its service."""
    return tuple(
        (service, check)
        for service in page.services
        for check in service.checks
        if check.kind in DELIVERABILITY
    )
