"""Annotations of a declaration: how a value is parsed, what is wrong with it, and what a key means.

They are data. `constat.config.value_parsing` parses by them; pydantic, which validates what the fast path leaves and makes the
JSON Schema, calls the methods that it looks for in annotations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

JsonSchema = dict[str, Any]

SCALAR: JsonSchema = {"type": ["string", "number", "boolean"]}
"""Any scalar: whatever type YAML gives it, we read it as text."""


def matching(pattern: str, example: str) -> JsonSchema:
    """Describe a text that matches a pattern."""
    return {"type": "string", "pattern": pattern, "examples": [example]}


class WrongError(ValueError):
    """A value that cannot be used: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def wrong(message: str, hint: str = "") -> WrongError:
    """Make the error that a parser raises: what is wrong, and what to write instead."""
    return WrongError(message, hint)


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """The parser of a value, and how the JSON Schema describes the value.

    `parser` takes the value as written and raises what `wrong` makes; where `secrets` is set, it
    also takes the names of the declared secrets.
    """

    parser: Callable[..., Any]
    json_schema: JsonSchema
    secrets: bool = False

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:  # noqa: ANN401 - a type of pydantic's
        """Tell pydantic how to validate."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- only pydantic calls this, so it is loaded already

        if not self.secrets:
            return core_schema.no_info_plain_validator_function(self.parser)
        return core_schema.with_info_plain_validator_function(
            lambda value, info: self.parser(value, info.context["secrets"])
        )

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> JsonSchema:
        """Tell pydantic what to write into the JSON Schema."""
        return {**self.json_schema}


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """The description of a key."""

    description: str

    def __get_pydantic_json_schema__(
        self, schema: object, handler: Callable[[object], JsonSchema]
    ) -> JsonSchema:
        """Add the description to what pydantic writes into the JSON Schema."""
        return {**handler(schema), "description": self.description}


def about(description: str) -> object:
    """The description of a key, for the JSON Schema and the editors that read it."""
    return About(description)
