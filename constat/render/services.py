"""What the page of one service says of its checks, its outages and its notices."""

from collections.abc import Mapping

from markupsafe import Markup

from constat.i18n import Language, message
from constat.interval import DAY_S, HOUR_S, MINUTE_S
from constat.model import Affects, Figures
from constat.page import Page, ServiceOutage, ShownCheck, ShownNotice, ShownService
from constat.posts import addresses
from constat.render.kind_words import KIND_WORDS
from constat.render.notice_texts import span


def address(service: ShownService) -> str:
    """Where a service's page is, below its language."""
    return addresses.service_path(service.id)


def check_words(check: ShownCheck, language: Language) -> Markup:
    """What a check looks at and what it expects, as far as that is anybody's business."""
    expected = language.say(KIND_WORDS[check.kind].expectation)
    if not check.subject:
        return expected
    return language.say("%(host)s: %(expected)s", host=check.subject, expected=expected)


def looked(service: ShownService, language: Language) -> Markup:
    """How many of the promised checks were made of late, and how long nothing was measured: our own record."""
    day = language.say(
        "Last 24 hours: %(made)s of %(promised)s promised checks made; longest time without measurement: %(gap)s.",
        **_record(service.last_day, language),
    )
    month = language.say(
        "This month: %(made)s of %(promised)s; longest time without measurement: %(gap)s.",
        **_record(service.month, language),
    )
    return Markup(" ").join((day, month))


def _record(figures: Figures, language: Language) -> dict[str, str]:
    return {
        "made": language.number(figures.made),
        "promised": language.number(figures.expected),
        "gap": language.duration(figures.longest_gap_s),
    }


CHECK_STATES = {"up": "up", "degraded": "degraded", "down": "outage", "unknown": "nodata"}
"""Outcome -> state of the stylesheet and of its icon."""


def check_state(check: ShownCheck) -> str:
    """The state of the last look at a check, as the stylesheet names it."""
    return CHECK_STATES[check.newest.outcome.value] if check.newest else "nodata"


def check_found(check: ShownCheck, language: Language) -> Markup:
    """What the last look at a check found."""
    say = language.say
    if check.newest is None:
        return say("Not checked yet")
    return {
        "up": say("In order"),
        "degraded": say("Weak"),
        "down": say("To be corrected"),
        "unknown": say("Could not be checked"),
    }[check.newest.outcome.value]


def check_when(check: ShownCheck, language: Language) -> Markup:
    """When a check was last looked at, and how often it is."""
    rhythm = every(check.interval_s, language)
    if check.newest is None:
        return rhythm
    return Markup("{} · {}").format(language.moment(check.newest.at), rhythm)


_PARTS: Mapping[Affects, str] = {
    "availability": message("For availability:"),
    "performance": message("For disturbances only:"),
    "nothing": message("For information, without any effect on availability:"),
}


def parts(service: ShownService, language: Language) -> tuple[tuple[Markup, tuple[ShownCheck, ...]], ...]:
    """The checks of a service by what they count for, with the words for that."""
    return tuple(
        (language.say(words), checks)
        for affects, words in _PARTS.items()
        if (checks := tuple(check for check in service.checks if check.affects == affects))
    )


def every(interval_s: int, language: Language) -> Markup:
    """How often: `every minute`, `every 5 min`."""
    known = {MINUTE_S: message("every minute"), HOUR_S: message("every hour"), DAY_S: message("every day")}
    if interval_s in known:
        return language.say(known[interval_s])
    return language.say("every %(interval)s", interval=language.duration(interval_s))


def vantages(service: ShownService, language: Language) -> Markup:
    """From where a service is looked at."""
    return language.listing(
        sorted({vantage for check in service.rules.checks.values() for vantage in check.vantages})
    )


def outage_times(found: ServiceOutage, language: Language) -> Markup:
    """From when to when an outage was seen."""
    outage = found.outage
    if found.ongoing:
        return language.since(outage.start)
    seen = span(outage.start, outage.end, language)
    return seen if outage.recovered else language.say("%(times)s, then not measured", times=seen)


def notices(page: Page, service: ShownService) -> tuple[ShownNotice, ...]:
    """The notices that name a service, the latest to begin first."""
    return tuple(shown for shown in page.notices if service.id in shown.notice.services)


def deliverability(page: Page) -> tuple[tuple[ShownService, tuple[ShownCheck, ...]], ...]:
    """The services that have checks of whether messages arrive, each with these checks."""
    return tuple(
        (service, checks)
        for service in page.services
        if (checks := tuple(check for check in service.checks if KIND_WORDS[check.kind].deliverability))
    )
