"""The reading of one piece of a document as one of our types."""

from collections.abc import Collection
from typing import TypeVar

from constat.config.fast_path import take
from constat.config.problem_log import ValueFault
from constat.text.yaml_source import Value

T = TypeVar("T")


def parse_value(
    declaration: type[T], data: Value, secrets: Collection[str]
) -> tuple[T | None, tuple[ValueFault, ...]]:
    """Parse a value: the result, or everything that is wrong with it. `secrets`: the names that it may use."""
    try:
        return take(declaration, data, secrets), ()
    except ValueError:
        from constat.config.pydantic_path import judge  # noqa: PLC0415 -- pydantic is loaded only for a faulty value

        return judge(declaration, data, secrets)
