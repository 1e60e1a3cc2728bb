"""The settings by which checks draft a notice of their own accord: `draft_incident` of `status.yml`."""

from typing import Literal, NamedTuple


class DraftIncident(NamedTuple):
    """The drafting of notices: of an outage that has lasted `after_s`, published `by` whom.

    `keep_s`: a draft of an outage shorter than this is withdrawn once the services have worked again for this long.
    """

    after_s: int = 300
    by: Literal["pull_request", "commit"] = "pull_request"
    keep_s: int = 900
