"""What a probe is given and what it returns.

A kind of check is a module with:

    class Options        a frozen dataclass, validated by the configuration; no network library is imported for it
    DEFAULTS             what status.yml need not say for this kind (`affects`, `interval`, ...), often empty
    DEFAULTS_WITH        (may be left out) more of these, by the option with which they hold
    LIBRARIES            (may be left out) the modules that a probe imports, to be loaded before time is measured
    def probe(options: Options, context: Context) -> Seen

A probe makes one attempt, bounded by `context.deadline`; it never raises for the target's trouble, and imports its
network library inside, so that a build or a validation does not pay for it. The usual shape:

    def probe(options: Options, context: Context) -> Seen:
        return attempt(context, lambda: _converse(options, context))

where `_converse` raises `Trouble` for what it finds wrong and lets the errors of its library through: the table in
`checks.reasons` knows them.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from checks.reasons import Trouble, escape_cell, quote_target, translate_error
from checks.secrets import Secrets
from constat.interval import Instant
from constat.model import Outcome


class Deadline:
    """The instant by which a probe must have ended, on a clock that is handed in (seconds, monotonic)."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.seconds = seconds
        self._begin = clock()
        self._end = self._begin + seconds

    def left(self) -> float:
        """The seconds left.

        Raises:
            TimeoutError: none is left.

        """
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def elapsed_ms(self) -> int:
        """The whole milliseconds since it was set, which is when the probe began."""
        return max(0, round((self._clock() - self._begin) * 1000))

    def share(self, parts: int) -> "Deadline":
        """A deadline for the next of so many parts of the work that is left: a slow one leaves time for the others."""
        part = Deadline(self.seconds, self._clock)
        part._begin, part._end = self._begin, self._clock() + self.left() / parts
        return part


class Step(NamedTuple):
    """One thing that a probe did and saw, for `probe` by hand; `ms` since the probe began."""

    name: str
    ms: int
    detail: str = ""


class ProbeResult(NamedTuple):
    """What one attempt saw. `reason` is public: it begins with a word of `checks.reasons`, and is empty when up."""

    outcome: Outcome
    latency_ms: int
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a probe may touch it, for one attempt.

    `now`: the wall clock when the attempt begins. `blocked`: ports that this vantage cannot reach; a failure there is
    ours. `root`: the project's folder, from which the files that options name are found. `programs`: the environment
    of which programs may see what their checks name; `None` where running programs was not allowed.
    """

    deadline: Deadline
    now: Instant = field(kw_only=True)
    secrets: Secrets = field(default_factory=Secrets)
    blocked: tuple[int, ...] = ()
    root: Path = Path()
    programs: Mapping[str, str] | None = field(default=None, repr=False)
    steps: list[Step] = field(default_factory=list)

    def note(self, name: str, detail: str = "") -> None:
        """Keep one step, with the time it ended, for whoever probes by hand."""
        self.steps.append(Step(name, self.deadline.elapsed_ms(), self.secrets.redact(detail)))

    def share(self, parts: int) -> "Context":
        """The same world with the time of one of so many parts; its steps are kept with ours."""
        return replace(self, deadline=self.deadline.share(parts))

    def quote(self, text: str | bytes) -> str:
        """Text that came from the target, without our secrets, as it may stand in a reason."""
        decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return quote_target(self.secrets.redact(decoded))

    def seen(self, outcome: Outcome, reason: str = "", latency_ms: int | None = None) -> ProbeResult:
        """What this attempt saw; the latency is the time so far where none is given."""
        latency = self.deadline.elapsed_ms() if latency_ms is None else latency_ms
        return ProbeResult(outcome, latency, escape_cell(self.secrets.redact(reason)), tuple(self.steps))


def _too_slow(latency_ms: int, degraded_above_ms: int | None) -> Trouble | None:
    if degraded_above_ms is None or latency_ms <= degraded_above_ms:
        return None
    return Trouble("slow", f"{latency_ms} ms")


def attempt(
    context: Context, work: Callable[[], int | None], *, degraded_above_ms: int | None = None
) -> ProbeResult:
    """Do the work of a probe and say what was seen.

    `work` raises `Trouble`, or an error of a library; it returns the latency in milliseconds where that is not simply
    the time it took. An error that no table knows passes: it is a mistake of ours, and the runner says so.
    """
    try:
        measured = work()
        latency_ms = context.deadline.elapsed_ms() if measured is None else measured
        trouble = _too_slow(latency_ms, degraded_above_ms)
    except Exception as error:
        latency_ms, trouble = context.deadline.elapsed_ms(), translate_error(error, context.deadline.seconds)
        if trouble is None:
            raise
    if trouble is None:
        return context.seen(Outcome.UP, latency_ms=latency_ms)
    return context.seen(trouble.outcome, trouble.reason, latency_ms)
