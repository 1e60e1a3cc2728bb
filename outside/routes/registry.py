"""Every route by which people are notified, by name. A route's module is loaded only when it is asked for.

Which route serves an address is decided in `constat.model.routes`.
"""

from importlib import import_module
from typing import Protocol, cast

from constat.notifications import MessageTemplates
from outside.routes.delivery import Delivery, RouteSecret

ROUTES = {
    "mail": "outside.routes.mail",
    "apprise": "outside.routes.apprise",
}
"""Name of a route -> module. Adding a route adds one line here."""


class Route(Protocol):
    """A module under `outside/routes/`: one way of sending a message to an address."""

    TEMPLATES: MessageTemplates
    """The templates that its messages are made from."""

    def secret_uses(self, delivery: Delivery) -> tuple[RouteSecret, ...]:
        """List the secrets that a delivery needs, each with the host that it goes to."""

    def send(self, delivery: Delivery) -> None:
        """Send a message, with its `secrets` filled in.

        Raises:
            OutsideError: it was not accepted, or a secret would have gone where it may not.

        """


def load_route(name: str) -> Route:
    """Load the module of a route.

    Raises:
        KeyError: there is no such route.

    """
    return cast("Route", import_module(ROUTES[name]))
