"""Titles and links of upstream services, as we show them: one short line, and an address that is safe to link to."""

import re
from html import unescape
from typing import Final

from constat.text.reason_cells import make_printable

_LONGEST_TITLE: Final = 120
_LINK: Final = re.compile(r"https?://[^\s<>\"',\\^`{}|]{1,300}")
_TAG: Final = re.compile(r"<[^<>]*>")


def clean_title(text: object) -> str:
    """A title in one line, without markup and control characters; empty for what is not text."""
    if not isinstance(text, str):
        return ""
    plain = make_printable(unescape(_TAG.sub(" ", text[:4096]))).lstrip("=+-@ ")
    return plain if len(plain) <= _LONGEST_TITLE else f"{plain[: _LONGEST_TITLE - 1].rstrip()}…"


def clean_link(text: object) -> str:
    """An address of the web, as ASCII; empty for anything else."""
    link = text.strip() if isinstance(text, str) else ""
    return link if link.isascii() and _LINK.fullmatch(link) else ""
