"""The register (DESIGN 4): what we promised and announced, when it was published, and what is new to record."""

from constat.register.holding import holding
from constat.register.lines import parse
from constat.register.news import news
from constat.register.telling import tell
from constat.register.words import ANNOUNCEMENT, edits, places

__all__ = ["ANNOUNCEMENT", "edits", "holding", "news", "parse", "places", "tell"]
