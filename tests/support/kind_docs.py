"""The page docs/checks.md: its sections and examples, and the tables that it must have, made from the code.

    python -m tests.support.kind_docs

renews the tables that are there already.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from checks.reason_words import WORDS
from checks.registry import KINDS, load_kind
from constat.config.pydantic_path import build_json_schema
from constat.config.sections import COMMON_KEYS
from constat.text import yaml_source
from constat.text.yaml_source import Value
from tests.support.source_tree import ROOT

PAGE = ROOT / "docs" / "checks.md"
_TABLE = re.compile(r"^\| (?:option|word) \|.*?(?=\n\n|\n?\Z)", re.DOTALL | re.MULTILINE)


def find_section(name: str) -> str:
    """The text of a section, up to the next heading of its level; empty if there is none."""
    section = re.search(
        rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return section[1] if section else ""


def find_blocks(text: str) -> list[str]:
    """The YAML blocks of some markdown."""
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def find_example_checks(name: str) -> list[dict[str, Value]]:
    """The checks of a kind that its section gives as examples, as written."""
    entries = [entry for block in find_blocks(find_section(name)) for entry in _read_entries(block)]
    return [entry for entry in entries if entry.get("kind") == name]


def pick_options(check: Mapping[str, Value]) -> dict[str, Value]:
    """The options of a check's kind, without the keys that every check has."""
    return {key: value for key, value in check.items() if key not in COMMON_KEYS}


def _read_entries(block: str) -> list[dict[str, Value]]:
    data = yaml_source.read_yaml(block, "docs/checks.md").data
    return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []


def write_options_table(name: str) -> str:
    """The options of a kind as a table of markdown; `smtp.host` is the key `host` in the table `smtp`."""
    schema = build_json_schema(load_kind(name).Options)
    rows = _build_rows(load_kind(name).Options, schema, schema.get("$defs", {}), "")
    return "\n".join(["| option | meaning |", "| --- | --- |", *rows])


def write_reasons_table() -> str:
    """A table of the words with which reasons begin."""
    rows = [f"| `{word}` | {outcome} | {meaning} |" for word, (outcome, meaning, _) in WORDS.items()]
    return "\n".join(["| word | usually | meaning |", "| --- | --- | --- |", *rows])


def _build_rows(
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
            rows += _build_rows(inner, definitions[inner.__name__], definitions, f"{prefix}{field.name}.")
    return rows


def main() -> None:
    """Write the tables again."""
    text = PAGE.read_text(encoding="utf-8")
    for name in KINDS:
        text = _replace_table(text, name, write_options_table(name))
    PAGE.write_text(_replace_table(text, "Reasons", write_reasons_table()), encoding="utf-8")


def _replace_table(text: str, name: str, table: str) -> str:
    """The page with a table replaced in one of its sections."""
    section = find_section(name)
    old = _TABLE.search(section)
    return text.replace(section, section.replace(old[0], table)) if old else text


if __name__ == "__main__":
    main()
