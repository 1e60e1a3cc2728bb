"""A page of 1,000 services, looked at every 5 minutes for 90 days: `python -m benchmarks.scale`.

Each build is a whole process, compared with a process that only imports the libraries (the import floor). Derived files
and compiled templates are in place, as in a scheduled job; the day files of the last days only are on the disk, as in
a sparse checkout, since packing old ones is no work of a build that follows another.
"""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.notices import notice
from constat.interval import DAY_S, Interval, parse_instant
from demo.samples import SimulatedCheck, build_day_files
from outside.evidence import store

NOW = parse_instant("2026-11-30T12:02:00Z")
ZONE = "Europe/Zurich"
SERVICES, QUICK_SERVICES = 1000, 100
DAYS, KEPT_DAYS = 90, 3
NOTICES = 30

_STATUS = """\
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [%(languages)s], timezone: Europe/Zurich}
monitor: {vantage: simulated}
sla: {target: 99}
services:
"""
_SERVICE = """\
  - {id: %(id)s, name: "Service %(id)s", group: "Group %(group)s", interval: 5m, checks: [{name: port, kind: tcp, host: %(id)s.maxony.example, port: 443}]}
"""


def list_ids(services: int) -> list[str]:
    """The ids of the services."""
    return [f"s{number:04}" for number in range(services)]


def configure(root: Path, services: int, languages: str) -> None:
    """Write `status.yml`."""
    text = _STATUS % {"languages": languages}
    text += "".join(
        _SERVICE % {"id": id_, "group": number // 20} for number, id_ in enumerate(list_ids(services))
    )
    (root / "status.yml").write_text(text, encoding="utf-8")


def lay(root: Path, services: int) -> None:
    """Write a project with 90 days of evidence, of which derived files are kept, and the day files of the last days."""
    configure(root, services, "fr")
    (root / "incidents").mkdir()
    for number in range(NOTICES):
        name, text = notice(number)
        (root / "incidents" / name).write_text(
            text.replace("[smtp, api]", "[s0001, s0002]"), encoding="utf-8"
        )
    checks = [SimulatedCheck(id_, "port", 300) for id_ in list_ids(services)]
    written: list[Path] = []
    for path, text in build_day_files(checks, NOW, DAYS):
        file = root / "history" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    store.load_evidence(root, Interval(NOW - DAYS * DAY_S, NOW + 1), ZoneInfo(ZONE), NOW)
    for file in written[:-KEPT_DAYS]:
        file.unlink()


if __name__ == "__main__":
    lay(Path(sys.argv[1]), int(sys.argv[2]))
