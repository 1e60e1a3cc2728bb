"""What the banner of a page says, in no particular language."""

from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model import Status

FaultKind = Literal["outage", "degraded", "reported", "overrun", "maintenance", "recovered", "unchecked"]
"""The reason why a service is named in the banner. `reported`: by our team, while our checks do not see it."""

BannerKind = Literal[
    "first_day",
    "quiet",
    "blind",
    "all_down",
    "outage",
    "degraded",
    "reported",
    "overrun",
    "maintenance",
    "recovered",
    "partly_checked",
    "all_well",
]
"""The case of the banner's headline. `blind`: nothing is known any longer; `first_day`: there are no samples yet."""


class Fault(NamedTuple):
    """One service in the banner, and why.

    `since`: when it began; of `recovered`, when it ended. `until`: the announced end of a maintenance.
    `seconds`: how long a recovered outage lasted. `notice`: the stem of the open notice that names the service.
    """

    kind: FaultKind
    service: str
    since: Instant | None = None
    until: Instant | None = None
    seconds: int = 0
    notice: str | None = None


class Banner(NamedTuple):
    """The answer to "is it me?" (rule 16).

    `faults`: the subject of the headline; `also`: other faults, gravest first. `working`: how many of `total` services
    are seen working. `since`: of `blind`, the time of the newest sample. `unexplained`: a fault is measured that no
    notice explains yet.
    """

    kind: BannerKind
    status: Status
    faults: tuple[Fault, ...]
    also: tuple[Fault, ...]
    working: int
    total: int
    since: Instant | None = None
    unexplained: bool = False
