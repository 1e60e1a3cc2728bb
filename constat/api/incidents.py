"""Notices as Statuspage's incidents and scheduled maintenances.

Statuspage has fewer states of a maintenance: a cancelled one is `completed`, a rescheduled one is `scheduled` again; the
body of the update says what happened. Clients of its API put names and bodies into a page as HTML or as text: see `as_text_for_both`.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from constat.api.components import (
    STATUS_BY_IMPACT,
    Component,
    ComponentStatus,
    format_timestamp,
    make_names_unique,
)
from constat.i18n import Language
from constat.interval import Instant
from constat.model import CLOSING_STATES, UNDER_WAY_STATES, State
from constat.page import Page, ShownNotice
from constat.posts import Post, addresses, choose_words, compose_body, find_edit_time, find_publication_time
from constat.text.published import as_text_for_both

LIMIT = 50
"""The maximum number of incidents, and of maintenances, in a file."""

_STATES: Mapping[State, str] = {"cancelled": "completed", "rescheduled": "scheduled"}


def build_incident(
    page: Page,
    shown_notice: ShownNotice,
    posts: list[Post],
    components: Sequence[Component],
    language: Language,
) -> dict[str, object]:
    """A notice with its posts, which must be sorted newest first. `components` are those of the page."""
    notice = shown_notice.notice
    created = min((post.at for post in posts), default=find_publication_time(shown_notice, page.now))
    changed = max((_find_last_change(page, post, language) for post in posts), default=created)
    document: dict[str, object] = {
        "id": notice.stem,
        "name": as_text_for_both(notice.text_in(language.code).title),
        "status": _map_state(shown_notice.state),
        "created_at": format_timestamp(page, created),
        "updated_at": format_timestamp(page, changed),
        "monitoring_at": _format_optional(page, _find_first(shown_notice, "monitoring")),
        "resolved_at": _format_optional(page, shown_notice.ends if shown_notice.phase == "past" else None),
        "impact": "maintenance" if notice.kind == "maintenance" else notice.impact,
        "shortlink": addresses.notice(page.settings, language.code, notice.stem),
        "started_at": format_timestamp(page, shown_notice.starts),
        "page_id": page.settings.id,
        "incident_updates": _build_updates(page, posts, language),
        "components": _select_components(components, shown_notice),
        "reminder_intervals": None,
    }
    if notice.kind == "maintenance":
        document["scheduled_for"] = format_timestamp(page, notice.starts)
        document["scheduled_until"] = format_timestamp(
            page, notice.starts if notice.ends is None else notice.ends
        )
    return document


def _map_state(state: State) -> str:
    return _STATES.get(state, state)


def _format_optional(page: Page, at: Instant | None) -> str | None:
    return None if at is None else format_timestamp(page, at)


def _find_first(shown_notice: ShownNotice, state: State) -> Instant | None:
    return next((update.at for update in shown_notice.notice.updates if update.state == state), None)


def _select_components(components: Sequence[Component], shown_notice: ShownNotice) -> list[Component]:
    """The components of the services that a notice names."""
    services = shown_notice.notice.services
    return [component for component in components if not component["group"] and component["id"] in services]


def _build_updates(page: Page, posts: list[Post], language: Language) -> list[dict[str, object]]:
    """The posts of a notice as updates, newest first."""
    oldest_first = [None, *reversed(posts)]
    steps = list(pairwise(oldest_first))
    return [
        _build_update(page, post, before, language) for before, post in reversed(steps) if post is not None
    ]


def _build_update(page: Page, post: Post, before: Post | None, language: Language) -> dict[str, object]:
    text, part = choose_words(post, language.code)
    at = format_timestamp(page, post.at)
    return {
        "id": post.id,
        "status": _map_state(post.state or "investigating"),
        "body": as_text_for_both(compose_body(post, text, part)),
        "incident_id": post.shown_notice.notice.stem,
        "created_at": at,
        "updated_at": format_timestamp(page, _find_last_change(page, post, language)),
        "display_at": at,
        "affected_components": _build_affected_components(page, post, before, language),
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _find_last_change(page: Page, post: Post, language: Language) -> Instant:
    """The time of the last edit of a post, or of its publication."""
    _, part = choose_words(post, language.code)
    return min(find_edit_time(post, part), page.now)


def _build_affected_components(
    page: Page, post: Post, before: Post | None, language: Language
) -> list[dict[str, str]]:
    """The services that a post or the post before it names, with their status before and after."""
    names = make_names_unique(page, language)
    services = dict.fromkeys([*(before.services if before else ()), *post.services])
    return [
        {
            "code": service,
            "name": as_text_for_both(names.get(service, service)),
            "old_status": _get_status(before, service),
            "new_status": _get_status(post, service),
        }
        for service in services
    ]


def _get_status(post: Post | None, service: str) -> ComponentStatus:
    """The status that a post gives to a service."""
    if post is None or service not in post.services:
        return "operational"
    if post.shown_notice.notice.kind == "maintenance":
        return "under_maintenance" if post.state in UNDER_WAY_STATES else "operational"
    return "operational" if post.state in CLOSING_STATES else STATUS_BY_IMPACT[post.impact]
