"""Every kind of check, by its name in `status.yml`. The module of a kind is loaded only when it is asked for."""

from collections.abc import Iterable
from importlib import import_module
from typing import cast

from checks.contract import AnyCheckKind

KINDS = {
    "http": "checks.kinds.http",
    "websocket": "checks.kinds.websocket",
    "grpc": "checks.kinds.grpc",
    "tcp": "checks.kinds.tcp",
    "icmp": "checks.kinds.icmp",
    "smtp": "checks.kinds.smtp",
    "mail": "checks.kinds.mail",
    "tls": "checks.kinds.tls",
    "dns": "checks.kinds.dns",
    "mx": "checks.kinds.mx",
    "spf": "checks.kinds.spf",
    "dkim": "checks.kinds.dkim",
    "dmarc": "checks.kinds.dmarc",
    "blocklist": "checks.kinds.blocklist",
    "mtasts": "checks.kinds.mtasts",
    "dane": "checks.kinds.dane",
    "tlsrpt": "checks.kinds.tlsrpt",
    "bimi": "checks.kinds.bimi",
    "smpp": "checks.kinds.smpp",
    "mqtt": "checks.kinds.mqtt",
    "proxy": "checks.kinds.proxy",
    "redis": "checks.kinds.redis",
    "postgres": "checks.kinds.postgres",
    "domain": "checks.kinds.domain",
    "heartbeat": "checks.kinds.heartbeat",
    "exec": "checks.kinds.exec",
}
"""Name in `status.yml` -> module, which keeps to `checks.contract`. Adding a kind adds one line here."""


def load_kind(name: str) -> AnyCheckKind:
    """Load the module of a kind.

    Raises:
        KeyError: there is no such kind.

    """
    return cast("AnyCheckKind", import_module(KINDS[name]))


def warm_up(names: Iterable[str]) -> None:
    """Load the libraries that some of our kinds probe with, so that no import adds to the latency of a first probe."""
    for name in sorted({name for name in names if name in KINDS}):
        for library in load_kind(name).LIBRARIES:
            import_module(library)
