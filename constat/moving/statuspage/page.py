"""A page of Statuspage as a whole."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from constat.interval import UTC_ZONE
from constat.moving.foreign_times import find_zone
from constat.moving.model import Finding, Moved, MovedNotice
from constat.moving.plain_bodies import PlainBodies
from constat.moving.statuspage.documents import Documents, Record
from constat.moving.statuspage.page_components import read_components, read_text, report_keys
from constat.moving.statuspage.page_incidents import IncidentContext, read_incident
from constat.moving.statuspage.posts import list_updates

_KNOWN: Final = frozenset(
    [
        "id",
        "name",
        "status",
        "impact",
        "impact_override",
        "created_at",
        "started_at",
        "monitoring_at",
        "resolved_at",
        "updated_at",
        "page_id",
        "incident_updates",
        "components",
        "scheduled_for",
        "scheduled_until",
        "reminder_intervals",
        "backfilled",
        "postmortem_body",
        "postmortem_body_last_updated_at",
        "postmortem_published_at",
        "postmortem_ignored",
        "postmortem_notified_subscribers",
        "postmortem_notified_twitter",
        "scheduled_auto_completed",
        "scheduled_auto_in_progress",
        "scheduled_auto_transition",
        "scheduled_remind_prior",
        "scheduled_reminded_at",
        "auto_transition_deliver_notifications_at_end",
        "auto_transition_deliver_notifications_at_start",
        "auto_transition_to_maintenance_state",
        "auto_transition_to_operational_state",
        "auto_tweet_at_beginning",
        "auto_tweet_on_completion",
        "auto_tweet_on_creation",
        "auto_tweet_one_hour_before",
    ]
)


_KNOWN_OF_UPDATES: Final = frozenset(
    [
        "id",
        "incident_id",
        "status",
        "body",
        "created_at",
        "updated_at",
        "display_at",
        "affected_components",
        "custom_tweet",
        "tweet_id",
        "twitter_updated_at",
        "deliver_notifications",
        "wants_twitter_update",
    ]
)


def read_page(documents: Documents, base_url: str, maintenance: re.Pattern[str] | None) -> Moved:
    """Read a page. `base_url`: where it was fetched from, for documents that do not say it."""
    url = read_text(documents.page, "url") or base_url
    zone_name = read_text(documents.page, "time_zone")
    zone = find_zone(zone_name)
    components = read_components(documents.components)
    keys = {**{each.key: each.key for each in components.services}, **components.aliases}
    context = IncidentContext(zone or UTC_ZONE, keys, url.rstrip("/"), PlainBodies(), maintenance)
    findings = [*documents.findings, *components.findings]
    notices: list[MovedNotice] = []
    for identity, record in documents.incidents.items():
        read = read_incident(identity, record, context, is_work=identity in documents.maintenances)
        findings += read.findings
        notices += [read.notice] if read.notice else []
    findings += _report(documents.incidents.values(), zone_name, known_zone=zone is not None)
    return Moved(
        source="statuspage",
        title=read_text(documents.page, "name"),
        base_url=url,
        zone=zone.key if zone else "",
        services=components.services,
        notices=notices,
        redirects=_list_redirects(url.rstrip("/")),
        findings=findings,
    )


def _list_redirects(site: str) -> Mapping[str, str]:
    """The addresses of the page itself, which Statuspage serves and we do not."""
    return {f"{site}/history.rss": "feed.rss", f"{site}/history.atom": "feed.atom"}


def _report(records: Iterable[Record], zone_name: str, *, known_zone: bool) -> list[Finding]:
    """Report each thing that has no place here once, with how often it occurs."""
    records = list(records)
    updates = [update for record in records for update in list_updates(record)]
    findings = [
        *report_keys("incidents", records, _KNOWN),
        *report_keys("incident updates", updates, _KNOWN_OF_UPDATES),
    ]
    partial = sum(_changes_statuses(record) for record in records)
    if partial:
        found = f"statuses of single components (partial_outage ...) in the updates of {partial} incidents"
        findings.append(
            Finding("incidents", found, "there is no equivalent here: the impact of the incident counts")
        )
    if zone_name and not known_zone:
        findings.append(
            Finding("page", f"the time zone {zone_name}, which is unknown", "a new page is in UTC")
        )
    return findings


def _changes_statuses(record: Record) -> bool:
    """Whether an update of an incident gives a component a status."""
    return any(
        isinstance(affected, Mapping) and affected.get("new_status") not in (None, "operational")
        for update in list_updates(record)
        if isinstance(update.get("affected_components"), list)
        for affected in update["affected_components"]
    )
