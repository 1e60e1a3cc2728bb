"""The headers that a file of the site is served with, for places that keep them beside each file, such as a bucket."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

TYPES: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pem": "application/x-pem-file",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "gz": "application/gzip",
}
"""The type of a file by its extension; any other file is served as bytes."""
_KEPT = ("Content-Type", "Cache-Control")
"""The headers that an object store keeps for each object. The other headers are up to its server."""


def find_headers(path: str, rules: str) -> dict[str, str]:
    """The type and the caching of a file; `rules` are those of the site's own `_headers`, of which the last match wins."""
    ending = path.rpartition("/")[2].rpartition(".")[2]
    headers = {"Content-Type": TYPES.get(ending, "application/octet-stream")}
    headers |= {name: value for name, value in _list_rules(path, rules) if name in _KEPT}
    return headers


def _list_rules(path: str, rules: str) -> Iterator[tuple[str, str]]:
    applies = False
    for line in rules.splitlines():
        if not line.startswith(" "):
            applies = fnmatchcase(f"/{path}", line.strip())
        elif applies:
            name, _, value = line.strip().partition(": ")
            yield name, value
