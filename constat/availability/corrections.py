"""Rule 8: a correction changes the state of some seconds; the measured state is kept beside it."""

from collections.abc import Iterable, Sequence

from constat.interval import Instant, Interval, Stretch, clip_track, compact, overlay
from constat.model import Correction, Outcome

_REPLACES = {
    Outcome.UP: (Outcome.DOWN, Outcome.DEGRADED),
    Outcome.UNKNOWN: (Outcome.DOWN, Outcome.DEGRADED),
    Outcome.DOWN: (Outcome.UNKNOWN,),
}


def select_corrections(lines: Iterable[Correction], service: str, now: Instant) -> tuple[Correction, ...]:
    """The corrections of a service that are recorded and not withdrawn by now, in the order of their start."""
    latest: dict[Interval, Correction] = {}
    for line in sorted(lines, key=lambda line: line.at):
        if line.service == service and line.at <= now:
            latest[line.window] = line
    return tuple(latest[window] for window in sorted(latest) if latest[window].becomes is not None)


def apply_corrections(
    track: Sequence[Stretch[Outcome]], corrections: Sequence[Correction]
) -> tuple[Stretch[Outcome], ...]:
    """The states after corrections; seconds that the track does not cover stay uncovered."""
    if not track or not corrections:
        return tuple(track)
    rulings = [Stretch(line.start, line.end, line.becomes or Outcome.UNKNOWN) for line in corrections]
    both = overlay([track, rulings], Interval(track[0].start, track[-1].end))
    return compact(
        Stretch(start, end, _replace_state(state, ruling))
        for start, end, (state, ruling) in both
        if state is not None
    )


def is_idle(correction: Correction, measured: Sequence[Stretch[Outcome]]) -> bool:
    """Whether a correction changes no measured second."""
    affected = clip_track(measured, correction.window)
    return apply_corrections(affected, (correction,)) == affected


def _replace_state(state: Outcome, ruling: Outcome | None) -> Outcome:
    return ruling if ruling is not None and state in _REPLACES.get(ruling, ()) else state
