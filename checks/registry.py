"""Every kind of check, by the name that `status.yml` uses. A kind's module is loaded only when it is asked for."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Protocol, cast

from checks.probing import Context, ProbeResult
from constat.model import Kind

KINDS = {
    "http": "checks.kinds.http",
    "tcp": "checks.kinds.tcp",
    "smtp": "checks.kinds.smtp",
    "mail": "checks.kinds.mail",
    "tls": "checks.kinds.tls",
    "dns": "checks.kinds.dns",
    "mx": "checks.kinds.mx",
    "spf": "checks.kinds.spf",
    "dkim": "checks.kinds.dkim",
    "dmarc": "checks.kinds.dmarc",
    "blocklist": "checks.kinds.blocklist",
    "smpp": "checks.kinds.smpp",
    "exec": "checks.kinds.exec",
}
"""Name in `status.yml` -> module. Adding a kind adds one line here."""


class ProbingKind(Kind, Protocol):
    """A module under `checks/` that knows one kind of check (see `checks.probing`)."""

    @staticmethod
    def probe(options: Any, context: Context) -> ProbeResult:  # noqa: ANN401 (each kind has its own Options)
        """Make one attempt."""


def load_kind(name: str) -> ProbingKind:
    """The module of a kind.

    Raises:
        KeyError: there is no such kind.

    """
    return cast("ProbingKind", import_module(KINDS[name]))


def warm_up(names: Iterable[str]) -> None:
    """Load what some kinds probe with, so that the first probe's latency is not that of an import."""
    for name in sorted(set(names)):
        for library in getattr(load_kind(name), "LIBRARIES", ()):
            import_module(library)
