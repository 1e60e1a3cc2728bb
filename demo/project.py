"""The demo's project: the files a maintainer writes, with this run's addresses and with dates counted from now."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from constat.interval import Instant, format_instant, local, local_date
from demo.maxony import Addresses
from demo.story import FALSE_ALARM, ZONE, at, window

FILES = Path(__file__).parent / "project"
DAYS_AGO = {"api": 3, "smtp-relay": 9, "website": -4}
"""The date in each notice's file name."""

PUBLISHED = {"smtp-relay": (16, "09:00"), "website": (2, "11:00")}
"""When each maintenance was announced: days ago and time."""

_TIME = re.compile(r"@(-?\d+) (\d\d:\d\d)@")


def status_yml(addresses: Addresses, vantage: str) -> str:
    """The demo's `status.yml` for some servers."""
    text = (FILES / "status.yml").read_text(encoding="utf-8")
    return fill(text, {"vantage": vantage, **_places(addresses)})


def _places(addresses: Addresses) -> dict[str, str]:
    places = {
        name: getattr(addresses, name) for name in ("website", "applications", "api", "smtp", "sms", "dns")
    }
    for name, address in list(places.items()):
        places[f"{name}_host"], _, places[f"{name}_port"] = address.rpartition(":")
    return places


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values where `@name@` stands."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def notice_files(now: Instant, names: Collection[str] = tuple(DAYS_AGO)) -> dict[str, str]:
    """Path in the project and text of some notices, or of all."""
    return {
        f"incidents/{day(now, DAYS_AGO[name])}-{path.name}": dated(path.read_text(encoding="utf-8"), now)
        for path in sorted((FILES / "incidents").glob("*.md"))
        if (name := path.name.partition(".")[0]) in names
    }


def day(now: Instant, days_ago: int) -> str:
    """A date so many days ago."""
    return (local_date(now, ZONE) - timedelta(days=days_ago)).isoformat()


def dated(text: str, now: Instant) -> str:
    """Turn `@3 10:12@`, three days ago at 10:12, into the time that it is."""
    return _TIME.sub(
        lambda found: local(at(now, int(found[1]), found[2]), ZONE).isoformat(timespec="minutes"), text
    )


def corrections_yml(now: Instant) -> str:
    """The one false alarm that people looked into."""
    wrong = window(FALSE_ALARM, now)
    return (
        "# Figures that people have corrected; the uncorrected ones stand beside them.\n"
        f"- service: {FALSE_ALARM.service}\n"
        f"  start: {format_instant(wrong.start)}\n"
        f"  end: {format_instant(wrong.end)}\n"
        "  becomes: up\n"
        f"  decided: {day(now, FALSE_ALARM.days_ago - 1)}\n"
        "  why: le magasin de certificats de la sonde était périmé\n"
        "  evidence: https://www.maxony.example/reports/certificate-store\n"
    )
