"""Notices: what maintainers write about incidents and maintenance, from Markdown to what may be shown."""

from constat.notices.forgotten import Forgotten, forgotten, forgotten_problems, is_open, up_since
from constat.notices.moved import gone, moved
from constat.notices.parsing import parse
from constat.notices.updates import STATES
from constat.notices.wordings import Wording, read_wordings

__all__ = [
    "STATES",
    "Forgotten",
    "Wording",
    "forgotten",
    "forgotten_problems",
    "gone",
    "is_open",
    "moved",
    "parse",
    "read_wordings",
    "up_since",
]
