"""The section `globalping` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Count, Flag, Host, Name, SecretText, Text, Url, about
from constat.model import globalping


@dataclass(frozen=True, slots=True)
class Globalping:
    """How Globalping's probes measure the checks that say via: globalping."""

    locations: Annotated[
        Mapping[Name, Text],
        about(
            "The vantages that checks may name, each with its place as Globalping understands it: {frankfurt: Frankfurt+DE}."
        ),
    ]
    probes: Annotated[
        Count,
        about("How many probes measure at each place (default 3, at most 50); each counts as one test."),
    ] = 3
    canary: Annotated[
        Host | None,
        about(
            "A host that answers over HTTPS from everywhere: if a probe fails at the target and reaches this host, its failure counts (default: none)."
        ),
    ] = None
    token: Annotated[
        SecretText | None,
        about("A Globalping token, for more tests an hour: ${CONSTAT_...}, declared for its host."),
    ] = None
    url: Annotated[
        Url, about("The address below which v1/measurements is found (default: https://api.globalping.io).")
    ] = "https://api.globalping.io/"
    unencrypted: Annotated[
        Flag, about("Whether the token may travel without TLS: only within one machine (default false).")
    ] = False


def resolve_globalping(written: Globalping) -> globalping.Globalping:
    """Resolve what is asked of Globalping."""
    return globalping.Globalping(
        url=written.url,
        locations=dict(written.locations),
        probes=written.probes,
        canary=written.canary or "",
        token=written.token or "",
        unencrypted=written.unencrypted,
    )
