"""Rules of the section `upstream` that go beyond the types of its values."""

from collections.abc import Collection

from constat.config.problem_log import ProblemLog, refuse_equal_keys
from constat.config.sections import Upstream
from constat.interval import MINUTE_S

MOST = 12
"""More would outweigh what the page is about."""


def check_upstreams(log: ProblemLog, upstreams: Collection[Upstream]) -> None:
    """Note every problem of the section."""
    refuse_equal_keys(log, ("upstream",), "id")
    if len(upstreams) > MOST:
        log.wrong(("upstream",), f"more than {MOST} entries", "name those that customers would ask about")
    for number, upstream in enumerate(upstreams):
        path = ("upstream", number)
        if upstream.every < MINUTE_S:
            log.wrong(
                (*path, "every"), "asked more often than once a minute", "write at least 1m: it is not ours"
            )
        if upstream.component and upstream.kind != "statuspage":
            log.wrong((*path, "component"), f"a {upstream.kind} has no components", "take it out")
