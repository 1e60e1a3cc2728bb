"""The delivery of a message: by the route that serves its address, with the secrets that this route needs."""

from collections.abc import Iterable
from dataclasses import replace

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError
from constat.model.routes import choose_route
from outside.routes.delivery import Delivery, Secret, SecretUse
from outside.routes.registry import load_route


def deliver(delivery: Delivery, secrets: Secrets) -> str:
    """Deliver a message. Returns what went wrong, without the value of any secret; nothing where it was sent."""
    route = load_route(choose_route(delivery.address))
    try:
        route.send(replace(delivery, secrets=_take_secrets(secrets, route.secret_uses(delivery))))
    except (OutsideError, Trouble) as error:
        return secrets.redact(str(error)) or "failed"
    return ""


def _take_secrets(secrets: Secrets, uses: Iterable[SecretUse]) -> dict[str, Secret]:
    """Take what a route needs of the secrets; one whose host is known must be declared for it."""
    missing = [use.name for use in uses if use.host is None and use.name not in secrets.values]
    if missing:
        raise OutsideError(f"{', '.join(missing)} is not set")
    return {use.name: Secret(_take_value(secrets, use), secrets.hosts[use.name]) for use in uses}


def _take_value(secrets: Secrets, use: SecretUse) -> str:
    return secrets.values[use.name] if use.host is None else secrets.value(use.name, use.host)
