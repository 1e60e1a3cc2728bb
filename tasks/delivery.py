"""Deliver a message by the route that serves its address, with the secrets that this route needs."""

from collections.abc import Iterable
from dataclasses import replace

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError
from constat.model.routes import choose_route
from outside.routes.delivery import Delivery, RouteSecret, Secret
from outside.routes.registry import load_route


def deliver(delivery: Delivery, secrets: Secrets) -> str:
    """Deliver a message. Return what went wrong, without the value of any secret; an empty string on success."""
    route = load_route(choose_route(delivery.address))
    try:
        route.send(replace(delivery, secrets=_take_secrets(secrets, route.secret_uses(delivery))))
    except (OutsideError, Trouble) as error:
        return secrets.redact(str(error)) or "failed"
    return ""


def _take_secrets(secrets: Secrets, uses: Iterable[RouteSecret]) -> dict[str, Secret]:
    """Take the secrets that a route needs; a secret used for a known host must be declared for that host."""
    missing = [use.name for use in uses if use.host is None and use.name not in secrets.values]
    if missing:
        raise OutsideError(f"{', '.join(missing)} is not set")
    return {use.name: Secret(_take_value(secrets, use), secrets.hosts[use.name]) for use in uses}


def _take_value(secrets: Secrets, use: RouteSecret) -> str:
    return secrets.values[use.name] if use.host is None else secrets.value(use.name, use.host)
