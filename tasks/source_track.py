"""How far the collection from a source has come; what is new is asked for in bounded windows, oldest first."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

from constat.interval import DAY_S, HOUR_S, UTC_ZONE, Instant, Interval, midnight
from constat.model import Evidence, Outcome, Sample, Source
from outside.sources.question import Access, Names, Question, Series, TooMuchError, TooSlowError

Ask = Callable[[Question], tuple[Series, ...]]

OVERLAP_S: Final = 600
"""How far a question overlaps what was already asked for, in seconds: some looks arrive late."""
FIRST_S: Final = HOUR_S
"""How far back the first question reaches, in seconds, unless `since` is set for the source."""
ROWS_AT_ONCE: Final = 400_000
"""About how many rows a question may ask for."""


def find_newest(evidence: Evidence, wanted: Collection[Names]) -> dict[Names, Instant]:
    """Find the time of the newest sample of each series that has any."""
    return {
        names: each.newest
        for each in evidence.observed
        if (names := (each.service, each.check, each.vantage)) in wanted
    }


class Track:
    """How far the collection from a source has come. `newest`: the time of the newest row of each series that has any.

    `_longest_s` is the longest window that the source is believed to answer: a day, unless it lately could not.
    """

    def __init__(self, newest: Mapping[Names, Instant]) -> None:
        self._newest = dict(newest)
        self._asked = max(newest.values(), default=None)
        self._longest_s = DAY_S

    def collect(
        self, ask: Ask, source: Source, access: Access, now: Instant, wanted: Collection[Names]
    ) -> Iterator[tuple[Series, ...]]:
        """Ask for everything new up to `now`, window by window. A window with too much data is halved.

        A series that comes back after more than the overlap, such as that of a place whose samples were held up, may have
        a past that arrived meanwhile: it is asked for once, and comes before what is newer.

        Record what a window yields before asking for the next: after a failure, asking resumes from there.

        Raises:
            OutsideError: the source does not answer.

        """

        def ask_for(window: Interval) -> tuple[Series, ...]:
            return ask(Question(source, access, window))

        start = self._find_start(source, now)
        for window, answer in self._ask_in_windows(ask_for, Interval(start, now), source, len(wanted)):
            held_up = self._find_held_up(answer, wanted, start)
            if held_up:
                missed = Interval(min(self._newest[names] for names in held_up) + 1, start)
                for _, earlier in self._ask_in_windows(ask_for, missed, source, len(wanted)):
                    yield tuple(series for series in earlier if series.names in held_up)
            yield answer
            self._asked = window.end
        self._longest_s = DAY_S

    def _ask_in_windows(
        self, ask_for: Callable[[Interval], tuple[Series, ...]], span: Interval, source: Source, series: int
    ) -> Iterator[tuple[Interval, tuple[Series, ...]]]:
        """Ask for a span, oldest window first; a window that is too much is halved, one that is too slow is so next time."""
        start = span.start
        while start < span.end:
            window = Interval(start, min(start + self._choose_length(source, series), span.end))
            try:
                answer = ask_for(window)
            except (TooMuchError, TooSlowError) as error:
                if window.seconds > source.every_s:
                    self._longest_s = max(window.seconds // 2, source.every_s)
                    if isinstance(error, TooMuchError):
                        continue
                raise
            yield window, answer
            start = window.end

    def _find_held_up(
        self, answer: Iterable[Series], wanted: Collection[Names], start: Instant
    ) -> frozenset[Names]:
        """Find the series that are back: there are looks of them again, and their newest row lies before what is asked for now."""
        return frozenset(
            series.names
            for series in answer
            if series.looks and series.names in wanted and self._newest.get(series.names, start) < start
        )

    def list_new_samples(self, source: Source, series: Iterable[Series]) -> list[Sample]:
        """List the samples of these series that are newer than their newest rows, oldest first."""
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
        """Note that the samples of these series have reached the disk."""
        for names, _, looks, _ in series:
            if looks:
                self._newest[names] = max(self._newest.get(names, -1), looks[-1][0])

    def _find_start(self, source: Source, now: Instant) -> Instant:
        if self._asked is not None:
            return min(self._asked, now) - max(OVERLAP_S, 2 * source.every_s)
        return now - FIRST_S if source.since is None else midnight(source.since, UTC_ZONE)

    def _choose_length(self, source: Source, series: int) -> int:
        """Choose the length of the next window, in seconds."""
        return max(min(self._longest_s, ROWS_AT_ONCE * source.every_s // max(series, 1)), source.every_s)
