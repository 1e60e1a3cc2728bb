"""`status.yml`: read strictly, all problems at once, into the immutable `Config`."""

from constat.config.loading import load_config, load_options

__all__ = ["load_config", "load_options"]
