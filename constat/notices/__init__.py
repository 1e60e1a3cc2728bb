"""Notices: what maintainers write about incidents and maintenance, from Markdown to what may be shown."""

from constat.notices.forgotten import Forgotten, forgotten, forgotten_problems, is_open
from constat.notices.moved import moved
from constat.notices.parsing import parse

__all__ = ["Forgotten", "forgotten", "forgotten_problems", "is_open", "moved", "parse"]
