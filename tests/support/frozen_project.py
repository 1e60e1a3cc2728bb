"""A small project with evidence of a summer and an autumn, whose months can be frozen."""

import argparse
import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType, ModuleType

from constat.history import HEADER, build_day_path, format_row
from constat.interval import DAY_S, Instant
from constat.model import Correction, MaintenanceVersion, Outcome, Sample, Seal
from constat.register import line_writer, write_seal
from outside.evidence import store
from outside.evidence.statements import read_frozen_months
from outside.site.packing import build_evidence_files, build_statement_files, pack_days
from outside.site.publishing import open_stage
from tasks.project import Project
from tasks.record import record_pending_lines
from tests.support.availability_cases import parse_time
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT
from verbs import statement

MONTHS = ("2026-08", "2026-09", "2026-10")
FIRST, LAST = parse_time("2026-08-03 08:00"), parse_time("2026-11-02 00:00")
NOW = parse_time("2026-11-05 12:00")
EVERY = 1800
SUPPORT = """\
support:
  publish_rows: {publish}
  hours:
    - {{region: Europe, days: mon-fri, from: 08:00, to: 17:00, zone: "+01:00"}}
  levels:
    - {{id: first, name: First level, target: 4h}}"""
TICKETS = """\
ticket,level,region,opened_at,first_response_at
1001,first,Europe,2026-09-10T09:00:00+01:00,2026-09-10T09:30:00+01:00
1002,first,Europe,2026-10-12T09:00:00+01:00,2026-10-12T10:00:00+01:00
1003,first,Europe,2026-10-13T09:00:00+01:00,2026-10-14T16:00:00+01:00
1004,first,Europe,2026-10-30T16:30:00+01:00,
"""
CORRECTIONS = """\
- service: api
  start: 2026-09-20T03:00:00Z
  end: 2026-09-20T04:00:00Z
  becomes: up
  decided: 2026-09-21
  why: our probe's certificate store was stale
  evidence: https://wiki.maxony.example/42
"""
WINDOW = MaintenanceVersion(
    parse_time("2026-10-10 08:00"),
    "2026-10-14-relay",
    ("smtp",),
    parse_time("2026-10-14 20:00"),
    parse_time("2026-10-14 23:00"),
    False,
)
FALSE_ALARM = Correction(
    parse_time("2026-09-21 08:00"),
    "api",
    parse_time("2026-09-20 03:00"),
    parse_time("2026-09-20 04:00"),
    Outcome.UP,
    date(2026, 9, 21),
    "our probe's certificate store was stale",
    "https://wiki.maxony.example/42",
)
_DOWN = {
    "smtp": (parse_time("2026-08-20 10:00"), parse_time("2026-10-07 03:00"), parse_time("2026-10-14 21:00")),
    "api": (parse_time("2026-09-20 03:00"), parse_time("2026-10-25 00:30")),
}


def write_frozen_project(root: Path, *, publish_rows: bool = True) -> Path:
    """Write the project: `status.yml`, tickets, the register and day files; nothing is frozen yet."""
    root.mkdir(parents=True, exist_ok=True)
    names = ("smtp", "api")
    write_project(
        root,
        *(format_service(name, "kind: tcp, host: 127.0.0.1, port: 9", interval="30m") for name in names),
        more=SUPPORT.format(publish=str(publish_rows).lower()),
    )
    (root / "corrections.yml").write_text(CORRECTIONS, "utf-8")
    (root / "support").mkdir()
    (root / "support/tickets.csv").write_text(TICKETS, "utf-8")
    record_pending_lines(Project(root, ROOT, FIRST - 60))
    store.append_register(
        root, [line_writer.write_correction(FALSE_ALARM), line_writer.write_maintenance(WINDOW)]
    )
    day = date(2026, 8, 3)
    for start in range(FIRST // DAY_S * DAY_S, LAST, DAY_S):
        path = root / "history" / build_day_path(day)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = (
            format_row(make_sample(when, name))
            for when in range(max(start, FIRST), start + DAY_S, EVERY)
            for name in names
        )
        path.write_text(f"{HEADER}\n" + "".join(rows), "utf-8")
        day += timedelta(days=1)
    return root


def make_sample(when: Instant, name: str) -> Sample:
    """Make the sample of a service at an instant: occasionally down for an hour, unknown for three hours once a month."""
    outcome, reason = Outcome.UP, ""
    if any(start <= when < start + 3600 for start in _DOWN[name]):
        outcome, reason = Outcome.DOWN, "refused"
    elif when % (30 * DAY_S) < 3 * 3600:
        outcome, reason = Outcome.UNKNOWN, "canary"
    return Sample(when, name, "check-0", outcome, 20 + when // EVERY % 7, 1, EVERY, "here", reason)


def run(verb: ModuleType, root: Path, *words: str, now: Instant = NOW, verbose: bool = False) -> int:
    """Run a verb as the command line does."""
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    args = parser.parse_args(words)
    args.root, args.code, args.now, args.verbose, args.quiet = root, ROOT, now, verbose, not verbose
    code: int = verb.run(args)
    return code


def freeze_all(root: Path) -> None:
    """Freeze every month, each on the fifth of the next."""
    for month, now in zip(MONTHS, ("2026-09-05", "2026-10-05", "2026-11-05"), strict=True):
        assert run(statement, root, month, now=parse_time(f"{now} 00:00")) == 0


def publish_records(root: Path, *, tickets: bool = True) -> None:
    """Publish the files that are needed to verify, without the pages."""
    frozen = read_frozen_months(root)
    files = {**build_statement_files(frozen), **build_evidence_files(root, frozen, tickets=tickets)}
    with open_stage(root) as stage:
        for path, data in files.items():
            stage.write(path, data)
        stage.copy(pack_days(root, NOW))


def seal_days(root: Path, late: Mapping[str, int] = MappingProxyType({}), skip: Collection[str] = ()) -> None:
    """Seal every day file an hour after its end, or as many seconds after it as `late` says for its path.

    The lines stand in the order of their times, as a job writes them; files in `skip` are not sealed.
    """
    register = root / "history/register.jsonl"
    lines = register.read_text("utf-8").splitlines()
    for file in sorted((root / "history").glob("2*/*/*.csv")):
        path = file.relative_to(root / "history").as_posix()
        if path in skip:
            continue
        data = file.read_bytes()
        made = parse_time(f"{file.stem} 00:00") + DAY_S + late.get(path, 3600)
        rows = data.count(b"\n") - 1
        seal = Seal(made, path, len(data), rows, sha256(data).hexdigest(), 0, sha256(b"").hexdigest())
        lines.append(write_seal(seal))
    lines.sort(key=lambda line: str(json.loads(line)["at"]))
    register.write_text("".join(f"{line}\n" for line in lines), "utf-8")
