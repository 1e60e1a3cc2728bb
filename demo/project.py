"""The demo's project: the files that a maintainer writes, with the addresses of this run and dates relative to now."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from constat.interval import Instant, format_instant, local, local_date
from demo.maxony import Addresses
from demo.story import FALSE_ALARM, ZONE, compute_window, resolve_time

FILES = Path(__file__).parent / "project"
NOTICE_DAYS_AGO = {"api": 3, "smtp-relay": 9, "website": -4}
"""The date in the file name of each notice, in days before now."""

ANNOUNCED = {"smtp-relay": (16, "09:00"), "website": (2, "11:00")}
"""The announcement of each maintenance: days before now, and time of day."""

_TIME = re.compile(r"@(-?\d+) (\d\d:\d\d)@")


def build_status_yml(addresses: Addresses, vantage: str) -> str:
    """Build the demo's `status.yml` for servers at these addresses."""
    text = (FILES / "status.yml").read_text(encoding="utf-8")
    return fill_placeholders(text, {"vantage": vantage, **_build_placeholders(addresses)})


def _build_placeholders(addresses: Addresses) -> dict[str, str]:
    """The address of each server, and its host and port, by placeholder."""
    names = ("website", "applications", "api", "smtp", "sms", "dedicated", "dns")
    values = {name: getattr(addresses, name) for name in names}
    for name, address in list(values.items()):
        values[f"{name}_host"], _, values[f"{name}_port"] = address.rpartition(":")
    return values


def fill_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Replace each `@name@` in a text with its value."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def build_notice_files(now: Instant, names: Collection[str] = tuple(NOTICE_DAYS_AGO)) -> dict[str, str]:
    """Build the notices of these names, or all: their texts, by path in the project."""
    return {
        f"incidents/{format_day(now, NOTICE_DAYS_AGO[name])}-{path.name}": resolve_times(
            path.read_text(encoding="utf-8"), now
        )
        for path in sorted((FILES / "incidents").glob("*.md"))
        if (name := path.name.partition(".")[0]) in names
    }


def format_day(now: Instant, days_ago: int) -> str:
    """Format the date of a day before now (after now if negative) as ISO 8601."""
    return (local_date(now, ZONE) - timedelta(days=days_ago)).isoformat()


def resolve_times(text: str, now: Instant) -> str:
    """Replace each `@3 10:12@` (three days ago at 10:12) in a text with that time in ISO 8601."""

    def format_match(match: re.Match[str]) -> str:
        return local(resolve_time(now, int(match[1]), match[2]), ZONE).isoformat(timespec="minutes")

    return _TIME.sub(format_match, text)


def build_corrections_yml(now: Instant) -> str:
    """Build the demo's `corrections.yml`: one false alarm."""
    interval = compute_window(FALSE_ALARM, now)
    return (
        "# Figures that people have corrected; the uncorrected ones stand beside them.\n"
        f"- service: {FALSE_ALARM.service}\n"
        f"  start: {format_instant(interval.start)}\n"
        f"  end: {format_instant(interval.end)}\n"
        "  becomes: up\n"
        f"  decided: {format_day(now, FALSE_ALARM.days_ago - 1)}\n"
        "  why: le magasin de certificats de la sonde était périmé\n"
        "  evidence: https://www.maxony.example/reports/certificate-store\n"
    )
