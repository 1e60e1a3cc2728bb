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

    id: Annotated[Name, about("A permanent name, which checks say under via.")]
    kind: Annotated[
        Literal["prometheus"],
        about("The kind of the source: prometheus, or whatever else answers as Prometheus does."),
    ]
    url: Annotated[
        Url, about("The address of Prometheus, below which api/v1/query lies: https://prometheus.example.org")
    ]
    query: Annotated[
        Selector,
        about(
            'The series that are 1 where a look succeeded, and 0 where it failed: probe_success{job="blackbox"}.'
        ),
    ]
    latency: Annotated[
        Selector | None,
        about(
            "The series with the seconds that each look took, with the same labels (default: none are recorded)."
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
            "How often it looks, as its scrape_interval says (default 1m): the interval of the checks that it makes."
        ),
    ] = 60
    since: Annotated[
        Day | None,
        about("The day (UTC) from which its looks are taken at first (default: those of the hour before)."),
    ] = None
    bearer: Annotated[
        SecretText | None, about("Sign in with a token: ${CONSTAT_...}, declared for the host.")
    ] = None
    basic: Annotated[SignIn | None, about("Sign in with a user and a password.")] = None
    headers: Annotated[
        Headers,
        about(
            "Headers of each question, such as the tenant of Mimir: {X-Scope-OrgID: maxony}; may hold secrets."
        ),
    ] = field(default_factory=dict)
    unencrypted: Annotated[
        Flag, about("Whether a secret may travel without TLS: only within one machine (default false).")
    ] = False
    ca: Annotated[
        CertificateFile | None,
        about(
            "The file of the project with the certificates that the server is trusted by, in PEM (default: the system's)."
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
