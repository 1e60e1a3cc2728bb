"""The section `monitor` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from constat.config.fields import (
    Canary,
    CertificateFile,
    Count,
    Duration,
    DurationOrZero,
    LocalText,
    Name,
    Port,
    SecretText,
    Url,
    about,
)
from constat.model import settings


@dataclass(frozen=True, slots=True)
class Confirm:
    """The policy by which failures are confirmed."""

    attempts: Annotated[Count | None, about("The number of attempts, including the first (default 3).")] = (
        None
    )
    delay: Annotated[DurationOrZero | None, about("The pause between two attempts (default 5s).")] = None


@dataclass(frozen=True, slots=True)
class Vantage:
    """A place that checks run from."""

    name: Annotated[
        LocalText | None,
        about(
            "The name that customers read: one text, or one per language (default: its name in the evidence)."
        ),
    ] = None
    canaries: Annotated[
        tuple[Canary, ...], about("Servers that always answer, as seen from this place.")
    ] = ()
    blocked: Annotated[tuple[Port, ...], about("Ports that cannot be reached from this place.")] = ()


@dataclass(frozen=True, slots=True)
class Timestamp:
    """An authority whose clock says when a seal or a statement existed."""

    url: Annotated[Url, about("The address at which it accepts requests for time stamps (RFC 3161).")]
    ca: Annotated[
        CertificateFile,
        about(
            "The file in the project with the certificates by which it is trusted, in PEM, from the authority's own website."
        ),
    ]


@dataclass(frozen=True, slots=True)
class Monitor:
    """The watching of services."""

    vantage: Annotated[Name, about("The name of the place that checks run from, recorded in the evidence.")]
    canaries: Annotated[
        tuple[Canary, ...],
        about("Servers that always answer. If all of them fail, a failure is ours and not the service's."),
    ] = ()
    confirm: Annotated[Confirm, about("How many attempts confirm a failure.")] = Confirm()
    blocked: Annotated[
        tuple[Port, ...], about("Ports that cannot be reached from this vantage: a failure there is ours.")
    ] = ()
    push_every: Annotated[
        Duration, about("How often evidence is pushed while nothing changes (default 15m).")
    ] = 900
    workers: Annotated[Count, about("How many checks run at once (default 64).")] = 64
    tell: Annotated[
        tuple[SecretText, ...],
        about(
            "Who is alerted when the watch breaks, no canary answers, or a push or a message fails (default: nobody):"
            " targets of notify, mail addresses, or addresses that Apprise supports: ${CONSTAT_...}."
        ),
    ] = ()
    vantages: Annotated[
        Mapping[Name, Vantage],
        about(
            "The places that checks run from, each with a readable name; if set, the canaries and blocked ports"
            " directly under monitor apply only to monitor.vantage."
        ),
    ] = field(default_factory=dict)
    timestamp: Annotated[
        Timestamp | None,
        about("An authority that stamps the newest seal of each day, and every statement (default: none)."),
    ] = None


def resolve_monitor(monitor: Monitor) -> settings.Monitor:
    """Resolve how services are watched."""
    return settings.Monitor(
        vantage=monitor.vantage,
        canaries=monitor.canaries,
        confirm=resolve_confirm(monitor.confirm, settings.Confirm()),
        blocked=monitor.blocked,
        push_every_s=monitor.push_every,
        workers=monitor.workers,
        tell=monitor.tell,
        vantages={
            name: _resolve_vantage(name, written, monitor) for name, written in monitor.vantages.items()
        },
        timestamp=_resolve_timestamp(monitor.timestamp),
    )


def _resolve_timestamp(written: Timestamp | None) -> settings.TimestampAuthority | None:
    return None if written is None else settings.TimestampAuthority(written.url, written.ca)


def _resolve_vantage(name: str, written: Vantage, monitor: Monitor) -> settings.Vantage:
    """Resolve a place; keys directly under `monitor` apply to `monitor.vantage`."""
    own = settings.Vantage(written.name or {"": name}, written.canaries, written.blocked)
    if name != monitor.vantage:
        return own
    return replace(own, canaries=own.canaries or monitor.canaries, blocked=own.blocked or monitor.blocked)


def resolve_confirm(confirm: Confirm | None, otherwise: settings.Confirm) -> settings.Confirm:
    """Resolve how failures are confirmed; `otherwise` gives what is not written."""
    if confirm is None:
        return otherwise
    return settings.Confirm(
        attempts=otherwise.attempts if confirm.attempts is None else confirm.attempts,
        delay_s=otherwise.delay_s if confirm.delay is None else confirm.delay,
    )
