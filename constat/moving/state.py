"""What imports wrote into a project: `import-state.json`, so that a later import can tell its files from those that people wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from constat.text.safe_json import load_json

STATE: Final = "import-state.json"
SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that an import wrote: its path in the project, and the SHA-256 of what was written."""

    path: str
    sha256: str


@dataclass(slots=True)
class SourceState:
    """What was written for one source. `services`: key -> id; `notices`: source id -> file; `pictures`: name -> SHA-256."""

    services: dict[str, str] = field(default_factory=dict)
    notices: dict[str, WrittenFile] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return sha256(data).hexdigest()


def read_state(data: bytes | None) -> dict[str, SourceState]:
    """Read the file: source -> what was written for it.

    Raises:
        ValueError: it is not such a file.

    """
    if data is None:
        return {}
    content = load_json(data)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"it is not a file of schema {SCHEMA}")
    try:
        return {name: _read_source(each) for name, each in content["sources"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is not as an import writes it") from error


def _read_source(data: Mapping[str, Any]) -> SourceState:
    notices = {
        key: WrittenFile(str(each["path"]), str(each["sha256"])) for key, each in data["notices"].items()
    }
    return SourceState(dict(data["services"]), notices, dict(data["pictures"]))


def write_state(sources: Mapping[str, SourceState]) -> bytes:
    """Write the file; the same content gives the same bytes."""
    content = {
        "schema": SCHEMA,
        "sources": {
            name: {
                "services": dict(sorted(each.services.items())),
                "notices": {
                    key: {"path": file.path, "sha256": file.sha256}
                    for key, file in sorted(each.notices.items())
                },
                "pictures": dict(sorted(each.pictures.items())),
            }
            for name, each in sorted(sources.items())
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
