"""The section `publish` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import SecretText, Text, Url, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class Publish:
    """Where `constat upload` copies the site."""

    to: Annotated[
        Text,
        about(
            "A folder (dir:/srv/status), an rsync server (rsync://user@host/module/folder/) or a bucket (s3://bucket/prefix)."
        ),
    ]
    password: Annotated[
        SecretText | None,
        about(
            "The password of the user named in the address, or the secret key of a bucket: ${CONSTAT_...}, declared for the host."
        ),
    ] = None
    user: Annotated[
        SecretText | None,
        about(
            "The id of a bucket's access key (default: id and secret key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)."
        ),
    ] = None
    endpoint: Annotated[
        Url | None,
        about("The server of a bucket: https://s3.example.org (default: Amazon's, of the region)."),
    ] = None
    region: Annotated[
        Text | None, about(f"The region of a bucket: eu-central-1 (default {settings.DEFAULT_REGION}).")
    ] = None


def resolve_publish(publish: Publish) -> settings.Publish:
    """Resolve where the site is taken."""
    return settings.Publish(
        to=publish.to,
        password=publish.password or "",
        user=publish.user or "",
        endpoint=publish.endpoint or "",
        region=publish.region or settings.DEFAULT_REGION,
    )
