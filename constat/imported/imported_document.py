"""`history/imported/<name>.json`: where the rows beside it come from, when they were imported, and the report of the import."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from constat.interval import Instant, format_instant
from constat.text.safe_json import load_json

TITLE_MAX = 40


def encode_document(
    title: str, source: Mapping[str, Any], imported_at: Instant, csv: bytes, report: Iterable[str]
) -> bytes:
    """Write the document of a file of rows.

    `title` is how the tool writes its name, `source` what was read (plain JSON values), `csv` the rows as they are
    written beside it.
    """
    content = {
        "title": title,
        "imported_at": format_instant(imported_at),
        "source": dict(source),
        "rows": max(0, csv.count(b"\n") - 1),
        "csv_sha256": hashlib.sha256(csv).hexdigest(),
        "report": list(report),
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def decode_title(data: bytes, otherwise: str) -> str:
    """The name of the tool, `otherwise` where the document does not give one."""
    try:
        title = load_json(data).get("title")
    except (ValueError, AttributeError):
        return otherwise
    if not isinstance(title, str):
        return otherwise
    plain = "".join(letter for letter in title if letter.isalnum() or letter in " ._-").strip()
    return plain[:TITLE_MAX] or otherwise
