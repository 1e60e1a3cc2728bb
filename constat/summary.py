"""What a watch did, for the people who look after it: promised and made checks, blind spots, coverage. Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass

from constat.availability import percent
from constat.interval import Interval, format_instant
from constat.model import Figures, Sample


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch that has ended: from when to when, and from where.

    `recorded`: the samples that it recorded itself. `offline_rounds`: those in which no canary answered.
    """

    span: Interval
    vantage: str
    recorded: int
    offline_rounds: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """One service's account of the watch, and of the 24 hours before its end."""

    watch: Figures
    day: Figures


_HEAD = (
    "| service | promised | made | missed | longest blind spot | covered, last 24 h |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


def summary(watch: Watch, services: Iterable[Watched]) -> str:
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


def _row(each: Watched) -> str:
    counts = (each.watch.expected, each.watch.made, each.watch.expected - each.watch.made)
    covered = percent(each.day.all.coverage, 2)
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


def _total(watched: list[Watched], recorded: int) -> str:
    promised = sum(each.watch.expected for each in watched)
    made = sum(each.watch.made for each in watched)
    return f"{made} of {promised} promised checks were made, {promised - made} missed; {recorded} samples recorded."


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"


def sample_line(sample: Sample) -> str:
    """One sample in one line, for whoever watches a watch."""
    words = (format_instant(sample.at), f"{sample.service}/{sample.check}", sample.outcome.value)
    return f"{' '.join(words)} {sample.latency_ms} ms {sample.reason}".rstrip()
