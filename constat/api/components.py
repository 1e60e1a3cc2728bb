"""Services and groups as Statuspage's components, and the page's status over all of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

from constat.i18n import Language, message
from constat.interval import Instant, local
from constat.model import Impact, Standing, Status
from constat.page import Group, Page, ShownService
from constat.posts import format_moment, join_plain_text
from constat.posts.vantage_words import describe_difference, describe_silence
from constat.text.published import as_text_for_both

ComponentStatus = Literal[
    "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"
]
Component = dict[str, object]
"""A component or a group of components, as its JSON object."""

Indicator = Literal["none", "minor", "major", "critical", "maintenance"]

_BY_STATUS: Mapping[Status, ComponentStatus] = {
    Status.OPERATIONAL: "operational",
    Status.MAINTENANCE: "under_maintenance",
    Status.DEGRADED: "degraded_performance",
    Status.OUTAGE: "major_outage",
    Status.NO_DATA: "degraded_performance",
}
"""Statuspage has no status for "not measured"; `status.description` says so."""

STATUS_BY_IMPACT: Mapping[Impact, ComponentStatus] = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "major_outage",
    "critical": "major_outage",
}
"""The status that an incident gives to the services that it names."""

_GRAVITY: tuple[ComponentStatus, ...] = (
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)


def format_timestamp(page: Page, at: Instant) -> str:
    """A time in the format of Statuspage, with the offset of the page: `2026-11-24T10:00:00.000+01:00`."""
    local_time: datetime = local(at, page.settings.timezone)
    return local_time.isoformat(timespec="milliseconds")


def map_status(standing: Standing) -> ComponentStatus:
    """The status of a service: a partial outage only if vantages disagree.

    A service without checks is operational unless a notice names it: as at Statuspage, its status is what people report.
    """
    if standing.status is Status.NO_DATA and standing.unwatched:
        return "operational"
    if standing.disputed and standing.status in (Status.DEGRADED, Status.OUTAGE):
        return "partial_outage"
    return _BY_STATUS[standing.status]


def make_names_unique(page: Page, language: Language) -> dict[str, str]:
    """The name of every service by its id; the id is appended to names that are not unique."""
    names = {service.id: language.name(service.name) for service in page.services}
    groups = [language.name(group.name) for group in page.groups if group.name is not None]
    while True:
        taken = Counter([*names.values(), *groups])
        if all(taken[name] == 1 for name in names.values()):
            return names
        names = {key: f"{name} ({key})" if taken[name] > 1 else name for key, name in names.items()}


def build_components(page: Page, language: Language) -> list[Component]:
    """Every component, in the order of the page, each group before its services."""
    names = make_names_unique(page, language)
    components: list[Component] = []
    for number, group in enumerate(page.groups, start=1):
        if group.name is not None:
            components.append(_build_group(page, group, language, number))
        group_id = _build_group_id(group, language)
        for position, service in enumerate(group.services, start=1):
            component = _build_component(page, service, language, position, group_id)
            components.append({**component, "name": as_text_for_both(names[service.id])})
    return components


def _build_group_id(group: Group, language: Language) -> str | None:
    """The id of a group, derived from its name, so that it stays when groups are added, removed or moved.

    No service has an underscore in its id.
    """
    if group.name is None:
        return None
    return f"group_{sha256(language.name(group.name).encode()).hexdigest()[:12]}"


def _find_last_change(service: ShownService, first: Instant) -> Instant:
    """Since when a service has its present status, as far as the shown days reach."""
    standing = service.standing
    if standing.since is not None:
        return standing.since
    if standing.status is not Status.OPERATIONAL:
        return first
    recovered = [
        service_outage.outage.end for service_outage in service.outages if service_outage.outage.recovered
    ]
    return max(first, *recovered, service.up_since or first)


def _build_component(
    page: Page, service: ShownService, language: Language, position: int, group_id: str | None
) -> Component:
    """A service as a component; its name is that of the language, which the caller makes unique."""
    standing = service.standing
    first = service.first if service.first is not None else page.now
    return {
        "id": service.id,
        "name": as_text_for_both(language.name(service.name)),
        "status": map_status(standing),
        "created_at": format_timestamp(page, first),
        "updated_at": format_timestamp(page, _find_last_change(service, first)),
        "position": position,
        "description": as_text_for_both(language.name(service.description)) if service.description else None,
        "showcase": True,
        "start_date": local(first, page.settings.timezone).date().isoformat(),
        "group_id": group_id,
        "page_id": page.settings.id,
        "group": False,
        "only_show_if_degraded": False,
    }


def _build_group(page: Page, group: Group, language: Language, number: int) -> Component:
    starts = [page.now if service.first is None else service.first for service in group.services]
    changes = [
        _find_last_change(service, first) for service, first in zip(group.services, starts, strict=True)
    ]
    return {
        "id": _build_group_id(group, language),
        "name": as_text_for_both(language.name(group.name or {})),
        "status": _find_gravest(map_status(service.standing) for service in group.services),
        "created_at": format_timestamp(page, min(starts, default=page.now)),
        "updated_at": format_timestamp(page, max(changes, default=page.now)),
        "position": number,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": page.settings.id,
        "group": True,
        "only_show_if_degraded": False,
        "components": [service.id for service in group.services],
    }


def _find_gravest(statuses: Iterable[ComponentStatus]) -> ComponentStatus:
    """The gravest of some statuses."""
    return max(statuses, key=_GRAVITY.index, default="operational")


def build_page_status(page: Page, language: Language) -> dict[str, str]:
    """The status of the whole page: an indicator for programs, and a sentence about what is wrong."""
    description = as_text_for_both(describe_status(page, language))
    return {"indicator": choose_indicator(page), "description": description}


def choose_indicator(page: Page) -> Indicator:
    """`critical` if every service is out, `major` if one is, `minor` if one is degraded or not measured."""
    statuses = [map_status(service.standing) for service in page.services]
    if statuses and all(status == "major_outage" for status in statuses):
        return "critical"
    return _INDICATORS[_find_gravest(statuses)]


_INDICATORS: Mapping[ComponentStatus, Indicator] = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "major",
}


def describe_status(page: Page, language: Language) -> str:
    """A sentence about each service that has a problem and since when; else that everything works.

    Each vantage that has fallen silent is named after it.
    """
    troubled = [service for service in page.services if map_status(service.standing) != "operational"]
    silences = dict.fromkeys(
        words.striptags()
        for service in page.services
        for words in describe_silence(page, service.standing.views, language)
    )
    problems = [_describe_problem(page, service, language) for service in troubled]
    well = "Everything is working." if page.is_watched else "No problem reported."
    return " ".join((*(problems or [join_plain_text(language, well)]), *silences))


def _describe_problem(page: Page, service: ShownService, language: Language) -> str:
    """Describe what is wrong with a service; where vantages differ, also which see it down and which reach it."""
    difference = describe_difference(page, service.standing.views, language).unescape()
    return " ".join(filter(None, (_describe_standing(service, language), difference)))


def _describe_standing(service: ShownService, language: Language) -> str:
    values = {"service": language.name(service.name)}
    if service.standing.since is not None:
        values["since"] = format_moment(language, service.standing.since)
        return join_plain_text(language, _PROBLEMS_SINCE[service.standing.status], **values)
    return join_plain_text(language, _PROBLEMS[service.standing.status], **values)


_PROBLEMS_SINCE: Mapping[Status, str] = {
    Status.MAINTENANCE: message("%(service)s: maintenance in progress since %(since)s."),
    Status.DEGRADED: message("%(service)s: not working normally since %(since)s."),
    Status.OUTAGE: message("%(service)s: down since %(since)s."),
    Status.NO_DATA: message("%(service)s: not measured since %(since)s."),
}
_PROBLEMS: Mapping[Status, str] = {
    Status.MAINTENANCE: message("%(service)s: maintenance in progress."),
    Status.DEGRADED: message("%(service)s: not working normally."),
    Status.OUTAGE: message("%(service)s: down."),
    Status.NO_DATA: message("%(service)s: not measured yet."),
}
