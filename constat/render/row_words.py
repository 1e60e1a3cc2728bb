"""The words of a service's row among the others: its figure, its days with problems, and what its figure rests on.

What is true of all rows is said once, at the head of the figures.
"""

from collections.abc import Mapping

from markupsafe import Markup

from constat.availability import PAGE_DECIMALS
from constat.i18n import Language, message
from constat.interval import local_date
from constat.model import Status
from constat.page import Group, Page, ShownService
from constat.render import imported_texts
from constat.render.clauses import join_clauses
from constat.render.day_bars import count_days, describe_other_figure
from constat.render.shares import format_availability_in_short, format_share


def format_figure(service: ShownService, language: Language) -> str:
    """The availability of a service, or its bounds; a dash where nothing was measured."""
    figures = service.figures
    return format_availability_in_short(figures, figures.counted, language, PAGE_DECIMALS)


def count_problems(service: ShownService, language: Language) -> Markup:
    """Say how many of the shown days had problems."""
    count = len(service.problem_days)
    if not count:
        return language.say("no day with problems")
    return language.say_many("1 day with problems", "%(n)s days with problems", count)


def _format_coverage(service: ShownService, language: Language) -> str:
    """The share of a service's time that was checked; empty where nothing was."""
    coverage = service.figures.all.coverage
    if coverage is None or service.figures.counted.availability is None:
        return ""
    return format_share(coverage, language, PAGE_DECIMALS)


def _find_shared_coverage(page: Page, language: Language) -> str:
    """The coverage shared by all services watched on every shown day; empty where it differs, or there are fewer than two."""
    coverages = [
        _format_coverage(service, language)
        for service in page.services
        if not service.standing.unwatched and count_days(service) == len(service.days)
    ]
    return coverages[0] if len(coverages) > 1 and len(set(coverages)) == 1 else ""


def describe_head(page: Page, language: Language) -> Markup:
    """The heading of the figures: what they measure, and over which period."""
    count = len(page.services[0].days)
    period = language.say_many("1 day", "%(n)s days", count)
    coverage = _find_shared_coverage(page, language)
    if coverage:
        return language.say(
            "available over %(period)s, %(coverage)s of it checked", period=period, coverage=coverage
        )
    return language.say("available over %(period)s", period=period)


def describe_basis(service: ShownService, page: Page, language: Language) -> Markup:
    """Say what the figure of a service is based on, unless the head of the figures says it for all."""
    parts: list[Markup] = []
    if service.rules.hours:
        parts.append(language.say("in the agreed hours"))
    parts.append(describe_other_figure(service, language))
    is_young = count_days(service) < len(service.days)
    if is_young and service.first is not None:
        since = language.day(local_date(service.first, language.zone))
        parts.append(language.say("watched since %(day)s", day=since))
    coverage = _format_coverage(service, language)
    if coverage and (is_young or coverage != _find_shared_coverage(page, language)):
        parts.append(language.say("%(coverage)s of it checked", coverage=coverage))
    if service.imported is not None and service.imported_days:
        parts.append(imported_texts.describe_until(service.imported, language))
    return join_clauses(parts, language)


_SOME: Mapping[Status, str] = {
    Status.OUTAGE: message("%(n)s of %(total)s down"),
    Status.DEGRADED: message("%(n)s of %(total)s not working normally"),
    Status.MAINTENANCE: message("%(n)s of %(total)s in maintenance"),
    Status.NO_DATA: message("%(n)s of %(total)s not measured"),
}


def describe_group(group: Group, language: Language) -> Markup:
    """Say how many services of a group have its gravest state."""
    if group.status is Status.OPERATIONAL:
        return language.say("All working")
    if all(service.standing.unwatched for service in group.services) and group.status is Status.NO_DATA:
        return language.say("No problem reported")
    count = sum(service.standing.status is group.status for service in group.services)
    return language.say(_SOME[group.status], n=count, total=len(group.services))


def has_bars(group: Group) -> bool:
    """Whether there is anything to draw for a group: one of its services is checked, or was recorded by another tool."""
    return any(not service.standing.unwatched or service.imported for service in group.services)


_WORST_FIRST = (Status.OUTAGE, Status.DEGRADED, Status.MAINTENANCE, Status.NO_DATA, Status.OPERATIONAL)


def order_groups(page: Page) -> tuple[Group, ...]:
    """The groups, and the services in each, the worst first; otherwise as in `status.yml`."""
    groups = (
        group._replace(
            services=tuple(
                sorted(group.services, key=lambda service: _WORST_FIRST.index(service.standing.status))
            )
        )
        for group in page.groups
    )
    return tuple(sorted(groups, key=lambda group: _WORST_FIRST.index(group.status)))
