"""Notices: the incidents and maintenance that maintainers write about, from Markdown to what may be shown."""

from constat.notices.context import NoticeContext
from constat.notices.forgotten import Forgotten, describe_forgotten, find_forgotten, find_up_since
from constat.notices.moved import find_moved, find_removed
from constat.notices.parsing import parse_notices
from constat.notices.reading import find_hints
from constat.notices.wordings import Wording, read_wordings

__all__ = [
    "Forgotten",
    "NoticeContext",
    "Wording",
    "describe_forgotten",
    "find_forgotten",
    "find_hints",
    "find_moved",
    "find_removed",
    "find_up_since",
    "parse_notices",
    "read_wordings",
]
