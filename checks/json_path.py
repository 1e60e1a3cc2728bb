"""One value in a JSON document, and whether it is the expected one.

A path is a JSON pointer (RFC 6901: `/data/items/0/name`) where it begins with a slash, else the same steps joined by
dots (`data.items.0.name`). That is all that a check of one value needs; a query language would find several.
"""

import json
import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from checks.reasons import Trouble

_COMPARISON = re.compile(r"(>=|<=|!=|>|<|=)\s*(.*)", re.DOTALL)
_NUMERIC: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def parse_path(body: bytes) -> object:
    """The document of a body, its numbers exact.

    Raises:
        Trouble: it is no JSON.

    """
    try:
        document: object = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise Trouble("protocol", "not JSON") from error
    return document


def _steps(path: str) -> list[str]:
    if not path.startswith("/"):
        return path.removeprefix("$.").split(".")
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def value_at(document: object, path: str) -> object:
    """What stands at a path.

    Raises:
        LookupError: nothing does.

    """
    for step in _steps(path):
        if isinstance(document, dict):
            document = document[step]
        elif isinstance(document, list) and re.fullmatch(r"[0-9]{1,9}", step):
            document = document[int(step)]
        else:
            raise LookupError(path)
    return document


def as_text(value: object) -> str:
    """A value as `status.yml` would write it."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _same(found: str, expected: str) -> bool:
    ours, theirs = _number(found), _number(expected)
    return found == expected or (ours is not None and ours == theirs)


def satisfies(found: str, expected: str) -> bool:
    """Whether a value is as expected: equal, or as a comparison says (`>= 100`, `!= error`). Numbers as numbers."""
    comparison = _COMPARISON.fullmatch(expected)
    sign, operand = (comparison[1], comparison[2]) if comparison else ("=", expected)
    if sign in ("=", "!="):
        return _same(found, operand) == (sign == "=")
    ours, theirs = _number(found), _number(operand)
    return ours is not None and theirs is not None and _NUMERIC[sign](ours, theirs)
