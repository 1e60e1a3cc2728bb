"""The names of notice files: a date, a slug, and the language of a translation."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from constat.errors import Problem
from constat.text.suggest import did_you_mean

_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_STEM: Final = 100


def split_name(path: str) -> tuple[str, str]:
    """`incidents/2026-12-01-relay.en.md` -> (`2026-12-01-relay`, `en`)."""
    stem, _, language = path.rpartition("/")[2].removesuffix(".md").partition(".")
    return stem, language


def check_name(
    path: str, stem: str, language: str, languages: tuple[str, ...], originals: Mapping[str, str]
) -> Problem | None:
    """What is wrong with the name of a file, if something is."""
    if path.count("/") > 1:
        twice = f"{stem} appears twice, here in a folder of its own" if stem in originals else ""
        hint = "put it directly under incidents/"
        return Problem(path, 0, 0, twice or "a notice in a folder of its own", hint)
    found = _NAME.fullmatch(stem)
    if not found or not _is_date(found[1]) or len(stem) > LONGEST_STEM:
        hint = "call it YYYY-MM-DD-some-words.md, in small letters, digits and hyphens"
        return Problem(path, 0, 0, "not the name of a notice", hint)
    if not language:
        return None if originals[stem] == path else Problem(path, 0, 0, f"{stem} appears twice", "rename one")
    return _mistranslated(path, stem, language, languages, originals)


def _mistranslated(
    path: str, stem: str, language: str, languages: tuple[str, ...], originals: Mapping[str, str]
) -> Problem | None:
    """What is wrong with the name of a translation, if something is."""
    if language == languages[0]:
        hint = f"the page's first language is written in {stem}.md"
        return Problem(path, 0, 0, f"a translation into {language}", hint)
    if language not in languages:
        hint = did_you_mean(language, languages[1:], otherwise="add it to page.languages in status.yml")
        return Problem(path, 0, 0, f"the page has no language {language}", hint)
    if stem not in originals:
        return Problem(path, 0, 0, f"a translation of {stem}.md, which is not there", "write that first")
    return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
