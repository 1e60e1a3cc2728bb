"""One attempt: its deadline, its context, and its result. The contract of a kind is `checks.contract`."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from checks.reasons import Trouble, quote_target, translate_error
from checks.secrets import Secrets
from constat.interval import Instant
from constat.model import Outcome
from constat.text.reason_cells import LONGEST, make_printable

_LOOKED_AT = 4096
"""How much of a target's text is looked at for a reason, which quotes 60 characters of it."""


Bound = int | Mapping[str, int] | None
"""The most milliseconds that are not too slow: one bound for all vantages, one for each, or none at all."""


class Deadline:
    """The instant by which a probe must have ended, on a monotonic clock in seconds that the caller chooses."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.seconds = seconds
        self._begin = clock()
        self._end = self._begin + seconds

    def left(self) -> float:
        """Return the seconds left.

        Raises:
            TimeoutError: none is left.

        """
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def elapsed_ms(self) -> int:
        """Return the whole milliseconds since the deadline was set, which is when the probe began."""
        return max(0, round((self._clock() - self._begin) * 1000))

    def share(self, parts: int) -> "Deadline":
        """Build the deadline of the next of `parts` parts of the remaining work, so that a slow one leaves time for the rest."""
        part = Deadline(self.seconds, self._clock)
        part._begin, part._end = self._begin, self._clock() + self.left() / parts
        return part


class Step(NamedTuple):
    """One step of a probe, shown when a person probes by hand; `ms` since the probe began."""

    name: str
    ms: int
    detail: str = ""


class ProbeResult(NamedTuple):
    """The result of one attempt. `reason` is public: it begins with a word of `checks.reasons`, and is empty when up."""

    outcome: Outcome
    latency_ms: int
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a probe may use and must know, for one attempt.

    `now`: the wall clock when the attempt begins. `blocked`: ports that this vantage cannot reach; a failure there is
    ours. `vantage`: where the probe runs, by its name in the evidence. `root`: the project's folder, which holds the files
    that options name. `programs`: the environment from which programs get the variables that their checks name; `None` if
    no program may be run.
    """

    deadline: Deadline
    now: Instant = field(kw_only=True)
    secrets: Secrets = field(default_factory=Secrets)
    blocked: tuple[int, ...] = ()
    vantage: str = ""
    root: Path = Path()
    programs: Mapping[str, str] | None = field(default=None, repr=False)
    steps: list[Step] = field(default_factory=list)

    def note(self, name: str, detail: str = "") -> None:
        """Note a step that has just ended, for people who probe by hand."""
        self.steps.append(Step(name, self.deadline.elapsed_ms(), self.secrets.redact(detail)))

    def share(self, parts: int) -> "Context":
        """Build the same context with a share of the remaining time; its steps are noted with ours."""
        return replace(self, deadline=self.deadline.share(parts))

    def quote(self, text: str | bytes) -> str:
        """Quote text of the target for a reason, without our secrets. Only its beginning is looked at."""
        beginning = text[:_LOOKED_AT]
        decoded = beginning.decode("utf-8", "replace") if isinstance(beginning, bytes) else beginning
        redact = self.secrets.redact
        return quote_target(redact(make_printable(redact(decoded))))

    def result(self, outcome: Outcome, reason: str = "", latency_ms: int | None = None) -> ProbeResult:
        """Build the result of this attempt; the latency is the time so far if none is given."""
        latency = self.deadline.elapsed_ms() if latency_ms is None else latency_ms
        return ProbeResult(
            outcome, latency, make_printable(self.secrets.redact(reason))[:LONGEST], tuple(self.steps)
        )


def _find_slowness(latency_ms: int, degraded_above: Bound, vantage: str) -> Trouble | None:
    most = degraded_above.get(vantage) if isinstance(degraded_above, Mapping) else degraded_above
    if most is None or latency_ms <= most:
        return None
    return Trouble("slow", f"{latency_ms} ms")


def attempt(context: Context, work: Callable[[], int | None], *, degraded_above: Bound = None) -> ProbeResult:
    """Do the work of a probe and build its result.

    `work` raises `Trouble` or an error of a library; it returns the latency in milliseconds if that is not simply the
    time it took. `degraded_above` is in milliseconds. An error that no table knows is raised again: it is a bug of ours,
    which the runner reports.
    """
    try:
        measured = work()
        latency_ms = context.deadline.elapsed_ms() if measured is None else measured
        trouble = _find_slowness(latency_ms, degraded_above, context.vantage)
    except (
        Exception
    ) as error:  # a library may raise anything; an error that no table knows is raised again below
        latency_ms, trouble = context.deadline.elapsed_ms(), translate_error(error, context.deadline.seconds)
        if trouble is None:
            raise
        latency_ms = latency_ms if trouble.latency_ms is None else trouble.latency_ms
    if trouble is None:
        return context.result(Outcome.UP, latency_ms=latency_ms)
    return context.result(trouble.outcome, trouble.reason, latency_ms)


@contextmanager
def naming(part: str, context: Context) -> Iterator[None]:
    """Name a part of a check in the reason of any trouble in it: `(policy)`, or `in step 2`.

    Raises:
        Trouble: the part failed. An error that no table knows passes unchanged.

    """
    try:
        yield
    except (
        Exception
    ) as error:  # a library may raise anything; an error that no table knows is raised again below
        trouble = translate_error(error, context.deadline.seconds)
        if trouble is None:
            raise
        detail = f"{trouble.detail} {part}".lstrip()
        raise Trouble(trouble.word, detail, outcome=trouble.outcome) from error
