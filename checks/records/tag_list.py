"""Lists of `tag=value;`, the form of DKIM keys and DMARC records (RFC 6376 3.2)."""

import re
from collections.abc import Mapping


class TagError(Exception):
    """The list breaks its grammar: `what` is wrong, in our words, and `text` is what it says there."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(what)
        self.what = what
        self.text = text


def parse_tags(text: str) -> Mapping[str, str]:
    """The values by tag, in their order, white space around them left out.

    Raises:
        TagError: a part is no `tag=value`, or a tag is there twice.

    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        match = re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", part, re.DOTALL)
        if match is None:
            raise TagError("has no tag and value in", part.strip())
        if match[1] in found:
            raise TagError("has twice the tag", match[1])
        found[match[1]] = match[2]
    return found
