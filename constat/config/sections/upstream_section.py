"""The section `upstream` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Duration, LocalText, Name, Text, Url, about
from constat.model import upstream


@dataclass(frozen=True, slots=True)
class Upstream:
    """What we depend on and others operate: shown apart, and never counted."""

    id: Annotated[Name, about("A permanent name, used in the record of what they reported.")]
    name: Annotated[LocalText, about("The name that customers read: one text, or one per language.")]
    kind: Annotated[
        upstream.UpstreamKind,
        about(
            "statuspage: the API of Statuspage, version 2, which Constat publishes, too. feed: RSS or Atom."
        ),
    ]
    url: Annotated[
        Url,
        about(
            "The address of their page, below which api/v2/summary.json is found; for a feed, its own address."
        ),
    ]
    component: Annotated[
        Text | None,
        about("Only this component of a statuspage, by its name or id (default: the whole page)."),
    ] = None
    link: Annotated[Url | None, about("The page that readers are sent to (default: url).")] = None
    every: Annotated[Duration, about("How often it is queried, at least a minute (default 5m).")] = 300


def resolve_upstream(written: Upstream) -> upstream.Upstream:
    """Resolve one of them."""
    return upstream.Upstream(
        id=written.id,
        name=written.name,
        kind=written.kind,
        url=written.url,
        component=written.component or "",
        link=written.link or written.url,
        every_s=written.every,
    )
