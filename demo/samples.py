"""The simulated past as day files, written directly as text, since a year of them has two million rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.history import HEADER, build_day_path
from constat.interval import DAY_S, Instant, Interval, format_instant, local_date
from constat.model import Config, Outcome
from demo.story import NEW_SERVICE, NEW_SERVICE_DAYS, SCENES, PlacedScene, Scene, place_scenes, resolve_time

VANTAGE = "simulated"
"""The vantage of every row of the simulated past."""

_UTC = ZoneInfo("UTC")
_LATENCY_MS = {"website": 48, "applications": 95, "api": 31, "smtp": 64, "sms": 22, "dedicated": 27}
_PROBLEM_LATENCY_MS = 2000
_SLOTS_BETWEEN_MISSES = 131
"""One slot in this many is missed, as when one run of the watch hands over to the next."""


class SimulatedCheck(NamedTuple):
    """A check of the simulated past."""

    service: str
    check: str
    interval_s: int


def list_simulated_checks(config: Config) -> tuple[SimulatedCheck, ...]:
    """List the checks of a configuration that affect a figure; the others have no simulated past."""
    return tuple(
        SimulatedCheck(service.id, check.name, check.interval_s)
        for service in config.services
        for check in service.checks
        if check.affects != "nothing"
    )


def find_start(service: str, now: Instant, days: int) -> Instant:
    """Find the instant of a service's first sample; for an empty name, that of the oldest services."""
    oldest = resolve_time(now, days - 1, "00:00")
    return max(oldest, resolve_time(now, NEW_SERVICE_DAYS - 1, "09:30")) if service == NEW_SERVICE else oldest


def build_day_files(
    checks: Sequence[SimulatedCheck], now: Instant, days: int, scenes: Sequence[Scene] = SCENES
) -> Iterator[tuple[str, str]]:
    """Build every day file of the past, oldest first: its path below `history/`, and its text."""
    placed = place_scenes(now, days, scenes)
    for day in range(resolve_time(now, days - 1, "00:00") // DAY_S * DAY_S, now, DAY_S):
        window = Interval(day, min(day + DAY_S, now))
        overlapping = [
            scene for scene in placed if scene.window.start < window.end and scene.window.end > day
        ]
        rows: list[str] = []
        for check in checks:
            since = find_start(check.service, now, days)
            rows += _build_rows(check, Interval(max(day, since), window.end), overlapping)
        yield build_day_path(local_date(day, _UTC)), "\n".join([HEADER, *sorted(rows), ""])


def _build_rows(check: SimulatedCheck, window: Interval, placed: Sequence[PlacedScene]) -> Iterator[str]:
    """Build the rows of one check on one UTC day."""
    own = [scene for scene in placed if scene.scene.service in ("", check.service)]
    date = format_instant(window.start)[:11]
    name_cells = f"{check.service},{check.check}"
    last_cells = f"1,{check.interval_s},{VANTAGE},"
    base = _LATENCY_MS.get(check.service, 40)
    for slot in _list_slots(check, window):
        clock = f"{slot // 3600 % 24:02}:{slot // 60 % 60:02}:{slot % 60:02}Z"
        scene = _find_scene(own, slot) if own else None
        if scene is None:
            yield f"{date}{clock},{name_cells},up,{base + slot // check.interval_s * 7919 % base},{last_cells}"
        elif scene.outcome is not None:
            yield f"{date}{clock},{name_cells},{_build_problem_cells(check, scene)}"


def _list_slots(check: SimulatedCheck, window: Interval) -> Iterable[Instant]:
    step = check.interval_s
    start = -(-window.start // step) * step
    return (slot for slot in range(start, window.end, step) if slot // step % _SLOTS_BETWEEN_MISSES)


def _find_scene(placed: Iterable[PlacedScene], at: Instant) -> Scene | None:
    return next((scene for window, scene in placed if at in window), None)


def _build_problem_cells(check: SimulatedCheck, scene: Scene) -> str:
    """Build the cells after the name of a check, for a sample that was not up."""
    attempts = 1 if scene.outcome is Outcome.DEGRADED else 2
    return f"{scene.outcome},{_PROBLEM_LATENCY_MS},{attempts},{check.interval_s},{VANTAGE},{scene.reason}"
