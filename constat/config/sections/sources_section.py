"""The section `sources` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from constat.config.fields import (
    CertificateFile,
    Day,
    Duration,
    Flag,
    Headers,
    LabelName,
    Name,
    SecretText,
    Selector,
    Url,
    about,
)
from constat.model import sources


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user and a password (RFC 7617)."""

    username: Annotated[SecretText, about("The user.")]
    password: Annotated[SecretText, about("The password: ${CONSTAT_...}, declared for the host.")]


@dataclass(frozen=True, slots=True)
class Source:
    """An engine that looks for us, and whose looks become evidence: of the checks that say via: and its id, and no other."""

    id: Annotated[Name, about("A permanent name, which checks give under via.")]
    kind: Annotated[
        Literal["prometheus"],
        about("The kind of the source: prometheus, also for other systems with the API of Prometheus."),
    ]
    url: Annotated[
        Url,
        about("The address of Prometheus, below which api/v1/query is found: https://prometheus.example.org"),
    ]
    query: Annotated[
        Selector,
        about(
            'The series that are 1 if a probe succeeded, and 0 if it failed: probe_success{job="blackbox"}.'
        ),
    ]
    latency: Annotated[
        Selector | None,
        about(
            "The series with the duration of each probe in seconds, with the same labels (default: no latencies are recorded)."
        ),
    ] = None
    service: Annotated[LabelName, about("The label that holds the id of the service (default: service).")] = (
        "service"
    )
    check: Annotated[LabelName, about("The label that holds the name of the check (default: check).")] = (
        "check"
    )
    vantage: Annotated[LabelName, about("The label that holds the vantage (default: vantage).")] = "vantage"
    every: Annotated[
        Duration,
        about(
            "How often it probes, according to its scrape_interval (default 1m): the interval of the checks that it provides."
        ),
    ] = 60
    since: Annotated[
        Day | None,
        about(
            "The day (UTC) from which its samples are taken over at first (default: those of the previous hour)."
        ),
    ] = None
    bearer: Annotated[
        SecretText | None, about("Sign in with a token: ${CONSTAT_...}, declared for the host.")
    ] = None
    basic: Annotated[SignIn | None, about("Sign in with a user and a password.")] = None
    headers: Annotated[
        Headers,
        about(
            "Headers of each query, such as the tenant of Mimir: {X-Scope-OrgID: maxony}; may hold secrets."
        ),
    ] = field(default_factory=dict)
    unencrypted: Annotated[
        Flag, about("Whether a secret may travel without TLS: only within one machine (default false).")
    ] = False
    ca: Annotated[
        CertificateFile | None,
        about(
            "The file in the project with the certificates by which the server is trusted, in PEM (default: the system's)."
        ),
    ] = None


def resolve_source(source: Source) -> sources.Source:
    """Resolve a source."""
    return sources.Source(
        id=source.id,
        kind=source.kind,
        url=source.url,
        query=source.query,
        latency=source.latency or "",
        labels=sources.SourceLabels(source.service, source.check, source.vantage),
        every_s=source.every,
        since=source.since,
        bearer=source.bearer or "",
        basic=sources.SignIn(source.basic.username, source.basic.password) if source.basic else None,
        headers=dict(source.headers),
        unencrypted=source.unencrypted,
        ca=source.ca or "",
    )
