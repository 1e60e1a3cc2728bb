"""A notice compared with what was measured: a timeline of bars, and how soon the first and the last word came."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from constat.interval import DAY_S, HOUR_S, MINUTE_S, Instant, Interval, Stretch, clip_track
from constat.model import GRAVEST_FIRST, OUTCOME_STATUS, Outcome, Status

MOST_BARS = 60
BAR_LENGTHS = (*(n * MINUTE_S for n in (1, 2, 5, 10, 15, 30)), *(n * HOUR_S for n in (1, 2, 6, 12)), DAY_S)
"""How long one bar may be: the shortest of these with which the whole time has at most 60 bars."""
_MARGIN_BARS = 4
"""How many bars are shown before and after what happened."""
LONGEST_S = MOST_BARS * DAY_S


class Measured(NamedTuple):
    """What was measured in the time around a notice, as bars of `bar_s` seconds from `start`: the gravest status of each."""

    start: Instant
    bar_s: int
    bars: tuple[Status, ...]

    @property
    def end(self) -> Instant:
        """The end of the last bar."""
        return self.start + self.bar_s * len(self.bars)


class Telling(NamedTuple):
    """How long the first word came after the first failed check, and the last after the recovery; negative if it came before.

    `None` where there is nothing to compare.
    """

    first_word_s: int | None
    last_word_s: int | None


UNTOLD = Telling(None, None)


def measure_around(
    happened: Interval, tracks: Sequence[Sequence[Stretch[Outcome]]], known: Interval
) -> Measured | None:
    """Measure around what happened, over several services; `None` where the tracks do not reach back to it.

    `known`: the time that the tracks cover; after it there are no bars.
    """
    if happened.start < known.start or not tracks or happened.seconds > LONGEST_S:
        return None
    needed = MOST_BARS - 2 * _MARGIN_BARS
    bar_s = next((length for length in BAR_LENGTHS if happened.seconds <= needed * length), DAY_S)
    start = happened.start // bar_s * bar_s - _MARGIN_BARS * bar_s
    end = min(happened.end + _MARGIN_BARS * bar_s, known.end)
    count = max(1, -(-(end - start) // bar_s))
    bars = [Outcome.UNKNOWN] * min(count, MOST_BARS)
    for track in tracks:
        for stretch in clip_track(track, Interval(start, start + bar_s * len(bars))):
            first, last = (stretch.start - start) // bar_s, -(-(stretch.end - start) // bar_s)
            for place in range(first, last):
                bars[place] = min(bars[place], stretch.value, key=GRAVEST_FIRST.index)
    return Measured(start, bar_s, tuple(OUTCOME_STATUS[outcome] for outcome in bars))


def compare_telling(
    outages: Iterable[tuple[Interval, bool]], words: Sequence[Instant], closed: Instant | None
) -> Telling:
    """Compare when we posted with what was measured: `outages` with whether each is over, `words` the times of our posts, oldest first.

    `closed`: when it was said to be over.
    """
    spans = list(outages)
    if not spans or not words:
        return UNTOLD
    began = min(span.start for span, _ in spans)
    ended = max(span.end for span, _ in spans)
    all_over = all(over for _, over in spans)
    return Telling(words[0] - began, closed - ended if closed is not None and all_over else None)
