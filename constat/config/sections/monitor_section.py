"""The section `monitor` of `status.yml`, as it is written and as it is resolved."""

from dataclasses import dataclass
from typing import Annotated

from constat.config.fields import Canary, Count, Duration, DurationOrZero, Name, Port, SecretText, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class Confirm:
    """The policy by which failures are confirmed."""

    attempts: Annotated[Count | None, about("The number of attempts, including the first (default 3).")] = (
        None
    )
    delay: Annotated[DurationOrZero | None, about("The pause between two attempts (default 5s).")] = None


@dataclass(frozen=True, slots=True)
class Monitor:
    """The watching of services."""

    vantage: Annotated[Name, about("The name of the place that checks run from, recorded in the evidence.")]
    canaries: Annotated[
        tuple[Canary, ...],
        about("Servers that always answer. When all of them fail, a failure is ours and not the service's."),
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
            " targets of notify, mail addresses, or addresses that Apprise knows: ${CONSTAT_...}."
        ),
    ] = ()


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
    )


def resolve_confirm(confirm: Confirm | None, otherwise: settings.Confirm) -> settings.Confirm:
    """Resolve how failures are confirmed; `otherwise` gives what is not written."""
    if confirm is None:
        return otherwise
    return settings.Confirm(
        attempts=otherwise.attempts if confirm.attempts is None else confirm.attempts,
        delay_s=otherwise.delay_s if confirm.delay is None else confirm.delay,
    )
