"""Figures as the plain values that a statement holds, for comparison with independently computed cases."""

from decimal import Decimal
from typing import Any

from constat.availability import format_percent
from constat.interval import format_instant
from constat.model import Availability, Day, Figures, Outage, Seconds, Verdict


def build_figures_json(figures: Figures) -> dict[str, Any]:
    """Build the figures of a month as in a statement."""
    budget, credit = figures.budget, figures.credit
    return {
        "counts": figures.counts,
        "seconds": build_seconds_json(figures.seconds),
        "maintenance": build_seconds_json(figures.maintenance),
        "all": _build_shares(figures.all, figures.verdict_all),
        "without_maintenance": _build_shares(figures.without_maintenance, figures.verdict_without),
        "verdict": figures.verdict,
        "budget": budget and budget._asdict(),
        "checks": {
            "expected": figures.expected,
            "made": figures.made,
            "vantages": {name: count._asdict() for name, count in figures.vantages.items()},
        },
        "longest_gap_s": figures.longest_gap_s,
        "credit": credit
        and {"observed": _format_percent(credit.observed), "certain": _format_percent(credit.certain)},
        "late_s": figures.late_s,
        "outages": [_build_outage(outage) for outage in figures.outages],
    } | ({"in_progress": True} if figures.in_progress else {})


def _format_percent(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent.normalize():f}"


def build_day_json(day: Day) -> dict[str, Any]:
    """Build a day as in `/api/history/<service>.json`, without its response times."""
    return {
        "date": day.date.isoformat(),
        "status": day.status.value,
        "partial": day.partial,
        "seconds": build_seconds_json(day.seconds),
        "maintenance": build_seconds_json(day.maintenance),
        "availability": format_percent(day.availability),
    }


def build_seconds_json(seconds: Seconds) -> dict[str, int]:
    """Build the seconds of a window by state."""
    parts = {"up": seconds.up, "degraded": seconds.degraded, "down": seconds.down, "unknown": seconds.unknown}
    return {"window": seconds.window, **parts}


def _build_shares(shares: Availability, verdict: Verdict | None) -> dict[str, str | None]:
    return {
        "availability": format_percent(shares.availability),
        "lower": format_percent(shares.lower),
        "upper": format_percent(shares.upper),
        "coverage": format_percent(shares.coverage),
        "verdict": verdict,
    }


def _build_outage(outage: Outage) -> dict[str, Any]:
    times = {"start": format_instant(outage.start), "end": format_instant(outage.end)}
    return {**times, "seconds": outage.seconds, "maintenance_s": outage.maintenance_s}
