"""The section `publish` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import SecretText, Text, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class Publish:
    """Where `constat upload` takes the site."""

    to: Annotated[
        Text, about("A folder (dir:/srv/status) or an rsync server (rsync://user@host/module/folder/).")
    ]
    password: Annotated[
        SecretText | None,
        about("The password of the user named in the address: ${CONSTAT_...}, declared for the host."),
    ] = None


def resolve_publish(publish: Publish) -> settings.Publish:
    """Resolve where the site is taken."""
    return settings.Publish(publish.to, publish.password or "")
