"""What a watch did, for the people who look after it: checks made, evidence pushed, subscribers told. Markdown."""

from collections.abc import Iterable
from typing import NamedTuple

from constat.availability import PAGE_DECIMALS, format_percent
from constat.interval import MINUTE_S, Instant, Interval, format_instant
from constat.model import Figures, Sample

CRON_EVERY_S = 300
"""How often the workflow's cron is to start a watch."""
CRON_AT_S = 240
"""The second of a full hour at which the first of them is due: minute 4."""


class Watch(NamedTuple):
    """A watch that has ended: from when to when, and from where.

    `recorded`: the samples that it recorded itself. `offline_rounds`: those in which no canary answered.
    """

    span: Interval
    vantage: str
    recorded: int
    offline_rounds: int = 0


class ServiceSummary(NamedTuple):
    """One service's account of the watch, and of the 24 hours before its end."""

    watch: Figures
    day: Figures


class Deliveries(NamedTuple):
    """What left a watch. `sent` and `failed`: what subscribers were told meanwhile, as far as the branch says it."""

    pushes: int
    last_push: Instant | None
    sent: int
    failed: int
    troubles: tuple[str, ...] = ()


_HEAD = (
    "| service | promised | made | missed | longest blind spot | covered, last 24 h |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


def format_watch(watch: Watch, services: Iterable[ServiceSummary]) -> str:
    """The summary of a watch. Checks are counted whoever made them; those that move no figure are not counted."""
    watched = list(services)
    lines = [
        f"### Watched {format_instant(watch.span.start)} to {format_instant(watch.span.end)} from {watch.vantage}",
        "",
        *_HEAD,
        *(_row(each) for each in watched),
        "",
        _total(watched, watch.recorded),
        *_offline(watch.offline_rounds),
    ]
    return "\n".join(lines) + "\n"


def _row(each: ServiceSummary) -> str:
    counts = (each.watch.expected, each.watch.made, each.watch.expected - each.watch.made)
    covered = format_percent(each.day.all.coverage, PAGE_DECIMALS)
    cells = (
        f"`{each.watch.service}`",
        *map(str, counts),
        _time(each.watch.longest_gap_s),
        "no data" if covered is None else f"{covered} %",
    )
    return f"| {' | '.join(cells)} |"


def _offline(rounds: int) -> tuple[str, ...]:
    if not rounds:
        return ()
    return ("", f"**No canary answered in {rounds} rounds**: failures seen in them are ours, and unknown.")


def _total(watched: list[ServiceSummary], recorded: int) -> str:
    promised = sum(each.watch.expected for each in watched)
    made = sum(each.watch.made for each in watched)
    return f"{made} of {promised} promised checks were made, {promised - made} missed; {recorded} samples recorded."


def format_deliveries(left: Deliveries) -> str:
    """How often evidence was pushed and when last, how many messages subscribers got, and what failed."""
    last = f", last at {format_instant(left.last_push)}" if left.last_push is not None else ""
    lines = [
        f"Pushed {_times(left.pushes)}{last}. Notified meanwhile: {left.sent} sent, {left.failed} failed.",
        *(["", "**What failed on the way**:", ""] if left.troubles else []),
        *(f"- `{trouble.replace('`', chr(39))}`" for trouble in left.troubles),
    ]
    return "\n".join(lines) + "\n\n"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def format_cron_start(now: Instant) -> str:
    """How late a run is that the cron started. Which slot a run belongs to GitHub does not tell: the last one is taken."""
    slot = now - (now - CRON_AT_S) % CRON_EVERY_S
    return (
        f"The cron was due at {format_instant(slot)} or earlier; this run was ready at {format_instant(now)}, "
        f"{_time(now - slot)} later.\n\n"
    )


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE_S)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"


def format_sample(sample: Sample) -> str:
    """One sample in one line, for whoever watches a watch."""
    words = (format_instant(sample.at), f"{sample.service}/{sample.check}", sample.outcome.value)
    return f"{' '.join(words)} {sample.latency_ms} ms {sample.reason}".rstrip()
