"""What is last known of an upstream service: its latest word with its time, or since when nothing is known."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from constat.interval import Instant
from constat.model import Upstream, UpstreamAnswer, UpstreamSays

_MISSED: Final = 3
"""After this many intervals without an answer, nothing is known any longer."""


class LatestWord(NamedTuple):
    """The latest word of an upstream service. `at`: the time of its last answer, `None` if there never was one.

    Where the state is `unknown`, nothing is known since `at`.
    """

    upstream: Upstream
    says: UpstreamSays
    at: Instant | None


def find_latest(
    upstream: Upstream, answers: Iterable[UpstreamAnswer], now: Instant, slack_s: int
) -> LatestWord:
    """Find the latest word of an upstream service, from answers up to `now`. `slack_s`: how long an answer may take to reach the page."""
    own = sorted((answer for answer in answers if answer.id == upstream.id), key=lambda answer: -answer.at)
    known = next((answer for answer in own if answer.says.state != "unknown"), None)
    if known is None:
        return LatestWord(upstream, UpstreamSays("unknown"), None)
    is_old = now - known.at > _MISSED * upstream.every_s + slack_s
    says = UpstreamSays("unknown") if is_old or own[0] is not known else known.says
    return LatestWord(upstream, says, known.at)
