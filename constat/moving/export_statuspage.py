"""Services and notices in the shape of Statuspage's API, complete, as compatible services and other tools import it."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from constat.interval import Instant, format_instant
from constat.model import Config, State, choose_text
from constat.moving.held import HeldNotice, name_services

Json = dict[str, object]

_STATUSES: Final[Mapping[str, str]] = {"cancelled": "completed", "rescheduled": "scheduled"}
"""States of ours that Statuspage does not have."""


def write_shape(config: Config, notices: Sequence[HeldNotice]) -> dict[str, bytes]:
    """Build `components.json`, `incidents.json` and `scheduled-maintenances.json`; the newest notice comes first."""
    page: Json = {
        "id": config.page.id,
        "name": config.page.name,
        "url": config.page.url.rstrip("/"),
        "time_zone": config.page.timezone.key,
    }
    names = name_services(config)
    newest_first = sorted(notices, key=lambda each: (each.notice.starts, each.notice.stem), reverse=True)
    incidents = [_build_notice(each, names) for each in newest_first if each.notice.kind == "incident"]
    work = [_build_notice(each, names) for each in newest_first if each.notice.kind == "maintenance"]
    return {
        "components.json": _encode({"page": page, "components": _build_components(config, names)}),
        "incidents.json": _encode({"page": page, "incidents": incidents}),
        "scheduled-maintenances.json": _encode({"page": page, "scheduled_maintenances": work}),
    }


def _encode(content: Json) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _build_components(config: Config, names: Mapping[str, str]) -> list[Json]:
    language = config.page.languages[0]
    groups = dict.fromkeys(choose_text(each.group, language) for each in config.services if each.group)
    ids = {name: f"group_{number}" for number, name in enumerate(groups, start=1)}
    components: list[Json] = [
        {
            "id": identity,
            "name": name,
            "status": "operational",
            "group": True,
            "group_id": None,
            "position": number,
        }
        for number, (name, identity) in enumerate(ids.items(), start=1)
    ]
    for number, service in enumerate(config.services, start=1):
        group = choose_text(service.group, language) if service.group else ""
        described = choose_text(service.description, language) if service.description else None
        components.append(
            {
                "id": service.id,
                "name": names[service.id],
                "status": "operational",
                "description": described,
                "group": False,
                "group_id": ids.get(group),
                "position": number,
            }
        )
    return components


def _build_notice(held: HeldNotice, names: Mapping[str, str]) -> Json:
    notice, closed = held.notice, held.closed_at
    updates = _list_updates(held, names)
    record: Json = {
        "id": notice.stem,
        "name": held.title,
        "status": updates[-1]["status"] if updates else "investigating",
        "impact": notice.first_impact if notice.kind == "incident" else "maintenance",
        "created_at": format_instant(min([notice.starts, *(update.at for update in held.updates)])),
        "started_at": format_instant(notice.starts),
        "resolved_at": None if closed is None else format_instant(closed),
        "components": [_name_component(service, names) for service in notice.first_services],
        "incident_updates": list(reversed(updates)),
    }
    if notice.kind == "maintenance" and notice.ends is not None:
        record["scheduled_for"] = format_instant(notice.starts)
        record["scheduled_until"] = format_instant(notice.ends)
    return record


def _name_component(service: str, names: Mapping[str, str]) -> Json:
    return {"id": service, "code": service, "name": names.get(service, service)}


def _list_updates(held: HeldNotice, names: Mapping[str, str]) -> list[Json]:
    """The updates, oldest first. Statuspage has no announcement: ours becomes part of the first update, or an update of its own."""
    posts = [(update.at, update.state, update.text, update.services) for update in held.updates]
    starts = held.notice.starts
    if held.text and posts and posts[0][0] == starts:
        at, state, text, services = posts[0]
        posts[0] = (at, state, "\n\n".join(filter(None, (held.text, text))), services)
    elif held.text:
        first: Instant = min([starts, *(at - 1 for at, *_ in posts)])
        opening: State = "investigating" if held.notice.kind == "incident" else "scheduled"
        posts.insert(0, (first, opening, held.text, held.notice.first_services))
    return [
        {
            "id": f"{held.notice.stem}-{format_instant(at)}",
            "status": _STATUSES.get(state, state),
            "body": text,
            "created_at": format_instant(at),
            "display_at": format_instant(at),
            "affected_components": [_name_component(service, names) for service in services] or None,
        }
        for at, state, text, services in posts
    ]
