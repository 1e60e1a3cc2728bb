"""What is last known of somebody: their word with its time, or since when nothing is known."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import Upstream, UpstreamAnswer, UpstreamSays

_MISSED: Final = 3
"""After so many times without an answer, nothing is known any more."""


class LatestWord(NamedTuple):
    """The latest word of somebody. `at`: of their last answer, `None` if there never was one.

    Where the state is `unknown`, nothing is known since `at`.
    """

    upstream: Upstream
    says: UpstreamSays
    at: Instant | None


def find_latest(
    upstream: Upstream, answers: Iterable[UpstreamAnswer], now: Instant, slack_s: int
) -> LatestWord:
    """Find the latest word of somebody, of answers up to `now`. `slack_s`: how long an answer may be under way to the page."""
    own = sorted((each for each in answers if each.id == upstream.id), key=lambda each: -each.at)
    known = next((each for each in own if each.says.state != "unknown"), None)
    if known is None:
        return LatestWord(upstream, UpstreamSays("unknown"), None)
    is_old = now - known.at > _MISSED * upstream.every_s + slack_s
    says = UpstreamSays("unknown") if is_old or own[0] is not known else known.says
    return LatestWord(upstream, says, known.at)
