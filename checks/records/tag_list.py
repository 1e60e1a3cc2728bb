"""Tag lists, `tag=value; tag=value`: the syntax of DKIM keys and DMARC records (RFC 6376 3.2)."""

import re
from collections.abc import Mapping


class TagError(Exception):
    """The list breaks the grammar. `what`: the mistake in our words; `text`: the offending part of the list."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(what)
        self.what = what
        self.text = text


def parse_tags(text: str) -> Mapping[str, str]:
    """Parse the values by tag, in order, without the white space around them.

    Raises:
        TagError: a part is not `tag=value`, or a tag occurs twice.

    """
    tags: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        match = re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", part, re.DOTALL)
        if match is None:
            raise TagError("has no tag and value in", part.strip())
        if match[1] in tags:
            raise TagError("has twice the tag", match[1])
        tags[match[1]] = match[2]
    return tags
