"""Evidence that another tool gathered and an importer brought (rule 20): it is shown, but counts in no figure."""

from dataclasses import dataclass
from typing import Literal

from constat.interval import Instant
from constat.model.states import Outcome

Basis = Literal["samples", "changes", "counts"]
"""What a row is based on: a run of samples, the time from one recorded change to the next, or the counts of a day."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of `history/imported/<name>.csv`.

    `service` is an id of `status.yml`; until the importer has assigned one it is the key by which the source knows the
    service. `end` is `None` where the source records no end. `count`: how many samples the row stands
    for; `interval_s`: the interval at which the tool sampled then, 0 where it is not known; `latency_ms`: `None` where
    the source has none. `reason` is text quoted from the source, or the counts of a day.
    """

    service: str
    start: Instant
    end: Instant | None
    outcome: Outcome
    basis: Basis
    count: int = 0
    interval_s: int = 0
    latency_ms: int | None = None
    reason: str = ""
