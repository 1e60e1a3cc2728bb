"""The register (DESIGN 4): what we promised and announced, when it was published, and what is new to record."""

from constat.register.descriptions import tell
from constat.register.effective import holding
from constat.register.lines import parse
from constat.register.pending import news
from constat.register.posted_texts import ANNOUNCEMENT, edits, places

__all__ = ["ANNOUNCEMENT", "edits", "holding", "news", "parse", "places", "tell"]
