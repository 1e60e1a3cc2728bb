"""The JSON of published files: UTF-8, keys in their order, a final line break."""

import json


def encode_json(document: object) -> bytes:
    """Encode a document."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
