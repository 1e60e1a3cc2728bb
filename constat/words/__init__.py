"""Words for people: translations, and dates, numbers and durations as each language writes them."""

from constat.words.catalog import FOLDER, SOURCE, Catalog, load, parse
from constat.words.language import Language

__all__ = ["FOLDER", "SOURCE", "Catalog", "Language", "load", "parse"]
