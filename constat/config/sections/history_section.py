"""The section `history` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from constat.config.fields import SecretText, Text, Url, Year, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class History:
    """Where the evidence is kept."""

    branch: Annotated[
        Literal["single", "yearly"],
        about(
            "Whether the evidence is kept on one branch (history) or on one for each year (history-2026), which may be "
            "moved away once the year is over (default single)."
        ),
    ] = "single"
    archive: Annotated[
        Mapping[Year, Text],
        about(
            "Where the day files of a year that was moved away are kept: a git remote and its branch "
            "(git:https://git.example.org/old.git#history-2025), a folder (dir:/srv/history-2025), "
            "a bucket (s3://bucket/prefix), an rsync server (rsync://user@host/module/folder/), "
            "or a web address (https://archive.example.org/)."
        ),
    ] = field(default_factory=dict)
    password: Annotated[
        SecretText | None,
        about(
            "The password of the user of an rsync archive, or the secret key of the buckets: ${CONSTAT_...}, declared for the host."
        ),
    ] = None
    user: Annotated[
        SecretText | None,
        about(
            "The id of the key of the buckets (default: both from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)."
        ),
    ] = None
    endpoint: Annotated[
        Url | None,
        about("The server of the buckets: https://s3.example.org (default: Amazon's, of the region)."),
    ] = None
    region: Annotated[
        Text | None, about(f"The region of the buckets: eu-central-1 (default {settings.DEFAULT_REGION}).")
    ] = None


def resolve_history(history: History) -> settings.History:
    """Resolve where the evidence is kept."""
    return settings.History(
        branch=history.branch,
        archive=dict(history.archive),
        password=history.password or "",
        user=history.user or "",
        endpoint=history.endpoint or "",
        region=history.region or settings.DEFAULT_REGION,
    )
