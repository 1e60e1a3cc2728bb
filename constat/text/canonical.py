"""JSON with exactly one spelling, so that equal content has equal bytes and an equal hash."""

import json


def encode_canonical(value: object) -> str:
    """Write JSON on one line: keys in the order given, no spaces, text as it is.

    Raises:
        TypeError: something that JSON does not have (a `Decimal`, a date): write it as text first.
        ValueError: a number that JSON does not have.

    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
