"""Sources: other monitoring engines whose samples we take, as `status.yml` describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class SourceLabels(NamedTuple):
    """The labels of a source's series that hold the service, the check and the vantage."""

    service: str
    check: str
    vantage: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user and a password (RFC 7617); both may name secrets as `${CONSTAT_X}`."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """An engine whose samples we take. `query` selects the series of success, `latency` those of seconds taken, if not empty.

    `every_s`: how often it samples. `since`: the day (UTC) from which samples are taken at first, `None`: from an hour ago.
    `headers` go with each question; they, `bearer` and `basic` name their secrets as `${CONSTAT_X}`; `unencrypted`: these
    may travel without TLS. `ca`: the file below the project with the certificates that it is trusted by, empty for those
    of the system.
    """

    id: str
    kind: str
    url: str
    query: str
    latency: str
    labels: SourceLabels
    every_s: int
    since: date | None = None
    bearer: str = field(default="", repr=False)
    basic: SignIn | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    unencrypted: bool = False
    ca: str = ""
