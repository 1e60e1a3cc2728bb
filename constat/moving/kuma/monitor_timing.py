"""How often a monitor looks, how long it waits, and how it confirms a failure, within what our checks allow."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from constat.interval import format_seconds
from constat.moving.kuma.beats import Rhythm
from constat.moving.kuma.tables import Row, get_number

DEFAULT_INTERVAL_S = 60
SHORTEST_TIMEOUT_S = 5
_DEFAULT_SHARE = Decimal("0.8")
"""The share of the interval that the timeout takes where a monitor states none."""


class _Plan(NamedTuple):
    """Attempts of one look, the pause between them in seconds, and the timeout of each in seconds."""

    attempts: int
    pause_s: int
    timeout_s: Decimal

    def fits(self, interval_s: int) -> bool:
        """Whether the look ends before the next one begins."""
        return self.attempts * self.timeout_s + (self.attempts - 1) * self.pause_s < interval_s

    def __str__(self) -> str:
        attempts = f"{self.attempts} attempt{'s' if self.attempts > 1 else ''} of {_write(self.timeout_s)}"
        return attempts + (f", {self.pause_s}s apart" if self.attempts > 1 else "")


def read_rhythm(row: Row) -> Rhythm:
    """Read how often a monitor looks; one without a retry interval looks again after the interval."""
    interval = max(1, get_number(row, "interval", DEFAULT_INTERVAL_S))
    return Rhythm(interval, get_number(row, "retry_interval") or interval)


def write_timing(row: Row, report: Callable[[str, str], None]) -> dict[str, Any]:
    """The timeout and the confirmation of a check. All attempts and pauses must end before the next look begins."""
    rhythm = read_rhythm(row)
    interval_s = rhythm.interval_s
    value = row.get("timeout")
    stated = Decimal(str(value)) if isinstance(value, int | float) and value > 0 else None
    wanted = _Plan(
        max(0, get_number(row, "maxretries")) + 1, rhythm.retry_s, stated or interval_s * _DEFAULT_SHARE
    )
    plan = wanted if wanted.fits(interval_s) else _reduce(wanted, interval_s, is_stated=stated is not None)
    if plan != wanted:
        found = f"{wanted}, every {format_seconds(interval_s)}"
        report(found, f"{plan}: all attempts must end before the next check begins")
    confirm: dict[str, Any] = {"attempts": plan.attempts}
    if plan.attempts > 1:
        confirm["delay"] = format_seconds(plan.pause_s)
    return {"timeout": _write(plan.timeout_s), "confirm": confirm}


def _reduce(wanted: _Plan, interval_s: int, *, is_stated: bool) -> _Plan:
    """Find the closest plan that fits: a stated timeout is kept as long as two attempts fit, a default one is shortened."""
    for attempts in range(wanted.attempts, 1, -1):
        if is_stated and (fewer := wanted._replace(attempts=attempts)).fits(interval_s):
            return fewer
        shorter = wanted._replace(
            attempts=attempts, timeout_s=_share(interval_s, attempts, wanted.pause_s, wanted.timeout_s)
        )
        if not is_stated and shorter.timeout_s >= SHORTEST_TIMEOUT_S:
            return shorter
    if wanted.attempts == 1:
        return wanted._replace(timeout_s=_share(interval_s, 1, 0, wanted.timeout_s))
    pause = int(interval_s - 2 * wanted.timeout_s) - 1 if is_stated else interval_s // 4
    if pause < 1:
        pause = max(1, interval_s // 4)
    pause = min(pause, wanted.pause_s)
    two = _Plan(2, pause, _share(interval_s, 2, pause, wanted.timeout_s))
    return two if two.fits(interval_s) else _Plan(1, pause, _share(interval_s, 1, 0, wanted.timeout_s))


def _share(interval_s: int, attempts: int, pause_s: int, longest: Decimal) -> Decimal:
    """The longest timeout, in whole seconds where possible, with which all attempts end before the next look."""
    left = Decimal(interval_s - (attempts - 1) * pause_s) / attempts
    whole = Decimal(int(left)) if int(left) < left else Decimal(int(left) - 1)
    return min(longest, whole if whole >= 1 else max(left * _DEFAULT_SHARE, Decimal("0.1")))


def _write(seconds: Decimal) -> str:
    text = f"{seconds.quantize(Decimal('0.001')):f}".rstrip("0").rstrip(".")
    return f"{text}s"
