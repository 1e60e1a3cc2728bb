"""Notices as Statuspage's incidents and scheduled maintenances.

Statuspage knows fewer states of a maintenance: one that is cancelled is `completed`, one that is moved is `scheduled`
again; the body of the update says the rest.
"""

from collections.abc import Mapping
from itertools import pairwise

from constat.api.components import (
    OF_IMPACT,
    ComponentStatus,
    build_component,
    format_timestamp,
    make_names_unique,
    name_group,
)
from constat.i18n import Language
from constat.interval import Instant
from constat.model import CLOSING_STATES, UNDER_WAY_STATES, State
from constat.page import Page, ShownNotice
from constat.posts import Post, addresses, body, edited, published, words_of

LIMIT = 50
"""The most incidents, and the most maintenances, that a file holds."""

_STATES: Mapping[State, str] = {"cancelled": "completed", "rescheduled": "scheduled"}


def build_incident(
    page: Page, shown_notice: ShownNotice, posts: list[Post], language: Language
) -> dict[str, object]:
    """A notice with its posts, newest first."""
    notice = shown_notice.notice
    created = min((post.at for post in posts), default=published(shown_notice, page.now))
    changed = max((_changed(page, post, language) for post in posts), default=created)
    document: dict[str, object] = {
        "id": notice.stem,
        "name": notice.text_in(language.code).title,
        "status": _status(shown_notice.state),
        "created_at": format_timestamp(page, created),
        "updated_at": format_timestamp(page, changed),
        "monitoring_at": _optional(page, _first_at(shown_notice, "monitoring")),
        "resolved_at": _optional(page, shown_notice.ends if shown_notice.phase == "past" else None),
        "impact": "maintenance" if notice.kind == "maintenance" else notice.impact,
        "shortlink": addresses.notice(page.settings, language.code, notice.stem),
        "started_at": format_timestamp(page, shown_notice.starts),
        "page_id": page.settings.id,
        "incident_updates": _updates(page, posts, language),
        "components": _components(page, shown_notice, language),
        "reminder_intervals": None,
    }
    if notice.kind == "maintenance":
        document["scheduled_for"] = format_timestamp(page, notice.starts)
        document["scheduled_until"] = format_timestamp(
            page, notice.starts if notice.ends is None else notice.ends
        )
    return document


def _status(state: State) -> str:
    return _STATES.get(state, state)


def _optional(page: Page, at: Instant | None) -> str | None:
    return None if at is None else format_timestamp(page, at)


def _first_at(shown_notice: ShownNotice, state: State) -> Instant | None:
    return next((update.at for update in shown_notice.notice.updates if update.state == state), None)


def _components(page: Page, shown_notice: ShownNotice, language: Language) -> list[dict[str, object]]:
    """The services that a notice names, as they are in the list of components."""
    names = make_names_unique(page, language)
    found: list[dict[str, object]] = []
    for group in page.groups:
        group_id = name_group(group, language)
        for position, service in enumerate(group.services, start=1):
            if service.id in shown_notice.notice.services:
                found.append(build_component(page, service, names[service.id], position, group_id))
    return found


def _updates(page: Page, posts: list[Post], language: Language) -> list[dict[str, object]]:
    """The posts of a notice, newest first, each with the services that it changed."""
    oldest_first = [None, *reversed(posts)]
    steps = list(pairwise(oldest_first))
    return [_update(page, post, before, language) for before, post in reversed(steps) if post is not None]


def _update(page: Page, post: Post, before: Post | None, language: Language) -> dict[str, object]:
    text, part = words_of(post, language.code)
    at = format_timestamp(page, post.at)
    return {
        "id": post.id,
        "status": _status(post.state or "investigating"),
        "body": body(post, text, part),
        "incident_id": post.shown.notice.stem,
        "created_at": at,
        "updated_at": format_timestamp(page, _changed(page, post, language)),
        "display_at": at,
        "affected_components": _affected(page, post, before, language),
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _changed(page: Page, post: Post, language: Language) -> Instant:
    """When a post was posted, or last edited."""
    _, part = words_of(post, language.code)
    return min(edited(post, part), page.now)


def _affected(page: Page, post: Post, before: Post | None, language: Language) -> list[dict[str, str]]:
    """The services that this post names, and those that it no longer does."""
    names = make_names_unique(page, language)
    services = dict.fromkeys([*(before.services if before else ()), *post.services])
    return [
        {
            "code": service,
            "name": names.get(service, service),
            "old_status": _said(before, service),
            "new_status": _said(post, service),
        }
        for service in services
    ]


def _said(post: Post | None, service: str) -> ComponentStatus:
    """What a post says of a service."""
    if post is None or service not in post.services:
        return "operational"
    if post.shown.notice.kind == "maintenance":
        return "under_maintenance" if post.state in UNDER_WAY_STATES else "operational"
    return "operational" if post.state in CLOSING_STATES else OF_IMPACT[post.impact]
