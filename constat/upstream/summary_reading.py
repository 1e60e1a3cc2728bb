"""The summary of Statuspage's public API, version 2, which many pages publish in this shape, ours included."""

from collections.abc import Iterator, Mapping
from typing import Any

from constat.model import UpstreamSays, UpstreamState
from constat.text.safe_json import load_json
from constat.upstream.foreign_text import clean_link, clean_title

_BY_INDICATOR: Mapping[object, UpstreamState] = {
    "none": "fine",
    "minor": "degraded",
    "major": "outage",
    "critical": "outage",
    "maintenance": "maintenance",
}
_BY_STATUS: Mapping[object, UpstreamState] = {
    "operational": "fine",
    "degraded_performance": "degraded",
    "partial_outage": "outage",
    "major_outage": "outage",
    "under_maintenance": "maintenance",
}


def read_summary(data: bytes, component: str) -> UpstreamSays:
    """Read what `summary.json` says of a page, or of one of its components by name or id.

    Raises:
        ValueError: it is not such a summary, or lacks the component.

    """
    summary = load_json(data)
    if not isinstance(summary, dict):
        raise ValueError("not a summary of Statuspage")  # noqa: TRY004 (the document is wrong, not our call)
    part = _find_component(summary, component) if component else None
    state = _read_state(summary, part)
    if state == "fine":
        return UpstreamSays(state)
    concerning = _list_incidents(summary, state, part)
    incident: Mapping[str, Any] = next(concerning, {})
    title = clean_title(incident.get("name")) or (
        "" if part else clean_title(_get_status(summary).get("description"))
    )
    return UpstreamSays(state, title, clean_link(incident.get("shortlink")))


def _get_status(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    status = summary.get("status")
    return status if isinstance(status, dict) else {}


def _read_state(summary: Mapping[str, Any], component: Mapping[str, Any] | None) -> UpstreamState:
    said = _get_status(summary).get("indicator") if component is None else component.get("status")
    known = _BY_INDICATOR if component is None else _BY_STATUS
    if not isinstance(said, str) or said not in known:
        raise ValueError("it has no status of Statuspage")
    return known[said]


def _find_component(summary: Mapping[str, Any], wanted: str) -> Mapping[str, Any]:
    for component in _list_tables(summary.get("components")):
        names = (component.get("id"), component.get("name"))
        if any(isinstance(name, str) and name.strip().casefold() == wanted.casefold() for name in names):
            return component
    raise ValueError(f"it has no component {wanted}")


def _list_incidents(
    summary: Mapping[str, Any], state: UpstreamState, component: Mapping[str, Any] | None
) -> Iterator[Mapping[str, Any]]:
    """The open incidents, or the maintenance in progress; of one component, those that name it."""
    key = "scheduled_maintenances" if state == "maintenance" else "incidents"
    for incident in _list_tables(summary.get(key)):
        named = [part.get("id") for part in _list_tables(incident.get("components"))]
        if component is None or component.get("id") in named:
            yield incident


def _list_tables(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
