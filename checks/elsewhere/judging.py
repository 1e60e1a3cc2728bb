"""What the answers of Globalping's probes say of a target: of one probe, and of all at one place.

A probe that is `offline`, did not end, or answers something undocumented says nothing: unknown. So does one that `failed`:
that is what Globalping calls a refused connection as well as a probe without a network. Only a canary tells them apart.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from statistics import median_low
from typing import Any, Final

from checks.kinds import dns, http, icmp, tcp
from checks.network.echo import RoundTrips
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.model import Outcome

_NOERROR, _SERVFAIL, _NXDOMAIN = 0, 2, 3
_LONGEST_MS: Final = 600_000
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
"""One string of a TXT record, as master files write it (RFC 1035 5.1)."""


def judge(
    kind: str,
    options: Any,  # noqa: ANN401 -- the options of one of four kinds
    result: object,
    context: Context,
    *,
    reaches_canary: bool = False,
) -> ProbeResult:
    """Judge the `result` of one probe. `context.vantage`: its place; `reaches_canary`: the probe has just reached the canary."""

    def work() -> int:
        try:
            return _read(kind, options, result, context, reaches_canary=reaches_canary)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            raise Trouble("unanswered", "Globalping does not answer as documented") from error

    return attempt(context, work, degraded_above=options.degraded_above)


def has_failed(result: object) -> bool:
    """Whether a probe says that it failed; it does not say at what."""
    return isinstance(result, Mapping) and result.get("status") == "failed"


def has_answered(result: object) -> bool:
    """Whether a probe got an answer."""
    return isinstance(result, Mapping) and result.get("status") == "finished"


def join(results: Sequence[ProbeResult]) -> ProbeResult:
    """Join what the probes of one place say: down if more than half of those that know anything say so.

    Unknown if fewer than half know anything.
    """
    known = [result for result in results if result.outcome is not Outcome.UNKNOWN]
    if not known or 2 * len(known) < len(results):
        first = next((result for result in results if result.outcome is Outcome.UNKNOWN), None)
        reason = first.reason if first else "unanswered Globalping has no probe there"
        return ProbeResult(Outcome.UNKNOWN, 0, reason)
    down = [result for result in known if result.outcome is Outcome.DOWN]
    if 2 * len(down) > len(known):
        return _summarize(down, len(known))
    reached = [result for result in known if result.outcome is not Outcome.DOWN]
    slow = [result for result in reached if result.outcome is Outcome.DEGRADED]
    if 2 * len(slow) > len(reached):
        return _summarize(slow, len(known))
    return _summarize([result for result in reached if result.outcome is Outcome.UP], len(known))


def _summarize(alike: Sequence[ProbeResult], known: int) -> ProbeResult:
    """Summarize probes that say the same: the median of their times, and the reason of the first."""
    first = alike[0]
    share = f" ({len(alike)} of {known} probes)" if known > 1 and first.reason else ""
    return ProbeResult(
        first.outcome, median_low(result.latency_ms for result in alike), f"{first.reason}{share}"
    )


def _read(kind: str, options: Any, result: Any, context: Context, *, reaches_canary: bool) -> int:  # noqa: ANN401 -- whatever was answered
    status = result["status"]
    if status == "failed" and reaches_canary:
        raise Trouble("reported", "by Globalping: failed and the canary answers", latency_ms=0)
    if status != "finished":
        words = {"failed": "failed", "offline": "is offline", "in-progress": "did not end"}
        raise Trouble("unanswered", f"Globalping's probe {words[status]}", latency_ms=0)
    latency_ms, check = _BY_KIND[kind](options, result, context)
    try:
        check()
    except Trouble as trouble:
        trouble.latency_ms = latency_ms
        raise
    return latency_ms


_Reading = tuple[int, Callable[[], None]]
"""The latency in milliseconds, and a function that raises `Trouble` if the answer is not as expected."""


def _read_http(options: http.Options, result: Any, context: Context) -> _Reading:  # noqa: ANN401
    status, certificate = int(result["statusCode"]), result["tls"]
    if options.url.startswith("https:") and not isinstance(certificate, Mapping):
        raise ValueError("nothing is said of the certificate")

    def check() -> None:
        if options.verify and certificate is not None and certificate["authorized"] is not True:
            raise Trouble("tls", context.quote(str(certificate.get("error") or "not trusted")))
        http.check_status(status, options)

    return _read_ms(result["timings"]["total"]), check


def _read_trips(result: Any) -> RoundTrips:  # noqa: ANN401
    sent = int(result["stats"]["total"])
    answered = tuple(_read_ms(trip["rtt"]) for trip in result["timings"] if trip["rtt"] >= 0)
    if not 0 < sent <= 1000 or len(answered) > sent:  # noqa: PLR2004 -- more than anybody sends
        raise ValueError(f"{len(answered)} answers to {sent} packets")
    return RoundTrips(sent, answered)


def _read_tcp(_options: tcp.Options, result: Any, _context: Context) -> _Reading:  # noqa: ANN401
    trips = _read_trips(result)

    def check() -> None:
        if not trips.answered_ms:
            raise Trouble("timeout", "no connection")

    return _find_median(trips), check


def _read_icmp(options: icmp.Options, result: Any, _context: Context) -> _Reading:  # noqa: ANN401
    trips = _read_trips(result)
    return _find_median(trips), lambda: icmp.check_loss(trips, options)


def _find_median(trips: RoundTrips) -> int:
    return median_low(trips.answered_ms) if trips.answered_ms else 0


def _read_dns(options: dns.Options, result: Any, context: Context) -> _Reading:  # noqa: ANN401
    code = int(result["statusCode"])
    values = [
        dns.normalize(_read_value(record["value"], options.type), options.type)
        for record in result["answers"]
        if record["type"] == options.type
    ]

    def check() -> None:
        if code == _SERVFAIL or (code not in (_NOERROR, _NXDOMAIN) and options.resolvers):
            raise Trouble("dns", context.quote(str(result["statusCodeName"])))
        if code not in (_NOERROR, _NXDOMAIN):
            raise Trouble("resolver", "that of Globalping's probe")
        dns.check_values(options, code == _NOERROR, values, context)

    return _read_ms(result["timings"]["total"]), check


def _read_value(value: str, kind: str) -> str:
    """Read a record's value as one would write it: TXT in one piece."""
    if kind != "TXT" or '"' not in value:
        return value
    return "".join(re.sub(r"\\(.)", r"\1", text) for text in _TEXT.findall(value))


def _read_ms(value: float) -> int:
    if not 0 <= value < _LONGEST_MS:
        raise ValueError(f"{value} ms")
    return round(value)


_BY_KIND: Final[Mapping[str, Callable[[Any, Any, Context], _Reading]]] = {
    "http": _read_http,
    "tcp": _read_tcp,
    "icmp": _read_icmp,
    "dns": _read_dns,
}
