"""The words of a page, as somebody reads them."""

import re
from html import unescape
from pathlib import Path


def read_text(html: Path) -> str:
    """The words of a page."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html.read_text(), flags=re.DOTALL)
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", unescape(body)))
