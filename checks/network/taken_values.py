"""Values that were taken from earlier answers, in the texts of a request."""

import re
from collections.abc import Callable, Mapping

VALUE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
"""`{{name}}` in a text of a request stands for a value that was taken from an earlier answer."""


def fill_text(text: str, values: Mapping[str, str], secret: Callable[[str], str]) -> str:
    """Fill in secrets and values, each once: what an answer gave is never taken for the name of a secret."""
    pieces = VALUE.split(text)
    pieces[::2] = map(secret, pieces[::2])
    pieces[1::2] = (values.get(name, f"{{{{{name}}}}}") for name in pieces[1::2])
    return "".join(pieces)
