"""`status.yml`: read strictly, all problems at once, into the immutable `Config`."""

from constat.config.loading import load, options

__all__ = ["load", "options"]
