"""The kind `icmp`: a host answers pings; what counts is how many are lost and how long they take."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low
from typing import TYPE_CHECKING, Annotated

from checks.option_types import Family
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Count, Host, Percentage, Slowness, about, wrong
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.echo import RoundTrips

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.echo",)
MOST_PACKETS = 20


@dataclass(frozen=True, slots=True)
class Options:
    """Whom to ping, how often, and how much may be lost."""

    host: Annotated[Host, about("the host's name or address")]
    packets: Annotated[Count, about("how many packets are sent, a fifth of a second apart; at most 20")] = 5
    warn: Annotated[
        Percentage, about("degraded if this percentage of the packets, or more, gets no answer")
    ] = Decimal(40)
    fail: Annotated[Percentage, about("down if this percentage of the packets, or more, gets no answer")] = (
        Decimal(100)
    )
    canary: Annotated[
        Host | None, about("another host that answers pings: if it is silent too, the fault is ours")
    ] = None
    degraded_above: Annotated[
        Slowness | None,
        about("degraded if the median round trip takes longer than this; a table has one for each vantage"),
    ] = None
    ip: Family = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.packets > MOST_PACKETS:
            raise wrong(f"{self.packets} packets in one probe", f"write at most {MOST_PACKETS}")
        if self.warn > self.fail:
            raise wrong("fail comes before warn", "warn must be the smaller loss")


def subject(options: Options) -> str:
    """Name the host."""
    return options.host


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Ping the host; the latency is the median round trip."""
    return attempt(context, lambda: _ping(options, context), degraded_above=options.degraded_above)


def _ping(options: Options, context: Context) -> int:
    from checks.network.echo import ping

    own = context.share(2) if options.canary else context
    try:
        trips = ping(options.host, options.packets, own, ip=options.ip)
    except OSError:  # a missing name server or route is our own trouble if it keeps us from the canary too
        if options.canary:
            _check_canary(options.canary, options, context)
        raise
    if not trips.answered_ms and options.canary:
        _check_canary(options.canary, options, context)
    check_loss(trips, options)
    return median_low(trips.answered_ms)


def _check_canary(canary: str, options: Options, context: Context) -> None:
    """Ping the canary: in a network that lets no ping out, every host is silent."""
    from checks.network.echo import ping

    try:
        trips = ping(canary, options.packets, context, ip=options.ip)
    except (OSError, Trouble) as error:
        raise Trouble("blocked", "the canary cannot be reached either") from error
    if not trips.answered_ms:
        raise Trouble("blocked", "the canary answers no ping either")


def check_loss(trips: "RoundTrips", options: Options) -> None:
    """Compare the loss with the limits for degraded and down.

    Raises:
        Trouble: it reaches one of them.

    """
    lost_percent = Decimal(100 * trips.lost) / trips.sent
    if trips.answered_ms and lost_percent < options.warn:
        return
    is_down = not trips.answered_ms or lost_percent >= options.fail
    outcome = Outcome.DOWN if is_down else Outcome.DEGRADED
    raise Trouble("loss", f"{trips.lost} of {trips.sent} packets", outcome=outcome)
