"""A second, plain reader of a PROJECT's history/, with which tests compare the loader."""

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from constat.interval import Instant
from constat.model import (
    CheckRules,
    Correction,
    Credit,
    Hours,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)
from tests.support.slow_register import is_late, parse_seconds, settle_lines

CELLS = 9


class Rows(NamedTuple):
    """The valid rows of every day file: those on time, and those that are late."""

    on_time: list[Sample]
    late: list[Sample]


def read_samples(root: Path, now: Instant) -> Rows:
    """Every valid row of every day file."""
    lines = settle_lines(_read_lines(root), now)
    rows = Rows([], [])
    for path in sorted((root / "history").glob("*/*/*.csv")):
        covered, name = 0, path.relative_to(root / "history").as_posix()
        for line in path.read_bytes().splitlines(keepends=True):
            covered += len(line)
            sample = _parse_sample(line.decode().rstrip("\r\n"), path.stem, now)
            if sample is not None:
                late = is_late(sample.at, covered, name, lines, now)
                (rows.late if late else rows.on_time).append(sample)
    return rows


def _read_lines(root: Path) -> list[dict[str, Any]]:
    text = (root / "history" / "register.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _parse_sample(line: str, day: str, now: Instant) -> Sample | None:
    cells = line.split(",")
    if len(cells) != CELLS or not cells[0].startswith(day):
        return None
    at = parse_seconds(cells[0])
    outcome = Outcome(cells[3])
    latency_ms, attempts, interval_s = (int(cell) for cell in cells[4:7])
    sample = Sample(at, cells[1], cells[2], outcome, latency_ms, attempts, interval_s, cells[7], cells[8])
    return sample if at <= now else None


def read_register(root: Path, now: Instant) -> Register:
    """Every line of the register that counts, at its effective time."""
    return build_register(settle_lines(_read_lines(root), now))


def build_register(lines: list[dict[str, Any]]) -> Register:
    """The register of settled lines."""
    return Register(
        services=tuple(
            RecordedRules(parse_seconds(line["at"]), line["id"], line["rules"] and parse_rules(line["rules"]))
            for line in lines
            if line["kind"] == "service"
        ),
        maintenance=tuple(_parse_version(line) for line in lines if line["kind"] == "maintenance"),
        corrections=tuple(_parse_correction(line) for line in lines if line["kind"] == "correction"),
    )


def parse_rules(value: dict[str, Any]) -> ServiceRules:
    """Parse the rules of a register line."""
    terms = value["maintenance"]
    return ServiceRules(
        interval_s=value["interval_s"],
        target=Decimal(value["target"]),
        min_coverage=Decimal(value["min_coverage"]),
        require=value["require"],
        maintenance=MaintenanceRules(terms["counts"], terms["notice_s"], terms["cap_s"]),
        checks={
            name: CheckRules(check["affects"], check["interval_s"], check["quorum"], tuple(check["vantages"]))
            for name, check in value["checks"].items()
        },
        since=date.fromisoformat(value["since"]) if value.get("since") else None,
        retired=date.fromisoformat(value["retired"]) if value.get("retired") else None,
        hours=tuple(_parse_hours(one) for one in value.get("hours", ())),
        credits=tuple(
            Credit(Decimal(one["below"]), Decimal(one["percent"])) for one in value.get("credits", ())
        ),
    )


def _parse_hours(value: dict[str, Any]) -> Hours:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return Hours(
        "",
        tuple(days.index(day) for day in value["days"]),
        time.fromisoformat(value["from"]),
        time.fromisoformat(value["to"]),
        value["zone"],
        tuple(date.fromisoformat(day) for day in value["holidays"]),
    )


def _parse_version(line: dict[str, Any]) -> MaintenanceVersion:
    starts, ends = parse_seconds(line["starts"]), parse_seconds(line["ends"])
    services = tuple(line["services"])
    return MaintenanceVersion(
        parse_seconds(line["at"]), line["slug"], services, starts, ends, line["cancelled"]
    )


def _parse_correction(line: dict[str, Any]) -> Correction:
    return Correction(
        at=parse_seconds(line["at"]),
        service=line["service"],
        start=parse_seconds(line["start"]),
        end=parse_seconds(line["end"]),
        becomes=line["becomes"] and Outcome(line["becomes"]),
        decided=date.fromisoformat(line["decided"]),
        why=line["why"],
        evidence=line["evidence"],
    )
