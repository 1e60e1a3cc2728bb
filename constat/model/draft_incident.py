"""When the checks begin a notice by themselves: `draft_incident` of `status.yml`."""

from typing import Literal, NamedTuple


class DraftIncident(NamedTuple):
    """The drafting of notices: of an outage that has lasted `after_s`, published `by` whom.

    `keep_s`: a draft of a shorter outage is withdrawn once the services have worked again for so long.
    """

    after_s: int = 300
    by: Literal["pull_request", "commit"] = "pull_request"
    keep_s: int = 900
