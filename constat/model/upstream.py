"""Services that we depend on and others operate: the settings, and what they say of themselves. None of it is ever counted."""

from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model.local_text import LocalText

UpstreamKind = Literal["statuspage", "feed"]

UpstreamState = Literal["fine", "degraded", "outage", "maintenance", "news", "quiet", "unknown"]
"""What an upstream service says of itself. A feed has no states: it has `news`, or is `quiet`. `unknown`: we could not read it."""


class Upstream(NamedTuple):
    """An upstream service, as `status.yml` describes it. `component`: only this part of it, empty for all.

    `link`: the page that readers are sent to. `every_s`: how often it is asked.
    """

    id: str
    name: LocalText
    kind: UpstreamKind
    url: str
    component: str
    link: str
    every_s: int


class UpstreamSays(NamedTuple):
    """What an upstream service says: a state, and a title in its own words with a link, each of which may be empty."""

    state: UpstreamState
    title: str = ""
    link: str = ""


class UpstreamAnswer(NamedTuple):
    """A recorded answer; without an answer, the state is `unknown`."""

    at: Instant
    id: str
    says: UpstreamSays
