"""Every target that is not mail: chats, SMS gateways, webhooks, by the addresses that Apprise knows them by."""

import logging
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from constat.errors import OutsideError
from constat.notifications import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

_HELP = frozenset({"service_url", "setup_url"})
"""Addresses of a kind's home page and manual: nothing is sent there."""


def send_message(url: str, allowed: Collection[str], message: Message, sender: str) -> None:
    """Send a message to an address. `allowed`: the hosts that the secrets in it are declared for; empty: it has none.

    Raises:
        OutsideError: the address is of no known kind, leads elsewhere, or did not take the message.

    """
    from apprise import Apprise, AppriseAsset, LogCapture, NotifyFormat  # noqa: PLC0415 -- a heavy library, rarely used

    asset = AppriseAsset(app_id=sender, app_desc=sender, async_mode=False, http_redirects=False)
    service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise OutsideError("the address is not one that Apprise knows")
    _refuse_elsewhere(service, allowed)
    one = Apprise(asset=asset)
    one.add(service)
    log_of = LogCapture(level=logging.INFO, fmt="%(message)s")  # type: ignore[no-untyped-call]
    with log_of as log:
        if not one.notify(title=message.subject, body=message.text, body_format=NotifyFormat.TEXT):
            raise OutsideError(_reason(log.getvalue()))


def _refuse_elsewhere(service: "NotifyBase", allowed: Collection[str]) -> None:
    """A secret goes only to the hosts that it is declared for, as far as the kind of service tells where it goes."""
    hosts = set(_hosts(service))
    if allowed and hosts and not hosts & {host.lower() for host in allowed}:
        raise OutsideError(f"its secret is not declared for {', '.join(sorted(hosts))}")


def _hosts(service: "NotifyBase") -> Iterator[str]:
    """Where a service sends to: the fixed addresses of its kind, else the host that its own address names."""
    fixed = [
        urlsplit(value).hostname or ""
        for name in dir(type(service))
        if name.endswith("_url") and name not in _HELP
        for value in [getattr(type(service), name)]
        if isinstance(value, str) and value.startswith("https://") and "{" not in value
    ]
    own = getattr(service, "host", None)
    yield from fixed or ([own.lower()] if isinstance(own, str) else [])


def _reason(log: str) -> str:
    """The last line of what Apprise said."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "it was not taken"
