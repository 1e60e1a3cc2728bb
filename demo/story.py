"""The events of the simulated past, in days before now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, local_date, midnight
from constat.model import Outcome

ZONE = ZoneInfo("Europe/Zurich")
"""The time zone of the days; the same as in the demo's `status.yml`."""

PERIOD_DAYS = 90
"""The story repeats after this many days."""

NEW_SERVICE = "sms"
NEW_SERVICE_DAYS = 12
"""The age of the newest service."""


class Scene(NamedTuple):
    """Some minutes in which a service, or every service (`""`), was not up; the outcome `None` means that the monitor was off."""

    days_ago: int
    clock: str
    minutes: int
    service: str
    outcome: Outcome | None
    reason: str = ""


INCIDENT = Scene(3, "10:12", 42, "api", Outcome.DOWN, "status 503")
MAINTENANCE = Scene(9, "22:00", 180, "smtp", None)
"""The announced window; what was measured during it is in `SCENES`."""
OVERRUN = Scene(9, "22:10", 205, "smtp", Outcome.DOWN, "refused")
FALSE_ALARM = Scene(38, "04:00", 6, "api", Outcome.DOWN, "tls certificate not trusted")

SCENES = (
    INCIDENT,
    OVERRUN,
    FALSE_ALARM,
    Scene(5, "19:30", 4, "sms", Outcome.DOWN, "timeout after 2 s"),
    Scene(14, "02:00", 300, "", None),
    Scene(17, "14:00", 150, "smtp", Outcome.DEGRADED, "slow 2.4 s"),
    Scene(22, "03:10", 25, "website", Outcome.DOWN, "timeout after 2 s"),
    Scene(31, "00:00", 1440, "", None),
    Scene(37, "10:00", 240, "dedicated", Outcome.DOWN, "refused"),
    Scene(40, "10:00", 240, "dedicated", Outcome.DOWN, "refused"),
    Scene(43, "20:30", 60, "dedicated", Outcome.DOWN, "timeout after 2 s"),
    Scene(44, "16:05", 80, "applications", Outcome.DOWN, "status 500"),
    Scene(52, "09:00", 360, "api", Outcome.DEGRADED, "slow 1.9 s"),
    Scene(58, "21:00", 95, "", None),
    Scene(63, "11:47", 2, "smtp", Outcome.DOWN, "reset"),
    Scene(70, "06:20", 30, "", Outcome.UNKNOWN, "offline"),
    Scene(76, "13:15", 190, "applications", Outcome.DOWN, "refused"),
    Scene(84, "18:00", 45, "website", Outcome.DEGRADED, "slow 1.7 s"),
)


class PlacedScene(NamedTuple):
    """A scene and the interval in which it happened."""

    window: Interval
    scene: Scene


def resolve_time(now: Instant, days_ago: int, clock: str) -> Instant:
    """Compute a wall-clock time on a day before now; that day must have 24 hours."""
    hours, minutes = clock.split(":")
    return (
        midnight(local_date(now, ZONE) - timedelta(days=days_ago), ZONE)
        + int(hours) * 3600
        + int(minutes) * 60
    )


def compute_window(scene: Scene, now: Instant, periods_ago: int = 0) -> Interval:
    """Compute the interval of a scene in the period of the story that was `periods_ago`."""
    start = resolve_time(now, scene.days_ago + periods_ago * PERIOD_DAYS, scene.clock)
    return Interval(start, start + scene.minutes * 60)


def place_scenes(now: Instant, days: int, scenes: Sequence[Scene] = SCENES) -> tuple[PlacedScene, ...]:
    """Place every scene of the last `days` days, repeated in every period of the story."""
    return tuple(
        PlacedScene(compute_window(scene, now, periods_ago), scene)
        for periods_ago in range(-(-days // PERIOD_DAYS))
        for scene in scenes
        if scene.days_ago + periods_ago * PERIOD_DAYS < days
    )
