"""The kind `domain`: the registration of a domain is in force, and does not end soon.

The registry itself is asked (RDAP). If it has no server, does not answer or does not say when the registration ends, the
outcome is unknown.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from checks.option_types import Authorities
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Duration, DurationOrZero, Host, Url, about, wrong
from constat.interval import DAY_S, Instant, format_instant
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.records.registration import Registration

DEFAULTS: Defaults = Defaults(affects="nothing", interval="6h", attempts="1")
"""A registration does not end overnight, and registries limit how often they are asked."""
LIBRARIES: tuple[str, ...] = ("checks.records.registration",)
BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
GONE = ("client hold", "server hold", "redemption period", "pending delete")
"""Statuses of a domain that is no longer in its zone, or soon will not be (RFC 8056; RFC 5731 2.3, RFC 3915 3.1)."""


@dataclass(frozen=True, slots=True)
class Options:
    """The domain, how long it must still be registered, and whom to ask."""

    domain: Annotated[Host, about("the domain as it is registered, without www")]
    warn: Annotated[Duration, about("degraded if the registration expires sooner than this")] = 30 * DAY_S
    fail: Annotated[DurationOrZero, about("down if it expires sooner than this")] = 0
    server: Annotated[
        Url | None, about("the registry's RDAP server; by default the one on the list of servers")
    ] = None
    bootstrap: Annotated[Url, about("the list of RDAP servers, in the form of RFC 9224")] = BOOTSTRAP
    ca: Authorities = ""

    def __post_init__(self) -> None:
        """Refuse a check that would be down before it is degraded, and a domain that is an address or has no dot.

        Raises:
            ValueError: the options are one of these.

        """
        if self.fail > self.warn:
            raise wrong("fail comes before warn", "warn must be the longer time")
        if ":" in self.domain or not self.domain.rpartition(".")[2].strip("0123456789"):
            raise wrong(f"{self.domain!r} is an address", "write a domain: maxony.example")
        if "." not in self.domain:
            raise wrong(f"{self.domain!r} is not a registered domain", "write it in full: maxony.example")


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask the registry once."""
    return attempt(context, lambda: _judge(_ask(options, context), options, context))


def _ask(options: Options, context: Context) -> "Registration | None":
    from checks.network.asking import asking
    from checks.records.registration import KNOWN, fetch_registration

    server = options.server
    if server is None:
        with asking("the list of RDAP servers", context):
            server = KNOWN.find_server(options.domain, options.bootstrap, options.ca, context)
    with asking("the registry", context):
        return fetch_registration(options.domain, server, options.ca, context)


def _judge(registration: "Registration | None", options: Options, context: Context) -> None:
    if registration is None:
        raise Trouble("registration", "the registry knows no such domain")
    statuses = [" ".join(status.lower().split()) for status in registration.statuses]
    gone = next((status for status in GONE if status in statuses), None)
    if gone is not None:
        raise Trouble("registration", gone)
    if registration.ends is None:
        raise Trouble("unanswered", "the registry does not say when the registration ends")
    _check_end(registration.ends, options, context)


def _check_end(ends: Instant, options: Options, context: Context) -> None:
    remaining_s = ends - context.now
    days = remaining_s // DAY_S
    context.note("registration", f"ends {format_instant(ends)}; {days} days left")
    if remaining_s >= options.warn:
        return
    outcome = Outcome.DOWN if remaining_s < options.fail else Outcome.DEGRADED
    if remaining_s < 0:
        raise Trouble("registration", f"ended {format_instant(ends)[:10]}", outcome=outcome)
    raise Trouble("registration", f"ends in {days} day{'s' if days != 1 else ''}", outcome=outcome)
