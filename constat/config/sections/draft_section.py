"""The section `draft_incident` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated, Literal

from constat.config.fields import Duration, about
from constat.model import draft_incident


@dataclass(frozen=True, slots=True)
class DraftIncident:
    """The drafting of notices from what the checks see."""

    after: Annotated[
        Duration,
        about(
            "How long a service must be down before a notice is drafted, and working before the outage is considered over (default 5m)."
        ),
    ] = 300
    by: Annotated[
        Literal["pull_request", "commit"],
        about(
            "How the draft is published: by a person, who merges the pull request, or at once (`commit`), unless the"
            " branch is protected (default pull_request)."
        ),
    ] = "pull_request"
    keep: Annotated[
        Duration,
        about(
            "A draft that nobody merged is withdrawn once the services have worked again for this long, if the outage was"
            " shorter than that (default 15m)."
        ),
    ] = 900


def resolve_draft_incident(written: DraftIncident) -> draft_incident.DraftIncident:
    """Resolve how notices are drafted."""
    return draft_incident.DraftIncident(written.after, written.by, written.keep)
