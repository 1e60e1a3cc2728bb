"""The route `apprise`: chats, SMS gateways and webhooks, addressed by the URLs of Apprise."""

import logging
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from constat.config.fields.text_fields import find_secret_names
from constat.errors import OutsideError
from constat.notifications import Message, MessageTemplates
from constat.text.host_names import spell_host
from constat.text.published import as_chat_text
from constat.version import explain_extra
from outside.routes.delivery import Delivery, RouteSecret

if TYPE_CHECKING:
    from apprise import NotifyBase

TEMPLATES = MessageTemplates("chat.txt")
_HELP = frozenset({"service_url", "setup_url"})
"""Addresses of a service's home page and manual: nothing is sent there."""


def secret_uses(delivery: Delivery) -> tuple[RouteSecret, ...]:
    """List the secrets in the URL; which host they go to is known only once they are filled in."""
    return tuple(RouteSecret(name, None) for name in find_secret_names(delivery.address))


def send(delivery: Delivery) -> None:
    """Send a message to the URL.

    Raises:
        OutsideError: see `send_message`.

    """
    allowed = [host for secret in delivery.secrets.values() for host in secret.hosts]
    send_message(delivery.fill(delivery.address), allowed, delivery.message, delivery.page.name)


def send_message(url: str, allowed: Collection[str], message: Message, sender: str) -> None:
    """Send a message to a URL. `allowed`: the hosts that the secrets in it are declared for; empty if it has none.

    Raises:
        OutsideError: Apprise is not installed or does not know the URL, it leads elsewhere, or the message was not accepted.

    """
    try:
        from apprise import Apprise, AppriseAsset, LogCapture, NotifyFormat  # noqa: PLC0415 -- a heavy library, rarely used
    except ModuleNotFoundError:
        raise OutsideError(explain_extra("apprise")) from None

    asset = AppriseAsset(app_id=sender, app_desc=sender, async_mode=False, http_redirects=False)
    service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise OutsideError("the address is not one that Apprise knows")
    _refuse_other_hosts(service, allowed)
    recipients = Apprise(asset=asset)
    recipients.add(service)
    capture = LogCapture(level=logging.INFO, fmt="%(message)s")  # type: ignore[no-untyped-call]
    with capture as log:
        title, body = as_chat_text(message.subject), as_chat_text(message.text)
        if not recipients.notify(title=title, body=body, body_format=NotifyFormat.TEXT):
            raise OutsideError(_find_reason(log.getvalue()))


def _refuse_other_hosts(service: "NotifyBase", allowed: Collection[str]) -> None:
    """Refuse a service that sends to none of the hosts that the secret is declared for, if it says where it sends to."""
    hosts = set(_list_hosts(service))
    if allowed and hosts and not hosts & {host.lower() for host in allowed}:
        raise OutsideError(f"its secret is not declared for {', '.join(sorted(hosts))}")


def _list_hosts(service: "NotifyBase") -> Iterator[str]:
    """Yield the hosts that a service sends to: those of its class's fixed URLs, else the one in its own URL."""
    fixed = [
        urlsplit(value).hostname or ""
        for name in dir(type(service))
        if name.endswith("_url") and name not in _HELP
        for value in [getattr(type(service), name)]
        if isinstance(value, str) and value.startswith("https://") and "{" not in value
    ]
    own = getattr(service, "host", None)
    yield from fixed or ([_spell(own)] if isinstance(own, str) else [])


def _spell(host: str) -> str:
    """Spell a host as `status.yml` does; what is not a valid host is only put in lower case."""
    try:
        return spell_host(host)
    except ValueError:
        return host.lower()


def _find_reason(log: str) -> str:
    """Find the reason: the last line that Apprise logged."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "it was not accepted"
