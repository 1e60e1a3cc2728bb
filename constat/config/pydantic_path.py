"""Pydantic at the edge: all that is wrong with a piece of a document, in our words, and the JSON Schema.

What is plainly right never comes here: see `constat.config.fast_path`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from constat.config.fast_path import written_name
from constat.config.parsing import Fault, WrongError
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path, Value

T = TypeVar("T")


_ADAPTERS: dict[type[Any], TypeAdapter[tuple[Any]]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[tuple[Any]]:
    """Strict about unknown keys all the way down; the tuple of one is what lets plain dataclasses take a configuration."""
    if kind not in _ADAPTERS:
        of_one: Any = tuple.__class_getitem__((kind,))
        config = ConfigDict(extra="forbid", alias_generator=written_name)
        _ADAPTERS[kind] = TypeAdapter(of_one, config=config)
    return _ADAPTERS[kind]


def build_json_schema(kind: type[Any], prefix: str = "") -> dict[str, Any]:
    """The JSON Schema of one of our types; what it refers to under `$defs`, by names that begin with the prefix."""
    schema = _adapter(kind).json_schema(ref_template=f"#/$defs/{prefix}{{model}}")
    definitions = {f"{prefix}{name}": inner for name, inner in schema.get("$defs", {}).items()}
    top = schema["prefixItems"][0]
    own = definitions.pop(top["$ref"].rsplit("/", 1)[-1]) if "$ref" in top else top
    return {**own, "$defs": definitions}


def judge(kind: type[T], data: Value, secrets: Collection[str]) -> tuple[T | None, tuple[Fault, ...]]:
    """Read text as one of our types: the value, or all that is wrong. `secrets`: the names that options may use."""
    try:
        return cast("T", _adapter(kind).validate_python((data,), context={"secrets": secrets})[0]), ()
    except ValidationError as error:
        return None, tuple(_faults(kind, error))


def _faults(kind: type[Any], error: ValidationError) -> Iterator[Fault]:
    schema = build_json_schema(kind)
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"][1:] if part != "[key]")
        tell = _WORDS.get(detail["type"], _as_it_is)
        message, hint, at_key = tell(detail, _at(schema, path[:-1]))
        yield Fault(path, message, hint, at_key or detail["loc"][-1] == "[key]")


Told = tuple[str, str, bool]
"""What is wrong, what to write instead, and whether the key is what is wrong."""


def _own(detail: ErrorDetails, _around: Mapping[str, Any]) -> Told:
    error = detail["ctx"]["error"]
    return str(error), error.hint if isinstance(error, WrongError) else "", False


def _missing(detail: ErrorDetails, around: Mapping[str, Any]) -> Told:
    key = str(detail["loc"][-1])
    return (
        f"the key {key} is missing",
        around.get("properties", {}).get(key, {}).get("description", ""),
        False,
    )


def _unknown(detail: ErrorDetails, around: Mapping[str, Any]) -> Told:
    key = str(detail["loc"][-1])
    return f"unknown key {key}", did_you_mean(key, around.get("properties", {})), True


def _not_among(detail: ErrorDetails, _around: Mapping[str, Any]) -> Told:
    known = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
    written = detail["input"]
    if not isinstance(written, str):
        return "a list or a table of keys", f"write one of {', '.join(known)}", False
    return f"{written!r} is not a valid value", did_you_mean(written, known), False


def _no_table(_detail: ErrorDetails, _around: Mapping[str, Any]) -> Told:
    return "not a table of keys", "write keys and values: {key: value}, or one key a line, indented", False


def _no_list(_detail: ErrorDetails, _around: Mapping[str, Any]) -> Told:
    return "not a list", "write [one, two], or one a line after a hyphen", False


def _as_it_is(detail: ErrorDetails, _around: Mapping[str, Any]) -> Told:
    return detail["msg"], "", False


_WORDS: Mapping[str, Callable[[ErrorDetails, Mapping[str, Any]], Told]] = {
    "value_error": _own,
    "missing": _missing,
    "unexpected_keyword_argument": _unknown,
    "literal_error": _not_among,
    "dataclass_type": _no_table,
    "dict_type": _no_table,
    "mapping_type": _no_table,
    "tuple_type": _no_list,
    "list_type": _no_list,
}
"""Pydantic's types of error, in our words."""


def _resolved(schema: Mapping[str, Any], top: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its own reference followed, and what may be absent taken as present."""
    if "anyOf" in schema:
        schema = next(branch for branch in schema["anyOf"] if branch.get("type") != "null")
    reference = schema.get("$ref", "")
    return cast("Mapping[str, Any]", top["$defs"][reference.rsplit("/", 1)[-1]]) if reference else schema


def _at(top: Mapping[str, Any], inside: Path) -> Mapping[str, Any]:
    """The part of a schema that describes the value at a path; empty where it is silent."""
    schema: Mapping[str, Any] = top
    for part in inside:
        if isinstance(part, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}
        schema = _resolved(schema, top) if isinstance(schema, Mapping) else {}
    return schema
