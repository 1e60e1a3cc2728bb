"""What a probe is given and what it returns.

A kind of check is a module with:

    class Options        a frozen dataclass, validated by the configuration; no network library is imported for it
    DEFAULTS             what status.yml need not say for this kind (`affects`, `interval`, ...), often empty
    def probe(options: Options, context: Context) -> Seen

A probe makes one attempt, bounded by `context.deadline`; it never raises for the target's trouble, and imports its
network library inside, so that a build or a validation does not pay for it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from constat.model import Outcome


class Deadline:
    """The instant by which a probe must have ended, on a clock that is handed in (seconds, monotonic)."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.seconds = seconds
        self._end = clock() + seconds

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
        return max(0, round((self.seconds - (self._end - self._clock())) * 1000))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a probe did and saw, for `probe` by hand; `ms` since the probe began."""

    name: str
    ms: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one attempt saw. `reason` is public: it begins with a word of `checks.reasons`, and is empty when up."""

    outcome: Outcome
    latency_ms: int
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a probe may touch it.

    `secret` gives the value of a declared secret for a host, and refuses any other host.
    """

    deadline: Deadline
    secret: Callable[[str, str], str]
    clock: Callable[[], float] = time.monotonic
    steps: list[Step] = field(default_factory=list)

    def note(self, name: str, detail: str = "") -> None:
        """Keep one step, with the time it ended, for whoever probes by hand."""
        self.steps.append(Step(name, self.deadline.elapsed_ms(), detail))

    def seen(self, outcome: Outcome, reason: str = "", latency_ms: int | None = None) -> Seen:
        """What this attempt saw; the latency is the time so far where none is given."""
        latency = self.deadline.elapsed_ms() if latency_ms is None else latency_ms
        return Seen(outcome, latency, reason, tuple(self.steps))
