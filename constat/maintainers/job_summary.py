"""The summary of a watch for its maintainers, in Markdown: checks made, evidence pushed, subscribers notified."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from constat.availability import PAGE_DECIMALS, format_percent
from constat.interval import MINUTE_S, Instant, Interval, format_instant
from constat.model import Figures, Sample, Silence
from constat.text.reason_cells import decode_reason

CRON_EVERY_S = 300
"""The interval at which the workflow's cron should start a watch."""
CRON_AT_S = 240
"""The second of the hour at which the first of these starts is due: minute 4."""


class Watch(NamedTuple):
    """A watch that has ended: its time span and its vantage.

    `recorded`: how many samples it recorded itself. `offline_rounds`: in how many rounds no canary answered.
    """

    span: Interval
    vantage: str
    recorded: int
    offline_rounds: int = 0


class ServiceSummary(NamedTuple):
    """The figures of one service over the watch, and over the 24 hours before its end."""

    watch: Figures
    day: Figures


class Deliveries(NamedTuple):
    """The deliveries of a watch. `sent` and `failed`: the notifications of that time, as far as the branch records them."""

    pushes: int
    last_push: Instant | None
    sent: int
    failed: int
    troubles: tuple[str, ...] = ()


_HEAD = (
    "| service | promised | made | missed | longest blind spot | covered, last 24 h |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


def format_watch(watch: Watch, services: Iterable[ServiceSummary], silent: Iterable[Silence] = ()) -> str:
    """Format the summary of a watch, with the vantages that are silent at its end.

    Checks count whichever watch made them, except those that affect no figure.
    """
    summaries = list(services)
    lines = [
        f"### Watched {format_instant(watch.span.start)} to {format_instant(watch.span.end)} from {watch.vantage}",
        "",
        *_HEAD,
        *(_format_row(summary) for summary in summaries),
        "",
        _format_total(summaries, watch.recorded),
        *_format_offline(watch.offline_rounds),
        *_format_silences(silent),
    ]
    return "\n".join(lines) + "\n"


def _format_row(summary: ServiceSummary) -> str:
    counts = (summary.watch.expected, summary.watch.made, summary.watch.expected - summary.watch.made)
    covered = format_percent(summary.day.all.coverage, PAGE_DECIMALS)
    cells = (
        f"`{summary.watch.service}`",
        *map(str, counts),
        _format_duration(summary.watch.longest_gap_s),
        "no data" if covered is None else f"{covered} %",
    )
    return f"| {' | '.join(cells)} |"


def _format_offline(rounds: int) -> tuple[str, ...]:
    if not rounds:
        return ()
    return ("", f"**No canary answered in {rounds} rounds**: failures seen in them are ours, and unknown.")


def _format_silences(silent: Iterable[Silence]) -> Iterator[str]:
    for silence in silent:
        yield ""
        yield f"**T{describe_silence(silence)[1:]}.**"


def describe_silence(silence: Silence) -> str:
    """Describe a silence for the maintainers, as the beginning of a sentence."""
    if silence.since is None:
        return f"the vantage {silence.vantage} has sent nothing"
    return f"the vantage {silence.vantage} has been silent since {format_instant(silence.since)}"


def _format_total(summaries: list[ServiceSummary], recorded: int) -> str:
    promised = sum(summary.watch.expected for summary in summaries)
    made = sum(summary.watch.made for summary in summaries)
    return f"{made} of {promised} promised checks were made, {promised - made} missed; {recorded} samples recorded."


def format_deliveries(deliveries: Deliveries) -> str:
    """Format how often evidence was pushed and when last, how many notifications were sent, and what failed."""
    last = f", last at {format_instant(deliveries.last_push)}" if deliveries.last_push is not None else ""
    lines = [
        f"Pushed {_format_times(deliveries.pushes)}{last}. Notified meanwhile: {deliveries.sent} sent, {deliveries.failed} failed."
    ]
    if deliveries.troubles:
        lines += ["", "**What failed on the way**:", ""]
        lines += [f"- `{trouble.replace('`', chr(39))}`" for trouble in deliveries.troubles]
    return "\n".join(lines) + "\n\n"


def _format_times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def format_cron_start(now: Instant) -> str:
    """Format how late the cron started a run. GitHub does not say which slot a run belongs to: the last one is assumed."""
    slot = now - (now - CRON_AT_S) % CRON_EVERY_S
    return (
        f"The cron was due at {format_instant(slot)} or earlier; this run was ready at {format_instant(now)}, "
        f"{_format_duration(now - slot)} later.\n\n"
    )


def _format_duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE_S)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def format_sample(sample: Sample) -> str:
    """Format one sample on one line, for people who follow a watch."""
    words = (format_instant(sample.at), f"{sample.service}/{sample.check}", sample.outcome.value)
    return f"{' '.join(words)} {sample.latency_ms} ms {decode_reason(sample.reason)}".rstrip()
