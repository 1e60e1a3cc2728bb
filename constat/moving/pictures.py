"""The pictures that are imported with notices, each once, under a name that the project can use."""

import re
from collections.abc import Callable
from typing import Final

PUBLISHED: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pdf", ".txt", ".csv"})
"""The types of files that notices may show or link to."""


class PictureShelf:
    """Keeps pictures by name; different pictures never share a name."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self._names: dict[str, str | None] = {}

    def keep(self, path: str, read: Callable[[str], bytes | None]) -> str | None:
        """Keep the picture at a path, and return its path below `incidents/`; `None` if there is no such picture."""
        if path not in self._names:
            name = _make_name(path)
            data = read(path) if name else None
            self._names[path] = self._put(name, data) if data is not None else None
        return self._names[path]

    def _put(self, name: str, data: bytes) -> str:
        stem, _, suffix = name.rpartition(".")
        number, chosen = 1, name
        while chosen in self.kept and self.kept[chosen] != data:
            number += 1
            chosen = f"{stem}-{number}.{suffix}"
        self.kept[chosen] = data
        return f"files/{chosen}"


def _make_name(path: str) -> str:
    """The last part of a path in letters, digits and hyphens; empty for a type of file that may not be published."""
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    if not dot or f".{suffix.lower()}" not in PUBLISHED:
        return ""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-") or "picture"
    return f"{safe}.{suffix.lower()}"
