"""What the kinds about a domain's mail records share: whose records, asked of whom, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Host, NameServer, about

RARELY: Mapping[str, str] = {"affects": "nothing", "interval": "1h"}
"""DNS noise never moves the availability, and mail records change rarely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """Whose records, and who is asked for them."""

    domain: Annotated[Host, about("the domain that mail is sent from")]
    resolvers: Annotated[
        tuple[NameServer, ...], about("DNS servers to ask, the next where one fails; by default the system's")
    ] = ()
