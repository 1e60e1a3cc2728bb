"""JSON from somebody who may mean harm: bounded in depth, in the size of its numbers, and free of lone surrogates."""

import json
import math
import re
from typing import Final

MAX_DEPTH: Final = 32
MAX_NUMBER: Final = 30
"""The most characters of a number."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|"|[\[{]|[\]}]|[-+.\dEe]{2,}', re.DOTALL)


class OutOfBoundsError(ValueError):
    """JSON that only somebody who means harm would write."""


def read_bounded_json(data: bytes) -> object:
    """Read a JSON document.

    Raises:
        OutOfBoundsError: it is nested too deeply, or holds a number that is too long or half a pair of surrogates.
        ValueError: it is no JSON, or not UTF-8.

    """
    text = data.decode("utf-8")
    _check_tokens(text)
    value: object = json.loads(text, parse_float=_read_float, parse_constant=_refuse_constant)
    if "\\u" in text:
        _refuse_surrogates(value)
    return value


def _check_tokens(text: str) -> None:
    """Check depth and numbers before anything is built from the text."""
    depth = 0
    for match in _TOKEN.finditer(text):
        found = match[0]
        if found == '"':
            raise ValueError("a text in it has no end")
        if found in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise OutOfBoundsError(f"it is nested more than {MAX_DEPTH} deep")
        elif found in "]}":
            depth -= 1
        elif found[0] != '"' and len(found) > MAX_NUMBER:
            raise OutOfBoundsError(f"a number in it has more than {MAX_NUMBER} characters")


def _read_float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise OutOfBoundsError(f"{text} is too large a number")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def _refuse_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise OutOfBoundsError("a text in it holds half a pair of surrogates") from None
