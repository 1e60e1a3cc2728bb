"""Globalping: probes all over the world that measure for us, as `status.yml` describes what is asked of them."""

from collections.abc import Mapping
from typing import NamedTuple

GLOBALPING = "globalping"
"""What a check says under `via` where Globalping makes it."""


class Globalping(NamedTuple):
    """What is asked of Globalping. `locations`: each vantage and how Globalping names the place; `probes`: how many at each.

    `canary`: a host that answers everywhere; a probe that fails to reach a target is believed if it reaches this host. Empty without one.
    `token` names its secret as `${CONSTAT_X}`, empty without one; `unencrypted`: it may travel without TLS.
    """

    url: str
    locations: Mapping[str, str]
    probes: int
    canary: str = ""
    token: str = ""
    unencrypted: bool = False
