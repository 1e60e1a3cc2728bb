"""JSON in a canonical form, so that equal content has equal bytes and an equal hash."""

import json


def encode_canonical(value: object) -> str:
    """Encode a value as JSON on one line: keys in the order given, no spaces, text unescaped.

    Raises:
        TypeError: a type that JSON does not have (a `Decimal`, a date): convert it to text first.
        ValueError: a number that JSON does not have.

    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
