"""The demo in every state: its project and its ninety days, overlaid with the events of the last hours.

No server is needed: nothing is probed, and the newest samples are part of the story.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat import config as configuration
from constat.history import format_row
from constat.interval import parse_instant
from constat.model import MaintenanceVersion, Outcome, Sample
from constat.register.line_writer import write_maintenance
from demo.maxony import Addresses
from demo.past import Past
from demo.project import build_status_yml, format_day, resolve_times
from demo.samples import VANTAGE, build_day_files, list_simulated_checks
from demo.story import Scene, resolve_time
from tasks.build import build_and_publish
from tasks.demo import lay_past
from tasks.gather import gather
from tasks.project import Project
from tests.support import fifty_services
from tests.support.source_tree import ROOT

NOW = parse_instant("2026-11-23T09:40:00Z")
"""Monday 23 November 2026, 10:40 in Zurich."""

DAYS = 90
INCIDENTS = Path(__file__).parent / "incidents"
ADDRESSES = Addresses(
    website="www.maxony.example:80",
    applications="app.maxony.example:80",
    api="api.maxony.example:80",
    smtp="smtp.maxony.example:587",
    sms="sms.maxony.example:2775",
    dedicated="customer.maxony.example:2775",
    dns="192.0.2.53:53",
)

_DOWN, _SLOW = Outcome.DOWN, Outcome.DEGRADED
_RELAY_DOWN = Scene(0, "10:12", 60, "smtp", _DOWN, "refused")


@dataclass(frozen=True, slots=True)
class State:
    """The events of this morning, and the notices about them (files of `incidents/`)."""

    happened: tuple[Scene, ...] = ()
    notices: tuple[str, ...] = ()


STATES: Mapping[str, State] = {
    "all-well": State(),
    "degraded": State((Scene(0, "10:12", 60, "api", _SLOW, "slow 2.6 s"),)),
    "outage": State((_RELAY_DOWN,)),
    "outage-explained": State((_RELAY_DOWN,), ("relay-down",)),
    "several-down": State(
        tuple(Scene(0, "10:12", 60, name, _DOWN, "timeout after 2 s") for name in ("applications", "api", "smtp"))
    ),
    "all-down": State((Scene(0, "10:12", 60, "", _DOWN, "timeout after 2 s"),)),
    "reported": State((), ("texts-late",)),
    "recovered": State((Scene(0, "09:10", 42, "smtp", _DOWN, "refused"),)),
    "maintenance": State((_RELAY_DOWN,), ("relay-work",)),
    "overrun": State((Scene(0, "07:40", 240, "smtp", _DOWN, "refused"),), ("relay-overrun",)),
    "partly-checked": State((Scene(0, "07:40", 240, "api", None),)),
    "blind": State((Scene(0, "10:02", 60, "", None),)),
}  # fmt: skip
"""The states of the demo. `FIRST_DAY` and `FIFTY` are projects of their own."""

FIRST_DAY, FIFTY = "first-day", "fifty"

_LOOKED: Mapping[str, tuple[Outcome, str]] = {
    **dict.fromkeys(("spf", "dkim-s1", "dkim-s2", "dmarc", "mx", "lists"), (Outcome.UP, "")),
    "news-spf": (_DOWN, "record SPF has 2 records 'news.maxony.example'"),
    "news-dkim": (_SLOW, "record DKIM key has 1024 bits"),
    "news-dmarc": (_DOWN, "record DMARC policy is none"),
}
"""The results of the last check of the mail records, as in a run of the demo."""


def write_base(root: Path) -> None:
    """Write the demo's project and its past, with all derived files, which every state shares."""
    _write(root / "status.yml", _write_settings())
    lay_past(Project(root, ROOT, NOW), _build_past())
    gather(Project(root, ROOT, NOW))


def write_state(name: str, base: Path, root: Path) -> None:
    """Write the project of a state. The files that it has in common with the base are hard links: none is written in place."""
    shutil.copytree(base, root, copy_function=os.link)
    state = STATES[name]
    *_, (path, text) = build_day_files(list_simulated_checks(_build_past().config), NOW, 2, state.happened)
    _write(root / "history" / path, text + "".join(map(format_row, _build_samples())))
    for path, text in _build_notices(state).items():
        _write(root / path, text)
    register = root / "history" / "register.jsonl"
    _write(register, register.read_text(encoding="utf-8") + _build_register_lines(root))


def _write_settings() -> str:
    """The demo's `status.yml`, with addresses for the check from here, which the demo's own servers cannot have: they speak no TLS."""
    text = build_status_yml(ADDRESSES, "demo")
    for service, host in (("website", "www"), ("applications", "app"), ("api", "api")):
        line = f"  - id: {service}\n"
        text = text.replace(line, f"{line}    from_here: https://{host}.maxony.example/ping\n")
    return text


def write_first_day(root: Path) -> None:
    """Write the demo's project before its first check."""
    _write(root / "status.yml", _write_settings())


def write_fifty_services(root: Path) -> None:
    """Write the demo's project with fifty services."""
    text = fifty_services.build_status_yml(build_status_yml(ADDRESSES, VANTAGE))
    _write(root / "status.yml", text)
    checks = list_simulated_checks(configuration.load_config(text, "status.yml", KINDS, load_kind))
    for path, rows in build_day_files(checks, NOW, DAYS, fifty_services.HAPPENED):
        _write(root / "history" / path, rows)


def publish(root: Path) -> Path:
    """Build a project; the folder of its site."""
    build_and_publish(Project(root, ROOT, NOW), {}, print)
    return root / "site"


def _build_past() -> Past:
    text = build_status_yml(ADDRESSES, VANTAGE)
    return Past(configuration.load_config(text, "status.yml", KINDS, load_kind), NOW, DAYS)


def _build_samples() -> Iterator[Sample]:
    for name, (outcome, reason) in _LOOKED.items():
        yield Sample(NOW - 60, "smtp", name, outcome, 12, 1, 60, "demo", reason)


def _build_notices(state: State) -> dict[str, str]:
    return {
        f"incidents/{format_day(NOW, 0)}-{path.name}": resolve_times(path.read_text(encoding="utf-8"), NOW)
        for name in state.notices
        for path in sorted(INCIDENTS.glob(f"{name}.*md"))
    }


def _build_register_lines(root: Path) -> str:
    """Build the register's lines for today's maintenance, as if it had been announced this morning, after the seal of yesterday."""
    notices = gather(Project(root, ROOT, NOW)).page.notices
    today = (shown.notice for shown in notices if shown.notice.stem.startswith(format_day(NOW, 0)))
    versions = (
        MaintenanceVersion(
            resolve_time(NOW, 0, "02:03"), one.stem, one.services, one.starts, one.ends, cancelled=False
        )
        for one in today
        if one.ends is not None
    )
    return "".join(f"{write_maintenance(version)}\n" for version in versions)


def _write(path: Path, text: str) -> None:
    """Write a new file, also in place of one that was shared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
