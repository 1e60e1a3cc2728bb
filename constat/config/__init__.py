"""`status.yml`, read strictly into the immutable `Config`, with all problems reported at once."""

from constat.config.loading import load_config, load_options

__all__ = ["load_config", "load_options"]
