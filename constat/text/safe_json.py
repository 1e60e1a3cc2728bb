"""JSON that anyone may have written: read within bounds, so that no later step fails on what it holds."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

MOST_DEEP = 64
"""Levels of lists and objects inside each other; what we write has at most eight."""

MOST_DIGITS = 18
"""Digits of a whole number: as many as 64 bits hold."""

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[{]|[\]}]")
_LONG_NUMBER = re.compile(rf"[0-9]{{{MOST_DIGITS + 1}}}")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def load_json(data: bytes, parse_float: Callable[[str], Any] | None = None) -> Any:  # noqa: ANN401 -- plain JSON values
    """Read a JSON document in UTF-8.

    Raises:
        ValueError: it is not JSON, is nested too deeply, or holds a number that is too long or half a surrogate pair.

    """
    text = data.decode()
    _refuse_excess(text)
    content = json.loads(text, parse_float=parse_float or _read_float, parse_constant=_refuse_constant)
    if _SURROGATE.search(text):
        json.dumps(content, ensure_ascii=False).encode()
    return content


def load_json_line(data: bytes) -> Any:  # noqa: ANN401 -- plain JSON values
    """Read a line that is a JSON document; what is wrong is said without a line number, which is that of the file.

    Raises:
        ValueError: as of `load_json`.

    """
    try:
        return load_json(data)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON from column {error.colno} on: {error.msg}") from None


def _refuse_excess(text: str) -> None:
    """Refuse what is nested too deeply, or has too long a number. Few documents need the closer look."""
    if text.count("[") + text.count("{") <= MOST_DEEP and not _LONG_NUMBER.search(text):
        return
    bare = _TEXTS.sub('""', text)
    if _LONG_NUMBER.search(bare):
        raise ValueError(f"a number of more than {MOST_DIGITS} digits")
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MOST_DEEP:
            raise ValueError(f"nested more than {MOST_DEEP} levels deep")


def _read_float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} is too large a number")
    return value


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a number of JSON")
