"""Settings shared by the kinds that look at a domain's mail records: the domain, the resolvers, the defaults."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Host, NameServer, about
from constat.model.kinds import Defaults

INFORMATIONAL = Defaults(affects="nothing", interval="1h")
"""Hiccups of DNS do not count against the availability, and mail records rarely change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """The domain whose records are read, and the resolvers that are asked."""

    domain: Annotated[Host, about("the domain that mail is sent from")]
    resolvers: Annotated[
        tuple[NameServer, ...],
        about("DNS servers to ask, in turn until one answers; by default the system's"),
    ] = ()
