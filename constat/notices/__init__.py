"""Notices: what maintainers write about incidents and maintenance, from Markdown to what may be shown."""

from constat.notices.parsing import parse

__all__ = ["parse"]
