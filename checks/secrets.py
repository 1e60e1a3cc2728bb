"""Secrets: `${CONSTAT_X}` in an option stands for a variable of the environment, for its declared hosts only.

A value never appears in argv, history, site, log or error: everything that a target said passes `redact` first.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, quote_plus

from checks.reasons import Trouble

PLACEHOLDER = re.compile(r"\$\{(CONSTAT_[A-Z0-9_]+)\}")
REDACTED = "[secret]"
_LEAST = 4
"""Shorter pieces of a secret are too common to be recognised as one."""


def find_secret_names(text: str) -> tuple[str, ...]:
    """The secrets that a text asks for."""
    return tuple(PLACEHOLDER.findall(text))


def _base64_cores(value: bytes) -> Iterator[str]:
    """What of a value shows in base64, wherever in the encoded text it begins (as in `user:password`).

    Per alignment, the characters that also depend on neighbouring bytes are left out.
    """
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + value).decode()
        first, last = -(-offset * 8 // 6), (offset + len(value)) * 8 // 6
        yield encoded[first:last]


def _guises(value: str) -> Iterator[str]:
    """A value in every form in which a target may echo it."""
    data = value.encode()
    yield from (value, quote(value, safe=""), quote(value), quote_plus(value))
    yield from (data.hex(), repr(value)[1:-1], value.replace("\\", "\\\\").replace('"', '\\"'))
    for core in _base64_cores(data):
        yield from (core, core.replace("+", "-").replace("/", "_"), quote(core, safe=""))


def _pattern(values: Mapping[str, str]) -> re.Pattern[str] | None:
    guises = {guise for value in values.values() for guise in _guises(value)}
    worth = {guise for guise in guises if len(guise) >= _LEAST} | set(values.values())
    longest_first = sorted(worth - {""}, key=lambda guise: (-len(guise), guise))
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None


@dataclass(frozen=True)
class Secrets:
    """The values that this run knows, and the hosts that each may be sent to."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]) -> "Secrets":
        """Take the declared names from an environment. A line break at the end of a value is not part of it."""
        held = {name: environment[name].rstrip("\r\n") for name in declared if environment.get(name)}
        return cls(held, declared)

    @cached_property
    def _cut_off(self) -> tuple[str, ...]:
        """Every guise, whose beginning may stand at the end of a text, in small letters."""
        return tuple({guise.lower() for value in self.values.values() for guise in _guises(value)})

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        return _pattern(self.values)

    def value(self, name: str, host: str) -> str:
        """The value of a secret, for a host.

        Raises:
            Trouble: it is not declared for that host, or not set.

        """
        if host.lower() not in (allowed.lower() for allowed in self.hosts.get(name, ())):
            raise Trouble("secret", f"{name} is not declared for this host")
        if name not in self.values:
            raise Trouble("secret", f"{name} is not set")
        return self.values[name]

    def fill(self, text: str, host: str) -> str:
        """Put values in the place of every `${CONSTAT_X}`, for a host.

        Raises:
            Trouble: one is not declared for that host, or not set.

        """
        return PLACEHOLDER.sub(lambda found: self.value(found[1], host), text)

    def redact(self, text: str) -> str:
        """A text without any value that we know, also base64- and URL-encoded, also cut off at its end."""
        if self._known is None:
            return text
        return self._without_cut_off(self._known.sub(REDACTED, text))

    def _without_cut_off(self, text: str) -> str:
        """A text that ends in the beginning of a value (because the rest was not read) without that beginning."""
        lower = text.lower()
        for guise in self._cut_off:
            for length in range(min(len(guise), len(text)), _LEAST - 1, -1):
                if lower.endswith(guise[:length]):
                    return text[:-length] + REDACTED
        return text
