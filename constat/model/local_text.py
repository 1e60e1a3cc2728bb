"""Texts that `status.yml` may have in several languages."""

from collections.abc import Mapping

LocalText = Mapping[str, str]
"""A text by language; a single text in `status.yml` is for every language (key `""`)."""


def choose_text(text: LocalText, language: str) -> str:
    """A text in a language, or else the one for every language, or else the first that is written."""
    return text.get(language) or text.get("") or next(iter(text.values()), "")
