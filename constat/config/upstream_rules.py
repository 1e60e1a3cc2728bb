"""Rules of the section `upstream` that no single key shows."""

from collections.abc import Collection

from constat.config.problem_log import ProblemLog, refuse_equal_keys
from constat.config.sections import Upstream
from constat.interval import MINUTE_S

MOST = 12
"""More would outweigh what the page is about."""


def check_upstreams(log: ProblemLog, upstreams: Collection[Upstream]) -> None:
    """Note every problem of what others operate."""
    refuse_equal_keys(log, ("upstream",), "id")
    if len(upstreams) > MOST:
        log.wrong(("upstream",), f"more than {MOST} entries", "name those that customers would ask about")
    for number, each in enumerate(upstreams):
        path = ("upstream", number)
        if each.every < MINUTE_S:
            log.wrong(
                (*path, "every"), "asked more often than once a minute", "write at least 1m: it is not ours"
            )
        if each.component and each.kind != "statuspage":
            log.wrong((*path, "component"), f"a {each.kind} has no components", "take it out")
