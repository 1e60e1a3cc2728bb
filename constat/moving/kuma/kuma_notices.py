"""Incidents and maintenance of one status page. Incidents in Kuma have neither updates nor services."""

from collections.abc import Iterator, Mapping
from typing import Final

from constat.interval import Instant, format_instant
from constat.model import Impact
from constat.moving.counting import count_of
from constat.moving.foreign_times import find_zone, read_time
from constat.moving.kuma.kuma_texts import bring_text
from constat.moving.kuma.recurring import describe_rule
from constat.moving.kuma.status_pages import find_base_url
from constat.moving.kuma.tables import Row, Tables, get_flag, get_number, get_text
from constat.moving.model import Finding, MovedNotice, MovedUpdate

_IMPACTS: Final[Mapping[str, Impact]] = {"danger": "major", "warning": "minor"}
_AS_SERVER: Final = frozenset({"", "SAME_AS_SERVER"})


def move_incidents(tables: Tables, page: Row, findings: list[Finding]) -> Iterator[MovedNotice]:
    """The incidents of a page, oldest first."""
    own, others = [], 0
    for row in tables.incidents:
        if row.get("status_page_id", page.get("id")) == page.get("id"):
            own.append(row)
        else:
            others += 1
    if others:
        findings.append(
            Finding("incidents", f"{others} of other status pages", "not imported, and not named")
        )
    for row in sorted(own, key=lambda row: (get_text(row, "created_date"), get_number(row, "id"))):
        notice = _move_incident(
            row, find_base_url(tables, page), is_two=tables.version == "2", findings=findings
        )
        if notice is not None:
            yield notice


def _move_incident(row: Row, base_url: str, *, is_two: bool, findings: list[Finding]) -> MovedNotice | None:
    place = f"incident {get_number(row, 'id')}"
    created = read_time(get_text(row, "created_date"))
    if created is None:
        findings.append(Finding(place, "no readable created_date", "not imported: write it by hand"))
        return None
    changed = read_time(get_text(row, "last_updated_date"))
    style = get_text(row, "style")
    impact = _IMPACTS.get(style, "none")
    findings.append(Finding(place, f"style {style or 'none'}", f"impact {impact}: Kuma has only colours"))
    if changed is not None and changed < created:
        findings.append(
            Finding(place, f"changed {format_instant(changed)}, before it began", "the time is left out")
        )
        changed = None
    return MovedNotice(
        place,
        "incident",
        get_text(row, "title"),
        created,
        impact=impact,
        text=bring_text(row.get("content"), base_url, place, findings),
        updates=_find_end(row, changed, place, is_two=is_two, findings=findings),
        latest=changed,
        place=place,
    )


def _find_end(
    row: Row, changed: Instant | None, place: str, *, is_two: bool, findings: list[Finding]
) -> tuple[MovedUpdate, ...]:
    """Find the end of an incident: 2.x records the time; of one only unpinned the time is unknown; a pinned one is still open."""
    if not get_flag(row, "active", otherwise=True) and is_two and changed is not None:
        return (MovedUpdate(changed, "resolved"),)
    if get_flag(row, "pin", otherwise=True) and get_flag(row, "active", otherwise=True):
        findings.append(Finding(place, "pinned", "open"))
        return ()
    findings.append(Finding(place, "not pinned any more", "over; the time was not recorded"))
    return (MovedUpdate(None, "resolved"),)


def move_maintenances(
    tables: Tables, page: Row, keys: Mapping[int, str], after: Instant, findings: list[Finding]
) -> Iterator[MovedNotice]:
    """The single maintenances of a page. Recurring ones, which keep no history, are only reported: rule and next dates.

    `keys`: the monitors on the page, by id. `after`: the instant after which the next dates are listed.
    """
    shown_ids = {
        row.get("maintenance_id")
        for row in tables.maintenance_pages
        if row.get("status_page_id") == page.get("id")
    }
    hidden = sum(row.get("id") not in shown_ids for row in tables.maintenances)
    if hidden:
        findings.append(
            Finding("maintenance", f"{hidden} not shown on the page", "not imported, and not named")
        )
    base_url = find_base_url(tables, page)
    for row in tables.maintenances:
        if row.get("id") in shown_ids:
            notice = _move_maintenance(tables, row, keys, after, findings)
            if notice is not None:
                yield notice._replace(text=bring_text(notice.text, base_url, notice.place, findings))


def _move_maintenance(
    tables: Tables, row: Row, keys: Mapping[int, str], after: Instant, findings: list[Finding]
) -> MovedNotice | None:
    number, strategy = get_number(row, "id"), get_text(row, "strategy")
    place = f"maintenance {number}"
    zone_name = _name_zone(row, tables)
    if not get_flag(row, "active", otherwise=True):
        findings.append(Finding(place, f"{strategy}, paused", "not imported: it was not in force"))
        return None
    if strategy != "single":
        rule = describe_rule(row, zone_name, after, is_two=tables.version == "2")
        findings.append(
            Finding(place, rule, "not imported: it has no history; announce each occurrence with constat new")
        )
        return None
    window = _read_window(row, zone_name)
    if window is None:
        found = f"single, with times that are invalid in the zone {zone_name}"
        findings.append(Finding(place, found, "not imported: write it by hand"))
        return None
    services, private = _find_services(tables, number, keys)
    if private:
        findings.append(Finding(place, f"{count_of(private, 'monitor')} not on the page", "not named"))
    findings.append(Finding(place, "when it was announced is not recorded", "imported without"))
    return MovedNotice(
        place,
        "maintenance",
        get_text(row, "title"),
        window[0],
        window[1],
        services=services,
        text=str(row.get("description") or ""),
        place=place,
    )


def _name_zone(row: Row, tables: Tables) -> str:
    """The zone of a maintenance's clock: its own, else the server's, else UTC."""
    own = get_text(row, "timezone")
    server = str(tables.settings.get("serverTimezone") or "")
    return own if own not in _AS_SERVER else server or "UTC"


def _read_window(row: Row, zone_name: str) -> tuple[Instant, Instant] | None:
    """Start and end, each by the offset that its zone has then; `None` where they do not make a window."""
    zone = find_zone(zone_name)
    if zone is None:
        return None
    starts, ends = (read_time(get_text(row, column), zone) for column in ("start_date", "end_date"))
    return (starts, ends) if starts is not None and ends is not None and starts < ends else None


def _find_services(tables: Tables, number: int, keys: Mapping[int, str]) -> tuple[tuple[str, ...], int]:
    """The monitors on the page that a maintenance names, in the page's order, and how many others."""
    named = {
        get_number(row, "monitor_id") for row in tables.maintained if row.get("maintenance_id") == number
    }
    return tuple(key for monitor, key in keys.items() if monitor in named), len(named - keys.keys())
