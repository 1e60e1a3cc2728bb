"""The versions of `history/<slug>.yml` in a repository: each may be a look, and the current file is only the last of them."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import Outcome
from constat.moving.foreign_times import read_time

_LINE: Final = re.compile(r"^(?:-\s+)?([A-Za-z]+):[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
"""A key and its value; in old versions each line is an item of a list."""
_GRAMMAR: Final = re.compile(r"\bis (?:up|down|degraded) \(\d{1,3} in [\d.,]+ ms\)")
_PLACEHOLDER: Final = re.compile(r"\\\$([A-Z_]+)")
_OUTCOMES: Final = {"up": Outcome.UP, "down": Outcome.DOWN, "degraded": Outcome.DEGRADED}

LEFTOVER_AFTER_S = 3600
"""How much older than its commit a look may be, in seconds, where the commit message does not mention a look."""


class CommittedFile(NamedTuple):
    """A version of a file as a commit brought it, or its removal (`blob` is empty).

    `mainline`: whether the commit is on the line of first parents, which is what the repository showed. `speaks`:
    whether its message says that a site was looked at.
    """

    path: str
    blob: bytes
    committed: Instant
    mainline: bool
    speaks: bool


class Version(NamedTuple):
    """The look that a version of a file records: when it was, and what was seen."""

    at: Instant
    outcome: Outcome
    code: int
    response_ms: int


class VersionError(ValueError):
    """The version does not record a look."""


def read_version(text: str) -> tuple[Version, str]:
    """Read a version, and the address that was looked at.

    Raises:
        VersionError: it has no time or no state that can be read.

    """
    values: dict[str, str] = {}
    for key, value in _LINE.findall(text):
        values.setdefault(key, _unquote(value))
    at = read_time(values.get("lastUpdated", ""))
    if at is None:
        raise VersionError("lastUpdated is not a time")
    outcome = _OUTCOMES.get(values.get("status", "").lower())
    if outcome is None:
        raise VersionError("a status that is not up, down or degraded")
    version = Version(
        at,
        outcome,
        _read_number(values.get("code", "")),
        _read_number(values.get("responseTime", "")),
    )
    return version, values.get("url", "")


def _unquote(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value


def _read_number(text: str) -> int:
    match = re.match(r"\d{1,9}", text)
    return int(match[0]) if match else 0


def compile_message(pattern: str) -> re.Pattern[str] | None:
    """Compile `commitMessages.statusChange`; `None` where it does not contain the state, and so identifies no look."""
    pattern = pattern.strip()
    if "$STATUS" not in pattern:
        return None
    return re.compile(_PLACEHOLDER.sub(_replace_placeholder, re.escape(pattern.splitlines()[0])))


def _replace_placeholder(match: re.Match[str]) -> str:
    words = {"STATUS": r"\b(?:up|down|degraded)\b", "RESPONSE_CODE": r"\d{1,3}", "RESPONSE_TIME": r"[\d.,]+"}
    return words.get(match[1], ".*?")


def speaks_of_look(subject: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    """Whether a message says that a site was looked at, by Upptime's grammar or by one of the configured ones."""
    return bool(_GRAMMAR.search(subject)) or any(pattern.match(subject) for pattern in patterns)
