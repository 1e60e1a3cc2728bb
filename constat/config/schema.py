"""The JSON Schema of `status.yml`, made from the types that validate it, for editors that complete and explain keys.

Scalars are read as text, so the schema allows every type that YAML may give one (`target: 99` is a number).
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from constat.config import sections
from constat.config.destinations import KEY as DESTINATIONS
from constat.config.pydantic_path import build_json_schema
from constat.config.value_parsing import list_written_names
from constat.model.kinds import Kind

Schema = dict[str, Any]

_DROPPED = ("title", "default")
"""Keys that pydantic adds and that do not help people who write the file; the descriptions name the defaults."""

_DESTINATIONS: Schema = {
    "description": "One check for each of these, named after both; their keys count before those of the check.",
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "required": ["name"]},
}


def build_schema(kinds: Collection[str], kind: Callable[[str], Kind]) -> Schema:
    """Build the schema of the whole file, with the options of every kind of check."""
    root = _tidy(build_json_schema(sections.Root))
    definitions = root.pop("$defs")
    common = definitions.pop("Check")
    for name in kinds:
        own = _tidy(build_json_schema(kind(name).Options, prefix=f"{name}."))
        definitions |= own.pop("$defs")
        definitions[f"check.{name}"] = _build_kind_schema(name, kind(name), common, own)
    definitions["Destinations"] = _DESTINATIONS
    definitions["Check"] = _choose_kind(kinds, common["properties"]["kind"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "status.yml of Constat",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _choose_kind(kinds: Collection[str], about: Schema) -> Schema:
    """Build the schema of a check of any kind. With a misspelt kind, only the kind is wrong, not its options."""
    branches = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": {"$ref": f"#/$defs/check.{name}"},
        }
        for name in kinds
    ]
    properties = {"kind": {"description": about["description"], "enum": list(kinds)}}
    return {"type": "object", "properties": properties, "required": ["name", "kind"], "allOf": branches}


def _build_kind_schema(name: str, kind: Kind, common: Schema, own: Schema) -> Schema:
    """Build the schema of a check of one kind: the keys that all checks have, and its options."""
    chosen = {**common["properties"]["kind"], "const": name}
    chosen.pop("type")
    required = [key for key in common["required"] if key not in kind.DEFAULTS.keys_for(())]
    options = {key: own["properties"][key] for key in list_written_names(kind.Options)}
    return {
        "type": "object",
        "properties": {
            **common["properties"],
            "kind": chosen,
            **options,
            DESTINATIONS: {"$ref": "#/$defs/Destinations"},
        },
        "required": required,
        "if": {"not": {"required": [DESTINATIONS]}},
        "then": {"required": own.get("required", [])},
        "additionalProperties": False,
    }


def _tidy(value: Any) -> Any:  # noqa: ANN401 - a schema is whatever JSON holds
    """Remove what YAML does not have: text is never null, so a key is present or it is not."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {
        key: {name: _tidy(inner) for name, inner in item.items()}
        if key in ("properties", "$defs")
        else _tidy(item)
        for key, item in value.items()
        if key not in _DROPPED
    }
    branches = [branch for branch in kept.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        del kept["anyOf"]
        return {**cast("Mapping[str, Any]", branches[0]), **kept}
    return kept
