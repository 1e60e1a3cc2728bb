"""Mail addresses in texts that are taken over: they were public on the old page, but nobody may have meant them to be."""

import re
from collections.abc import Iterable
from typing import Final

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
KEPT: Final = "kept: is that intended?"
"""What the report says was done with them."""


def describe_addresses(texts: Iterable[str]) -> str:
    """Say in the report's words how many addresses some texts hold, each counted once; empty if they hold none."""
    count = len({address for text in texts for address in _ADDRESS.findall(text)})
    return f"{count} e-mail address{'es' * (count > 1)} in the text" if count else ""
