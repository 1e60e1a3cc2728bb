"""What we depend on and others operate: the settings, and what they say of themselves. None of it is ever counted."""

from typing import Literal, NamedTuple

from constat.interval import Instant
from constat.model.local_text import LocalText

UpstreamKind = Literal["statuspage", "feed"]

UpstreamState = Literal["fine", "degraded", "outage", "maintenance", "news", "quiet", "unknown"]
"""What somebody says of themselves. A feed has no states: it has `news`, or is `quiet`. `unknown`: we could not read it."""


class Upstream(NamedTuple):
    """One of them, as `status.yml` describes it. `component`: only this part of it, empty for all.

    `link`: where readers are led. `every_s`: how often it is asked.
    """

    id: str
    name: LocalText
    kind: UpstreamKind
    url: str
    component: str
    link: str
    every_s: int


class UpstreamSays(NamedTuple):
    """What one says: a state, and a title in its own words with a link, each of which may be empty."""

    state: UpstreamState
    title: str = ""
    link: str = ""


class UpstreamAnswer(NamedTuple):
    """An answer that was recorded, or that there was none: then the state is `unknown`."""

    at: Instant
    id: str
    says: UpstreamSays
