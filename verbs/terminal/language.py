"""The language of the terminal, as POSIX has it."""

from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that may name it; the first that is set decides (POSIX.1-2017, XBD 8.2)."""
_NONE = ("C", "POSIX")


def read_language(environment: Mapping[str, str]) -> str:
    """Return the code of the terminal's language, such as `fr` of `fr_CH.UTF-8`; empty where it names none."""
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    code = locale.partition(".")[0].partition("@")[0]
    return "" if code in _NONE else code.partition("_")[0].lower()
