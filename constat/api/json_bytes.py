"""JSON as it is published: UTF-8, keys in the order in which they were written, a final line break."""

import json


def encode_json(document: object) -> bytes:
    """A document as bytes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
