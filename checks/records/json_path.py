"""One value in a JSON document, and whether it is the expected one.

A path is a JSON pointer (RFC 6901: `/data/items/0/name`) if it begins with a slash, else the same steps joined by dots
(`data.items.0.name`). A check of one value needs no more; a query language would find several.
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


_SPELLINGS = {
    True: frozenset({"true", "yes", "on"}),
    False: frozenset({"false", "no", "off"}),
    None: frozenset({"null", "~"}),
}
"""How YAML may spell what JSON spells in one way, in lower case (YAML 1.1, and 1.2 section 10.2)."""


def parse_json(body: bytes, text: Callable[[], str] | None = None) -> object:
    """Parse the document of a body, with exact numbers. `text`: the body in the charset that it names.

    JSON is UTF-8 (RFC 8259 8.1); a document in an older charset is read in that, if it names it.

    Raises:
        Trouble: it is not JSON.

    """
    try:
        document: object = _load(body, text)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise Trouble("protocol", "not JSON") from error
    return document


def _load(body: bytes, text: Callable[[], str] | None) -> object:
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal)
    except UnicodeDecodeError:
        if text is None:
            raise
        return json.loads(text(), parse_float=Decimal, parse_int=Decimal)


def _split_path(path: str) -> list[str]:
    if not path.startswith("/"):
        return path.removeprefix("$.").split(".")
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def find_value(document: object, path: str) -> object:
    """Find the value at a path.

    Raises:
        LookupError: there is none.

    """
    for step in _split_path(path):
        if isinstance(document, dict):
            document = document[step]
        elif isinstance(document, list) and re.fullmatch(r"[0-9]{1,9}", step):
            document = document[int(step)]
        else:
            raise LookupError(path)
    return document


def format_value(value: object) -> str:
    """Write a value as `status.yml` would write it."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)


def _parse_number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_equal(value: object, expected: str) -> bool:
    """Whether a value is the expected one, which is read as YAML would read it: `True`, `yes` and `true` are the same."""
    if value is None or isinstance(value, bool):
        return expected.lower() in _SPELLINGS[value]
    written = format_value(value)
    number, expected_number = _parse_number(written), _parse_number(expected)
    return written == expected or (number is not None and number == expected_number)


def can_hold(expected: str) -> bool:
    """Whether any value could be as expected: a bound must be a number."""
    comparison = _COMPARISON.fullmatch(expected)
    return comparison is None or comparison[1] not in _NUMERIC or _parse_number(comparison[2]) is not None


def satisfies(value: object, expected: str) -> bool:
    """Whether a value is as expected: equal, or as a comparison says (`>= 100`, `!= error`). Numbers compare as numbers."""
    comparison = _COMPARISON.fullmatch(expected)
    sign, operand = (comparison[1], comparison[2]) if comparison else ("=", expected)
    if sign in ("=", "!="):
        return _is_equal(value, operand) == (sign == "=")
    number, bound = _parse_number(format_value(value)), _parse_number(operand)
    return number is not None and bound is not None and _NUMERIC[sign](number, bound)
