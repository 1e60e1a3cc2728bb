"""What happened to the small Maxony before today: the simulated past, told in days before now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, local_date, midnight
from constat.model import Outcome

ZONE = ZoneInfo("Europe/Zurich")
"""Where the days of the story begin; the demo's `status.yml` says the same."""

PERIOD_DAYS = 90
"""Beyond this, the same story is told again."""

NEW_SERVICE = "sms"
NEW_SERVICE_DAYS = 12
"""One service is only that many days old."""


class Scene(NamedTuple):
    """For some minutes a service, or all (""), gave another answer; `outcome` is `None` where the monitor slept."""

    days_ago: int
    clock: str
    minutes: int
    service: str
    outcome: Outcome | None
    reason: str = ""


INCIDENT = Scene(3, "10:12", 42, "api", Outcome.DOWN, "status 503")
MAINTENANCE = Scene(9, "22:00", 180, "smtp", None)
"""The announced window; what was measured in it stands in `SCENES`."""
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
    Scene(44, "16:05", 80, "applications", Outcome.DOWN, "status 500"),
    Scene(52, "09:00", 360, "api", Outcome.DEGRADED, "slow 1.9 s"),
    Scene(58, "21:00", 95, "", None),
    Scene(63, "11:47", 2, "smtp", Outcome.DOWN, "reset"),
    Scene(70, "06:20", 30, "", Outcome.UNKNOWN, "offline"),
    Scene(76, "13:15", 190, "applications", Outcome.DOWN, "refused"),
    Scene(84, "18:00", 45, "website", Outcome.DEGRADED, "slow 1.7 s"),
)


class Placed(NamedTuple):
    """A scene at its time."""

    window: Interval
    scene: Scene


def at(now: Instant, days_ago: int, clock: str) -> Instant:
    """A wall-clock time so many days ago (on a day of 24 hours)."""
    hours, minutes = clock.split(":")
    return (
        midnight(local_date(now, ZONE) - timedelta(days=days_ago), ZONE)
        + int(hours) * 3600
        + int(minutes) * 60
    )


def window(scene: Scene, now: Instant, periods_ago: int = 0) -> Interval:
    """When a scene happened."""
    start = at(now, scene.days_ago + periods_ago * PERIOD_DAYS, scene.clock)
    return Interval(start, start + scene.minutes * 60)


def placed(now: Instant, days: int, scenes: Sequence[Scene] = SCENES) -> tuple[Placed, ...]:
    """Every scene of the last `days` days, told again for every period."""
    return tuple(
        Placed(window(scene, now, periods_ago), scene)
        for periods_ago in range(-(-days // PERIOD_DAYS))
        for scene in scenes
        if scene.days_ago + periods_ago * PERIOD_DAYS < days
    )
