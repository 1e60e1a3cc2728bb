"""Secrets: `${CONSTAT_X}` in an option stands for a variable of the environment, which goes to its declared hosts only.

A value never appears in argv, history, site, log or error: everything that a target sends passes `redact` first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from checks.reasons import Trouble
from checks.redaction import Redactor
from constat.model.kinds import SecretUse
from constat.text.host_names import spell_host

PLACEHOLDER = re.compile(r"\$\{(CONSTAT_[A-Z0-9_]+)\}")


def find_secret_names(text: str) -> tuple[str, ...]:
    """Find the secrets that a text refers to."""
    return tuple(PLACEHOLDER.findall(text))


def find_secret_uses(host: str, *texts: str | None) -> tuple[SecretUse, ...]:
    """Find the secrets that some texts refer to, all of which are sent to one host."""
    return tuple(SecretUse(name, host) for text in texts if text for name in find_secret_names(text))


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
    def _redactor(self) -> Redactor:
        hosts = (host for allowed in self.hosts.values() for host in allowed)
        return Redactor(
            tuple(self.values.values()), (*hosts, *self.hosts)
        )  # neither a host nor a name is secret

    def value(self, name: str, host: str) -> str:
        """Look up the value of a secret, to be sent to a host.

        Raises:
            Trouble: the secret is not declared for that host, or not set.

        """
        if spell_host(host) not in map(spell_host, self.hosts.get(name, ())):
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

    def learn(self, value: str) -> "Secrets":
        """Return the same secrets with one more value to redact, such as a token that was fetched."""
        return replace(self, values={**self.values, f"learned {len(self.values)}": value})

    def redact(self, text: str) -> str:
        """Remove every value that we know from a text, in every spelling that `checks.redaction` knows, even cut off or in parts."""
        return self._redactor.redact(text)
