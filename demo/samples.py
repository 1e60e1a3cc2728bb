"""The simulated past as day files, written as text: a year of them is two million rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.history import HEADER, day_path
from constat.interval import DAY_S, Instant, Interval, format_instant, local_date
from constat.model import Config, Outcome
from demo.story import NEW_SERVICE, NEW_SERVICE_DAYS, SCENES, Placed, Scene, at, placed

VANTAGE = "simulated"
"""Every row of the simulated past says so."""

_UTC = ZoneInfo("UTC")
_LATENCY_MS = {"website": 48, "applications": 95, "api": 31, "smtp": 64, "sms": 22}
_TROUBLED_MS = 2000
_SLOTS_BETWEEN_MISSES = 131
"""Now and then a hand-over between two runs of the watch misses one slot."""


class Watched(NamedTuple):
    """One check of the past."""

    service: str
    check: str
    interval_s: int


def watched(config: Config) -> tuple[Watched, ...]:
    """Every check of a configuration that can move a figure; the others have no past, only a present."""
    return tuple(
        Watched(service.id, check.name, check.interval_s)
        for service in config.services
        for check in service.checks
        if check.affects != "nothing"
    )


def began(service: str, now: Instant, days: int) -> Instant:
    """When a service was first looked at."""
    oldest = at(now, days - 1, "00:00")
    return max(oldest, at(now, NEW_SERVICE_DAYS - 1, "09:30")) if service == NEW_SERVICE else oldest


def day_files(
    checks: Sequence[Watched], now: Instant, days: int, scenes: Sequence[Scene] = SCENES
) -> Iterator[tuple[str, str]]:
    """Path under history/ and text of every day file of the past, oldest first."""
    happened = placed(now, days, scenes)
    for day in range(at(now, days - 1, "00:00") // DAY_S * DAY_S, now, DAY_S):
        window = Interval(day, min(day + DAY_S, now))
        meeting = [scene for scene in happened if scene.window.start < window.end and scene.window.end > day]
        rows: list[str] = []
        for check in checks:
            since = began(check.service, now, days)
            rows += _rows(check, Interval(max(day, since), window.end), meeting)
        yield day_path(local_date(day, _UTC)), "\n".join([HEADER, *sorted(rows), ""])


def _rows(check: Watched, window: Interval, scenes: Sequence[Placed]) -> Iterator[str]:
    """One check's rows of one UTC day, without their order among the others."""
    mine = [scene for scene in scenes if scene.scene.service in ("", check.service)]
    date = format_instant(window.start)[:11]
    named = f"{check.service},{check.check}"
    steady = f"1,{check.interval_s},{VANTAGE},"
    base = _LATENCY_MS.get(check.service, 40)
    for slot in _slots(check, window):
        clock = f"{slot // 3600 % 24:02}:{slot // 60 % 60:02}:{slot % 60:02}Z"
        scene = _scene(mine, slot) if mine else None
        if scene is None:
            yield f"{date}{clock},{named},up,{base + slot // check.interval_s * 7919 % base},{steady}"
        elif scene.scene.outcome is not None:
            yield f"{date}{clock},{named},{_troubled(check, scene)}"


def _slots(check: Watched, window: Interval) -> Iterable[Instant]:
    step = check.interval_s
    start = -(-window.start // step) * step
    return (slot for slot in range(start, window.end, step) if slot // step % _SLOTS_BETWEEN_MISSES)


def _scene(scenes: Iterable[Placed], at_: Instant) -> Placed | None:
    return next((scene for scene in scenes if at_ in scene.window), None)


def _troubled(check: Watched, placed_: Placed) -> str:
    """The cells after the check's name where something was wrong."""
    scene = placed_.scene
    attempts = 1 if scene.outcome is Outcome.DEGRADED else 2
    return f"{scene.outcome},{_TROUBLED_MS},{attempts},{check.interval_s},{VANTAGE},{scene.reason}"
