"""The pydantic path: every fault of a piece of a document, in our words, and the JSON Schema.

A piece that is plainly valid never gets here: see `constat.config.value_parsing`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from constat.config.fields import WrongError
from constat.config.problem_log import ValueFault
from constat.config.value_parsing import spell_key
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path, Value

T = TypeVar("T")


_ADAPTERS: dict[type[Any], TypeAdapter[tuple[Any]]] = {}


def _make_adapter(declaration: type[Any]) -> TypeAdapter[tuple[Any]]:
    """Make an adapter that refuses unknown keys at every depth: in a tuple of one, plain dataclasses inherit its settings."""
    if declaration not in _ADAPTERS:
        of_one: Any = tuple.__class_getitem__((declaration,))
        config = ConfigDict(extra="forbid", alias_generator=spell_key)
        _ADAPTERS[declaration] = TypeAdapter(of_one, config=config)
    return _ADAPTERS[declaration]


def build_json_schema(declaration: type[Any], prefix: str = "") -> dict[str, Any]:
    """Build the JSON Schema of one of our types; what it refers to is under `$defs`, by names that begin with the prefix."""
    schema = _make_adapter(declaration).json_schema(ref_template=f"#/$defs/{prefix}{{model}}")
    definitions = {f"{prefix}{name}": inner for name, inner in schema.get("$defs", {}).items()}
    top = schema["prefixItems"][0]
    own = definitions.pop(top["$ref"].rsplit("/", 1)[-1]) if "$ref" in top else top
    return {**own, "$defs": definitions}


def judge(
    declaration: type[T], data: Value, secrets: Collection[str]
) -> tuple[T | None, tuple[ValueFault, ...]]:
    """Read a value as one of our types: the result, or every fault. `secrets`: the names that options may use."""
    try:
        return cast(
            "T", _make_adapter(declaration).validate_python((data,), context={"secrets": secrets})[0]
        ), ()
    except ValidationError as error:
        return None, tuple(_list_faults(declaration, error))


def _list_faults(declaration: type[Any], error: ValidationError) -> Iterator[ValueFault]:
    schema = build_json_schema(declaration)
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"][1:] if part != "[key]")
        explain = _EXPLAINERS.get(detail["type"], _explain_other)
        message, hint, at_key = explain(detail, _find_part(schema, path[:-1]))
        yield ValueFault(path, message, hint, at_key or detail["loc"][-1] == "[key]")


Explanation = tuple[str, str, bool]
"""The message, the hint, and whether it is the key that is wrong."""


def _explain_own(detail: ErrorDetails, _around: Mapping[str, Any]) -> Explanation:
    error = detail["ctx"]["error"]
    return str(error), error.hint if isinstance(error, WrongError) else "", False


def _explain_missing(detail: ErrorDetails, around: Mapping[str, Any]) -> Explanation:
    key = str(detail["loc"][-1])
    return (
        f"the key {key} is missing",
        around.get("properties", {}).get(key, {}).get("description", ""),
        False,
    )


def _explain_unknown(detail: ErrorDetails, around: Mapping[str, Any]) -> Explanation:
    key = str(detail["loc"][-1])
    return f"unknown key {key}", did_you_mean(key, around.get("properties", {})), True


def _explain_literal(detail: ErrorDetails, _around: Mapping[str, Any]) -> Explanation:
    known = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
    written = detail["input"]
    if not isinstance(written, str):
        return "a list or a table of keys, not a single value", f"write one of {', '.join(known)}", False
    return f"{written!r} is not a valid value", did_you_mean(written, known), False


def _explain_table(_detail: ErrorDetails, _around: Mapping[str, Any]) -> Explanation:
    return "not a table of keys", "write keys and values: {key: value}, or one key a line, indented", False


def _explain_list(_detail: ErrorDetails, _around: Mapping[str, Any]) -> Explanation:
    return "not a list", "write [one, two], or one a line after a hyphen", False


def _explain_other(detail: ErrorDetails, _around: Mapping[str, Any]) -> Explanation:
    return detail["msg"], "", False


_EXPLAINERS: Mapping[str, Callable[[ErrorDetails, Mapping[str, Any]], Explanation]] = {
    "value_error": _explain_own,
    "missing": _explain_missing,
    "unexpected_keyword_argument": _explain_unknown,
    "literal_error": _explain_literal,
    "dataclass_type": _explain_table,
    "dict_type": _explain_table,
    "mapping_type": _explain_table,
    "tuple_type": _explain_list,
    "list_type": _explain_list,
}
"""Pydantic's types of error, with what explains each in our words."""


def _resolve(schema: Mapping[str, Any], top: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow the reference of a schema; for an optional value, take the schema that applies when it is present."""
    if "anyOf" in schema:
        schema = next(branch for branch in schema["anyOf"] if branch.get("type") != "null")
    reference = schema.get("$ref", "")
    return cast("Mapping[str, Any]", top["$defs"][reference.rsplit("/", 1)[-1]]) if reference else schema


def _find_part(top: Mapping[str, Any], inside: Path) -> Mapping[str, Any]:
    """Find the part of a schema that describes the value at a path; empty where there is none."""
    schema: Mapping[str, Any] = top
    for part in inside:
        if isinstance(part, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}
        schema = _resolve(schema, top) if isinstance(schema, Mapping) else {}
    return schema
