"""The components of Statuspage as services, in the order of the page, and the names by which notices refer to them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from constat.moving.model import Finding, MovedService
from constat.moving.statuspage.documents import Record

_KNOWN: Final = frozenset(
    [
        "id",
        "name",
        "description",
        "group",
        "group_id",
        "position",
        "status",
        "components",
        "created_at",
        "updated_at",
        "page_id",
    ]
)


class Components(NamedTuple):
    """The services; `aliases`: other names that notices have for one -> its key (`Group - Component`)."""

    services: tuple[MovedService, ...]
    aliases: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_components(records: Mapping[str, Record]) -> Components:
    """Read the components: groups become `group`, all others become services without checks."""
    groups = {key: record for key, record in records.items() if record.get("group") is True}
    owners = _find_owners(records, groups)
    listed = _put_in_order(records, groups, owners)
    services = [
        MovedService(
            key=key,
            name=read_text(records[key], "name") or key,
            group=read_text(groups[owners[key]], "name") if key in owners else "",
            description=" ".join(read_text(records[key], "description").split()),
        )
        for key in listed
    ]
    aliases = {f"{each.group} - {each.name}": each.key for each in services if each.group}
    return Components(tuple(services), aliases, tuple(_report(records, groups, owners)))


def read_text(record: Record, key: str) -> str:
    """The text of a key; empty where it has none."""
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _find_owners(records: Mapping[str, Record], groups: Mapping[str, Record]) -> dict[str, str]:
    """Find the group of each component: its own `group_id`, or a group that lists it."""
    owners: dict[str, str] = {}
    for key, group in groups.items():
        members = group.get("components")
        for member in members if isinstance(members, list) else ():
            identity = member.get("id") if isinstance(member, Mapping) else member
            if str(identity) in records and str(identity) not in groups:
                owners[str(identity)] = key
    for key, record in records.items():
        if str(record.get("group_id")) in groups and key not in groups:
            owners[key] = str(record.get("group_id"))
    return owners


def _get_position(record: Record) -> int:
    position = record.get("position")
    return position if isinstance(position, int) else 1 << 30


def _put_in_order(
    records: Mapping[str, Record], groups: Mapping[str, Record], owners: Mapping[str, str]
) -> Sequence[str]:
    """Put the components in the order of the page: by position, the members of a group in its place."""
    top = [key for key in records if key not in owners]
    ordered: list[str] = []
    for key in sorted(top, key=lambda each: _get_position(records[each])):
        if key not in groups:
            ordered.append(key)
            continue
        members = [each for each, owner in owners.items() if owner == key]
        by_document = sorted(members, key=list(records).index)
        ordered += sorted(by_document, key=lambda each: _get_position(records[each]))
    return ordered


def _report(
    records: Mapping[str, Record], groups: Mapping[str, Record], owners: Mapping[str, str]
) -> Sequence[Finding]:
    findings = []
    for key, group in groups.items():
        if read_text(group, "description"):
            found = f"description of the group {read_text(group, 'name')}: {read_text(group, 'description')}"
            findings.append(Finding(f"component {key}", found, "not imported: there is no equivalent here"))
        if key not in owners.values():
            findings.append(
                Finding(
                    f"component {key}",
                    f"the group {read_text(group, 'name')} without members",
                    "not imported",
                )
            )
    troubled = [
        record for record in records.values() if read_text(record, "status") not in ("", "operational")
    ]
    for record in troubled:
        found = f"the status {read_text(record, 'status')} of {read_text(record, 'name')}"
        findings.append(
            Finding(
                f"component {record.get('id')}",
                found,
                "not imported: here it follows from notices and checks",
            )
        )
    return [*findings, *report_keys("components", records.values(), _KNOWN)]


def report_keys(place: str, records: Iterable[Record], known: Collection[str]) -> Sequence[Finding]:
    """Report each key that has no place here once, with how often it has a value."""
    counts = Counter(
        key for record in records for key, value in record.items() if value not in (None, "", [], {}, False)
    )
    return [
        Finding(place, f"the key {key} in {count}", "not imported: there is no equivalent here")
        for key, count in sorted(counts.items())
        if key not in known
    ]
