"""The contract of a kind of check, as far as the configuration and the page rely on it.

`checks.contract` adds how a kind probes. A kind is a module; mypy holds it to the contract where its test says
`KIND: CheckKind[tcp.Options] = tcp`.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from constat.model.rules import Affects

OptionsT = TypeVar("OptionsT")


class SecretUse(NamedTuple):
    """A secret that a check sends, by its name in the environment, and the host that it is sent to."""

    name: str
    host: str


class Defaults(NamedTuple):
    """The keys that a check of some kind may leave out of `status.yml`, with the text that then stands for them.

    `attempts` is that of `confirm`. `with_option`: further defaults, which hold where an option is written, by the
    name of that option.
    """

    affects: Affects | None = None
    interval: str | None = None
    timeout: str | None = None
    attempts: str | None = None
    with_option: Mapping[str, "Defaults"] = MappingProxyType({})

    def keys_for(self, options: Collection[str]) -> dict[str, Any]:
        """The keys and their values, as they would be written, for a check that has these options."""
        written = {"affects": self.affects, "interval": self.interval, "timeout": self.timeout}
        keys: dict[str, Any] = {key: text for key, text in written.items() if text is not None}
        if self.attempts is not None:
            keys["confirm"] = {"attempts": self.attempts}
        for option, more in self.with_option.items():
            if option in options:
                keys |= more.keys_for(options)
        return keys


class KindContract(Protocol[OptionsT]):
    """A kind of check without its probing: what it can be asked about its options before anything is looked at.

    `Options` is a frozen dataclass of types of `constat.config.fields`; knowing it loads no network library.
    """

    Options: type[OptionsT]
    DEFAULTS: Defaults

    def subject(self, options: OptionsT, /) -> str:
        """Name what is watched, for readers: a host or a domain, without path, port and credentials; may be empty."""

    def secret_uses(self, options: OptionsT, /) -> tuple[SecretUse, ...]:
        """List every secret that the options name, each with the host that a probe would send it to."""


Kind: TypeAlias = KindContract[Any]
"""A kind that was looked up by its name: which options it takes is known only at run time."""
