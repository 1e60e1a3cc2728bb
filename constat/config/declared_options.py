"""The options of a kind that a project brings: their declaration, a small part of JSON Schema, and the types that read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from constat.config.fields import Duration, Flag, Host, MailAddress, Size, Text, Url, wrong
from constat.config.fields.marks import Reads
from constat.config.fields.text_fields import parse_whole_number

_MOST = 10**12 - 1
_STRINGS: Mapping[str, Any] = {
    "": Text,
    "hostname": Host,
    "uri": Url,
    "email": MailAddress,
    "x-duration": Duration,
    "x-size": Size,
}
"""The `format` of a string -> the type by which it is read. The last two are ours: `5m` in seconds, `1MiB` in bytes."""


@dataclass(frozen=True, slots=True)
class DeclaredValue:
    """The declaration of one value."""

    type: Literal["string", "integer", "boolean"]
    format: Literal["hostname", "uri", "email", "x-duration", "x-size"] | None = None
    enum: tuple[Text, ...] | None = None
    minimum: Annotated[int, Reads(parse_whole_number(0, _MOST), {})] | None = None
    maximum: Annotated[int, Reads(parse_whole_number(0, _MOST), {})] | None = None
    description: Text | None = None

    def __post_init__(self) -> None:
        """Refuse keywords that do nothing for this type.

        Raises:
            ValueError: there is one.

        """
        if self.type != "string" and (self.format or self.enum is not None):
            raise wrong(f"format and enum apply to strings only, not to type {self.type}", "take them out")
        if self.type != "integer" and (self.minimum is not None or self.maximum is not None):
            raise wrong("minimum and maximum apply to integers only", "take them out")
        if self.enum is not None and (not self.enum or self.format):
            raise wrong("enum lists at least one value, and excludes format", 'write "enum": ["a", "b"]')
        if self.least > self.most:
            raise wrong("minimum is above maximum", "swap them")

    @property
    def least(self) -> int:
        """The smallest number allowed."""
        return self.minimum or 0

    @property
    def most(self) -> int:
        """The largest number allowed."""
        return _MOST if self.maximum is None else self.maximum


@dataclass(frozen=True, slots=True)
class DeclaredOption(DeclaredValue):
    """The declaration of one option: one value, or a list of them."""

    type: Literal["string", "integer", "boolean", "array"]  # type: ignore[assignment]
    items: DeclaredValue | None = None

    def __post_init__(self) -> None:
        """Refuse an array without `items`, and `items` for anything that is not an array.

        Raises:
            ValueError: one is there without the other.

        """
        DeclaredValue.__post_init__(self)
        if (self.type == "array") != (self.items is not None):
            raise wrong(
                "items and type array go together", 'write "type": "array", "items": {"type": "string"}'
            )


def choose_type(given: DeclaredValue) -> Any:  # noqa: ANN401 (a type, made at run time)
    """The type by which an option is read."""
    if isinstance(given, DeclaredOption) and given.items is not None:
        return tuple.__class_getitem__((choose_type(given.items), ...))
    if given.enum is not None:
        return Literal.__getitem__(given.enum)
    if given.type == "boolean":
        return Flag
    if given.type == "integer":
        schema = {"type": "integer", "minimum": given.least, "maximum": given.most}
        return Annotated[int, Reads(parse_whole_number(given.least, given.most), schema)]
    return _STRINGS[given.format or ""]
