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
    """Split a path into stem and language: `incidents/2026-12-01-relay.en.md` -> (`2026-12-01-relay`, `en`)."""
    stem, _, language = path.rpartition("/")[2].removesuffix(".md").partition(".")
    return stem, language


def check_name(
    path: str, stem: str, language: str, languages: tuple[str, ...], originals: Mapping[str, str]
) -> Problem | None:
    """Check the name of a file. Returns the problem with it, if there is one."""
    if path.count("/") > 1:
        twice = f"{stem} appears twice, here in a subfolder" if stem in originals else ""
        hint = "put it directly under incidents/"
        return Problem(path, 0, 0, twice or "a notice in a subfolder", hint)
    match = _NAME.fullmatch(stem)
    if not match or not _is_date(match[1]) or len(stem) > LONGEST_STEM:
        hint = "name it YYYY-MM-DD-some-words.md, in lower-case letters, digits and hyphens"
        return Problem(path, 0, 0, "not a valid name of a notice", hint)
    if not language:
        return None if originals[stem] == path else Problem(path, 0, 0, f"{stem} appears twice", "rename one")
    return _check_translation(path, stem, language, languages, originals)


def _check_translation(
    path: str, stem: str, language: str, languages: tuple[str, ...], originals: Mapping[str, str]
) -> Problem | None:
    """Check the name of a translation. Returns the problem with it, if there is one."""
    if language == languages[0]:
        hint = f"the page's first language is written in {stem}.md"
        return Problem(path, 0, 0, f"a translation into {language}", hint)
    if language not in languages:
        hint = did_you_mean(language, languages[1:], otherwise="add it to page.languages in status.yml")
        return Problem(path, 0, 0, f"the page has no language {language}", hint)
    if stem not in originals:
        return Problem(path, 0, 0, f"a translation of {stem}.md, which does not exist", "write that first")
    return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
