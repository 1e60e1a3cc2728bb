"""The values taken from earlier answers, filled into the texts of a request."""

import re
from collections.abc import Callable, Mapping

VALUE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
"""`{{name}}` in a text of a request stands for a value that was taken from an earlier answer."""


def fill_text(text: str, values: Mapping[str, str], secret: Callable[[str], str]) -> str:
    """Fill in secrets and values, each once: a value from an answer is never searched for secrets or values itself."""
    pieces = VALUE.split(text)
    pieces[::2] = map(secret, pieces[::2])
    pieces[1::2] = (values.get(name, f"{{{{{name}}}}}") for name in pieces[1::2])
    return "".join(pieces)
