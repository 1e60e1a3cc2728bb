"""How far a source was taken, and what is new: everything since the newest row, in bounded windows, oldest first."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

from constat.interval import DAY_S, HOUR_S, UTC_ZONE, Instant, Interval, midnight
from constat.model import Evidence, Outcome, Sample, Source
from outside.sources.question import Access, Names, Question, Series, TooMuchError

Ask = Callable[[Question], tuple[Series, ...]]

OVERLAP_S: Final = 600
"""So far back a question reaches over what was asked for already: some looks arrive late."""
FIRST_S: Final = HOUR_S
"""So far back the first question reaches, unless the source says since when."""
ROWS_AT_ONCE: Final = 400_000
"""About so many rows a question asks for."""


def find_newest(evidence: Evidence, wanted: Collection[Names]) -> dict[Names, Instant]:
    """The newest sample of each series that has any."""
    return {
        names: each.newest
        for each in evidence.observed
        if (names := (each.service, each.check, each.vantage)) in wanted
    }


class Track:
    """How far a source was taken. `newest`: the newest row of each series that has any."""

    def __init__(self, newest: Mapping[Names, Instant]) -> None:
        self._newest = dict(newest)
        self._asked = max(newest.values(), default=None)
        self._longest_s = DAY_S

    def collect(
        self, ask: Ask, source: Source, access: Access, now: Instant, wanted: Collection[Names]
    ) -> Iterator[tuple[Series, ...]]:
        """Ask for all that is new up to `now`, window by window. A window that is too much is halved.

        What a window yields is to be recorded before the next one is asked for: it is resumed from there.

        Raises:
            OutsideError: the source does not answer.

        """
        start = self._find_start(source, now)
        while start < now:
            window = Interval(start, min(start + self._choose_length(source, len(wanted)), now))
            try:
                found = ask(Question(source, access, window))
            except TooMuchError:
                if window.seconds <= source.every_s:
                    raise
                self._longest_s = max(window.seconds // 2, source.every_s)
                continue
            yield found
            self._asked = start = window.end

    def list_new_samples(self, source: Source, series: Iterable[Series]) -> list[Sample]:
        """The samples of some series that are newer than their newest row, oldest first."""
        samples: list[Sample] = []
        reasons = {Outcome.UP: "", Outcome.DOWN: f"reported by {source.id}"}
        for (service, check, vantage), _, looks, _ in series:
            newest = self._newest.get((service, check, vantage), -1)
            samples += [
                Sample(at, service, check, outcome, latency, 1, source.every_s, vantage, reasons[outcome])
                for at, outcome, latency in looks
                if at > newest
            ]
        samples.sort(key=itemgetter(0))
        return samples

    def note_recorded(self, series: Iterable[Series]) -> None:
        """Note that the samples of some series have reached the disk."""
        for names, _, looks, _ in series:
            if looks:
                self._newest[names] = max(self._newest.get(names, -1), looks[-1][0])

    def _find_start(self, source: Source, now: Instant) -> Instant:
        if self._asked is not None:
            return min(self._asked, now) - max(OVERLAP_S, 2 * source.every_s)
        return now - FIRST_S if source.since is None else midnight(source.since, UTC_ZONE)

    def _choose_length(self, source: Source, series: int) -> int:
        """How long the next window is, in seconds."""
        return max(min(self._longest_s, ROWS_AT_ONCE * source.every_s // max(series, 1)), source.every_s)
