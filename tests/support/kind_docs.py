"""What docs/checks.md must say of each kind: one table of options, made from the types that validate them."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from checks.reasons import WORDS
from checks.registry import load_kind
from constat.config.pydantic_path import build_json_schema


def options_table(name: str) -> str:
    """The options of a kind as a table of markdown; `smtp.host` is the key `host` in the table `smtp`."""
    schema = build_json_schema(load_kind(name).Options)
    rows = _rows(load_kind(name).Options, schema, schema.get("$defs", {}), "")
    return "\n".join(["| option | meaning |", "| --- | --- |", *rows])


def reasons_table() -> str:
    """Every word with which a reason begins."""
    rows = [f"| `{word}` | {outcome} | {meaning} |" for word, (outcome, meaning) in WORDS.items()]
    return "\n".join(["| word | usually | meaning |", "| --- | --- | --- |", *rows])


def _rows(
    options: type[Any], schema: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str
) -> list[str]:
    rows: list[str] = []
    hints = get_type_hints(options)
    for field in fields(options):
        described: Mapping[str, Any] = schema["properties"][field.name]
        required = field.default is MISSING and field.default_factory is MISSING
        mark = " (required)" if required else ""
        rows.append(f"| `{prefix}{field.name}`{mark} | {described.get('description', '')} |")
        inner = next(
            (one for one in (hints[field.name], *get_args(hints[field.name])) if is_dataclass(one)), None
        )
        if isinstance(inner, type):
            rows += _rows(inner, definitions[inner.__name__], definitions, f"{prefix}{field.name}.")
    return rows
