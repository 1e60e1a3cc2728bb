"""Secrets: `${CONSTAT_X}` in an option stands for a variable of the environment, which goes to its declared hosts only.

A value never appears in argv, history, site, log or error: everything that a target sends passes `redact` first.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, quote_plus

from checks.reasons import Trouble
from constat.model.kinds import SecretUse

PLACEHOLDER = re.compile(r"\$\{(CONSTAT_[A-Z0-9_]+)\}")
REDACTED = "[secret]"
_LEAST = 4
"""Shorter pieces of a secret are too common to be recognised."""


def find_secret_names(text: str) -> tuple[str, ...]:
    """Find the secrets that a text refers to."""
    return tuple(PLACEHOLDER.findall(text))


def find_secret_uses(host: str, *texts: str | None) -> tuple[SecretUse, ...]:
    """Find the secrets that some texts refer to, all of which are sent to one host."""
    return tuple(SecretUse(name, host) for text in texts if text for name in find_secret_names(text))


def _base64_cores(value: bytes) -> Iterator[str]:
    """The part of a value that is recognisable in base64, wherever in the encoded text it begins (as in `user:password`).

    For each of the three alignments, characters that also depend on neighbouring bytes are left out.
    """
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + value).decode()
        first, last = -(-offset * 8 // 6), (offset + len(value)) * 8 // 6
        yield encoded[first:last]


def _spellings(value: str) -> Iterator[str]:
    """Every spelling in which a target may echo a value."""
    data = value.encode()
    yield from (value, quote(value, safe=""), quote(value), quote_plus(value))
    yield from (data.hex(), repr(value)[1:-1], value.replace("\\", "\\\\").replace('"', '\\"'))
    for core in _base64_cores(data):
        yield from (core, core.replace("+", "-").replace("/", "_"), quote(core, safe=""))


def _compile_pattern(values: Mapping[str, str]) -> re.Pattern[str] | None:
    spellings = {spelling for value in values.values() for spelling in _spellings(value)}
    distinctive = {spelling for spelling in spellings if len(spelling) >= _LEAST} | set(values.values())
    longest_first = sorted(distinctive - {""}, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None


@dataclass(frozen=True)
class Secrets:
    """The values that this run knows, and the hosts that each may be sent to."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]) -> "Secrets":
        """Take the declared names from an environment. A line break at the end of a value is not part of it."""
        values = {name: environment[name].rstrip("\r\n") for name in declared if environment.get(name)}
        return cls(values, declared)

    @cached_property
    def _lower_spellings(self) -> tuple[str, ...]:
        """Every spelling in lower case, to find its beginning at the end of a text."""
        return tuple({spelling.lower() for value in self.values.values() for spelling in _spellings(value)})

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return _compile_pattern(self.values)

    def value(self, name: str, host: str) -> str:
        """The value of a secret, to be sent to a host.

        Raises:
            Trouble: the secret is not declared for that host, or not set.

        """
        if host.lower() not in (allowed.lower() for allowed in self.hosts.get(name, ())):
            raise Trouble("secret", f"{name} is not declared for this host")
        if name not in self.values:
            raise Trouble("secret", f"{name} is not set")
        return self.values[name]

    def fill(self, text: str, host: str) -> str:
        """Replace every `${CONSTAT_X}` with its value, to be sent to a host.

        Raises:
            Trouble: a secret is not declared for that host, or not set.

        """
        return PLACEHOLDER.sub(lambda match: self.value(match[1], host), text)

    def redact(self, text: str) -> str:
        """Remove every value that we know from a text, also where it is encoded (base64, URL, hex) or cut off at the end."""
        if self._pattern is None:
            return text
        return self._redact_end(self._pattern.sub(REDACTED, text))

    def _redact_end(self, text: str) -> str:
        """Remove the beginning of a value at the end of a text, where the rest was not read."""
        lower = text.lower()
        for spelling in self._lower_spellings:
            for length in range(min(len(spelling), len(text)), _LEAST - 1, -1):
                if lower.endswith(spelling[:length]):
                    return text[:-length] + REDACTED
        return text
