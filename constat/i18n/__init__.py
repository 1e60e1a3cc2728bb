"""Internationalisation: translations, and dates, numbers and durations as each language writes them."""

from collections.abc import Mapping

from constat.i18n.catalog import FOLDER, SOURCE, Catalog, load, message, parse
from constat.i18n.language import Language
from constat.interval import Instant
from constat.model import PageSettings

__all__ = ["FOLDER", "SOURCE", "Catalog", "Language", "load", "load_languages", "message", "parse"]


def load_languages(settings: PageSettings, files: Mapping[str, bytes], now: Instant) -> dict[str, Language]:
    """Load the languages of a page by their code, the default first. `files`: those below `templates/`, by path.

    Raises:
        InputError: a language has no translation file, or one that cannot be read.

    """
    return {code: Language(code, load(code, files), settings.timezone, now) for code in settings.languages}
