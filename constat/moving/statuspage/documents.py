"""The documents of Statuspage's public API and of exports, put together: page, components, incidents and maintenance."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from constat.moving.model import Finding
from constat.text.safe_json import load_json

PAGE_OF_API: Final = 50
"""The public API gives the newest 50 of a kind, and no more."""

_LISTS: Final = ("components", "incidents", "scheduled_maintenances")

Record = Mapping[str, Any]
"""A component or an incident, as its JSON object."""


@dataclass(slots=True)
class Documents:
    """Everything in the documents, each record once. `maintenances`: ids of incidents that a document lists as maintenance."""

    page: dict[str, Any] = field(default_factory=dict)
    components: dict[str, Record] = field(default_factory=dict)
    incidents: dict[str, Record] = field(default_factory=dict)
    maintenances: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def add(self, name: str, data: bytes) -> None:
        """Add a document: JSON, or JSON lines with an object on each."""
        data = data.removeprefix(b"\xef\xbb\xbf")
        try:
            content = load_json(data)
        except (ValueError, RecursionError) as error:
            lines = [line for line in data.splitlines() if line.strip()]
            if len(lines) < 2 or not lines[0].lstrip().startswith(b"{"):  # noqa: PLR2004 - one line is no list
                self.findings.append(Finding(name, f"no JSON ({error})", "not read"))
                return
            content = list(self._read_lines(name, data))
        self._take(name, content)

    def _read_lines(self, name: str, data: bytes) -> Iterator[Any]:
        for number, line in enumerate(data.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                yield load_json(line)
            except (ValueError, RecursionError) as error:
                self.findings.append(Finding(f"{name}:{number}", f"no JSON ({error})", "not imported"))

    def _take(self, name: str, content: object) -> None:
        if isinstance(content, list):
            self._take_records(name, content)
        elif isinstance(content, Mapping) and _is_record(content):
            self._take_records(name, [content])
        elif isinstance(content, Mapping):
            self._take_payload(name, content)
        else:
            self.findings.append(Finding(name, "neither a list nor an object", "not read"))

    def _take_payload(self, name: str, content: Record) -> None:
        page = content.get("page")
        if isinstance(page, Mapping):
            self.page.update({key: value for key, value in page.items() if value is not None})
        for key in content:
            if key not in (*_LISTS, "page", "status"):
                self.findings.append(Finding(name, f"the key {key}", "not read: there is no equivalent here"))
        for key in _LISTS:
            records = content.get(key)
            if records is None:
                continue
            if not isinstance(records, list):
                self.findings.append(Finding(name, f"{key} is not a list", "not read"))
                continue
            if len(records) == PAGE_OF_API and key != "components":
                found = f"{PAGE_OF_API} of {key}: the API returns only the newest {PAGE_OF_API}, so there are probably more"
                done = "imported these; import an export (JSON or JSON lines) as well for the older ones"
                self.findings.append(Finding(name, found, done))
            self._take_records(name, records, key)

    def _take_records(self, name: str, records: Iterable[object], key: str = "") -> None:
        for number, record in enumerate(records, start=1):
            if not isinstance(record, Mapping):
                self.findings.append(Finding(name, f"entry {number} is not an object", "not imported"))
                continue
            nested = record.get("incident") if not key else None
            entry = nested if isinstance(nested, Mapping) else record
            identity = entry.get("id")
            if not isinstance(identity, (str, int)) or not str(identity).strip():
                found = f"entry {number} has no id: {json.dumps(entry, ensure_ascii=False)[:300]}"
                self.findings.append(Finding(name, found, "not imported"))
            elif key == "components" or (not key and _is_component(entry)):
                self.components.setdefault(str(identity), entry)
            else:
                self._take_incident(str(identity), entry, key)

    def _take_incident(self, identity: str, record: Record, key: str) -> None:
        """Add an incident; where several documents have it, keep the newest and fullest, with the missing keys from the others."""
        if key == "scheduled_maintenances":
            self.maintenances.add(identity)
        known = self.incidents.get(identity)
        if known is None:
            self.incidents[identity] = record
        elif _measure(record) > _measure(known):
            self.incidents[identity] = {**known, **record}
        else:
            self.incidents[identity] = {**record, **known}


def _is_record(content: Record) -> bool:
    """Whether an object is a single incident, not a payload with lists of them."""
    return "incident_updates" in content or ("id" in content and "status" in content and "name" in content)


def _is_component(record: Record) -> bool:
    return "incident_updates" not in record and any(
        key in record for key in ("group", "group_id", "showcase")
    )


def _measure(record: Record) -> tuple[str, int, int]:
    updates = record.get("incident_updates")
    count = len(updates) if isinstance(updates, list) else 0
    return str(record.get("updated_at") or ""), count, len(record)
