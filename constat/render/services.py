"""The wording of a service's page: its checks, its outages and its notices."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from constat.i18n import Language, message
from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant
from constat.model import Affects, Figures
from constat.page import Page, ServiceOutage, ShownCheck, ShownNotice, ShownService
from constat.posts import addresses
from constat.posts.vantage_words import (
    describe_difference,
    describe_silence,
    describe_viewers,
    join_vantage_names,
)
from constat.render.kind_words import describe_kind
from constat.render.notice_texts import format_span


def page_path(service: ShownService) -> str:
    """The path of a service's page, below the folder of its language."""
    return addresses.service_path(service.id)


def describe_check(check: ShownCheck, language: Language) -> Markup:
    """The subject and the expectation of a check, without anything confidential."""
    own = language.name(check.words) if check.words else ""
    expected = own or language.say(describe_kind(check.kind).expectation)
    if not check.subject:
        return Markup("{}").format(expected)
    return language.say("%(host)s: %(expected)s", host=check.subject, expected=expected)


def describe_checks_made(service: ShownService, language: Language) -> Markup:
    """How many of the checks that were due were made in the last 24 hours and this month, and the longest gap between them.

    A day that lies outside the agreed hours has no promised check, and is not spoken of.
    """
    day = language.say(
        "Last 24 hours: %(made)s of %(promised)s checks made; longest time without measurement: %(gap)s.",
        **_build_record(service.last_day, language),
    )
    month = language.say(
        "This month: %(made)s of %(promised)s; longest time without measurement: %(gap)s.",
        **_build_record(service.month, language),
    )
    return Markup(" ").join((day, month) if service.last_day.expected else (month,))


def _build_record(figures: Figures, language: Language) -> dict[str, str]:
    return {
        "made": language.number(figures.made),
        "promised": language.number(figures.expected),
        "gap": language.duration(figures.longest_gap_s),
    }


_OUTCOME_CSS_CLASSES = {"up": "up", "degraded": "degraded", "down": "outage", "unknown": "nodata"}


def check_css_class(check: ShownCheck) -> str:
    """The CSS class of a check's latest result, which is also the name of its icon."""
    return _OUTCOME_CSS_CLASSES[check.newest.outcome.value] if check.newest else "nodata"


def describe_result(check: ShownCheck, language: Language) -> Markup:
    """The latest result of a check, in a word or two."""
    say = language.say
    if check.newest is None:
        return say("Not checked yet")
    return {
        "up": say("Good"),
        "degraded": say("Could be better"),
        "down": say("Needs fixing"),
        "unknown": say("Could not be checked"),
    }[check.newest.outcome.value]


def describe_check_time(check: ShownCheck, language: Language) -> Markup:
    """The time of a check's latest result, and how often it is made."""
    rhythm = describe_interval(check.interval_s, language)
    if check.newest is None:
        return rhythm
    return Markup("{} · {}").format(language.moment(check.newest.at), rhythm)


_GROUP_HEADINGS: Mapping[Affects, str] = {
    "availability": message("Counts towards availability:"),
    "performance": message("Shown as not working normally, never as down:"),
    "nothing": message("For information, with no effect on availability:"),
}


def group_checks(
    service: ShownService, language: Language
) -> tuple[tuple[Markup, tuple[ShownCheck, ...]], ...]:
    """The checks of a service grouped by what they affect, with a heading for each group."""
    return tuple(
        (language.say(heading), checks)
        for affects, heading in _GROUP_HEADINGS.items()
        if (checks := tuple(check for check in service.checks if check.affects == affects))
    )


def describe_interval(interval_s: int, language: Language) -> Markup:
    """How often a check is made: `every minute`, `every 5 min`."""
    common = {MINUTE_S: message("every minute"), HOUR_S: message("every hour"), DAY_S: message("every day")}
    if interval_s in common:
        return language.say(common[interval_s])
    return language.say("every %(interval)s", interval=language.duration(interval_s))


def join_vantages(page: Page, service: ShownService, language: Language) -> Markup:
    """The vantages of a service's checks, as a list in words."""
    vantages = {vantage for check in service.rules.checks.values() for vantage in check.vantages}
    return join_vantage_names(page, sorted(vantages), language)


def describe_views(page: Page, service: ShownService, language: Language) -> tuple[Markup, ...]:
    """Who sees the service down while others reach it, and who has fallen silent."""
    views = service.standing.views
    difference = describe_difference(page, views, language)
    return (*([difference] if difference else []), *describe_silence(page, views, language))


def describe_quorum(service: ShownService, language: Language) -> Markup:
    """How many vantages must see a check fail; empty where one place looks, or where checks differ in it."""
    shared = [check for check in service.rules.checks.values() if len(check.vantages) > 1]
    quorums = {check.quorum for check in shared}
    if len(quorums) != 1:
        return Markup()
    return language.say_many(
        "A check counts as down once %(n)s of these places sees it down.",
        "A check counts as down once %(n)s of these places see it down.",
        quorums.pop(),
    )


def format_outage_span(service_outage: ServiceOutage, language: Language) -> Markup:
    """From when to when an outage was measured."""
    outage = service_outage.outage
    if service_outage.ongoing:
        return language.since(outage.start)
    times = format_span(outage.start, outage.end, language)
    if outage.cut_off:
        return language.say("%(times)s, when the agreed hours ended", times=times)
    return times if outage.recovered else language.say("%(times)s, then not measured", times=times)


def describe_seen_from(page: Page, service: str, start: Instant, language: Language) -> Markup:
    """The vantages that saw the outage of a service that began at `start`, as far as the shown days reach."""
    return describe_viewers(page, service, start, language)


def describe_outage_viewers(page: Page, service_outage: ServiceOutage, language: Language) -> Markup:
    """The vantages that saw an outage, where several look."""
    return describe_viewers(page, service_outage.service, service_outage.outage.start, language)


def list_notices(page: Page, service: ShownService) -> tuple[ShownNotice, ...]:
    """The notices that name a service, latest start first."""
    return tuple(shown_notice for shown_notice in page.notices if service.id in shown_notice.notice.services)


NAMED_SERVICES = 8
"""Up to this many services are named in a sentence."""


def describe_unaskable(services: Sequence[ShownService], language: Language) -> Markup:
    """Why a reader's browser cannot ask some services: it speaks HTTP, and neither SMTP nor SMPP nor DNS."""
    if len(services) > NAMED_SERVICES:
        return language.say(
            "A browser can only ask web addresses. The other services are not asked: try them with your own program."
        )
    names = language.listing(language.name(service.name) for service in services)
    return language.say(
        "A browser can only ask web addresses. Not asked: %(services)s. Try these with your own program, also from another network.",
        services=names,
    )
