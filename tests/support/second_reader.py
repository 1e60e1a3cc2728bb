"""A second reader of a PROJECT's history/, in the plainest way, against which tests hold the loader."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from constat.interval import Instant
from constat.model import (
    CheckRules,
    Correction,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)

CELLS = 9


def seconds(text: str) -> Instant:
    """`2026-11-23T09:40:00Z` as seconds since the epoch."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def read_samples(root: Path, now: Instant) -> list[Sample]:
    """Every valid row of every day file."""
    return [
        sample
        for path in sorted((root / "history").glob("*/*/*.csv"))
        for line in path.read_text("utf-8").splitlines()
        if (sample := _sample(line, path.stem, now))
    ]


def _sample(line: str, day: str, now: Instant) -> Sample | None:
    cells = line.split(",")
    if len(cells) != CELLS or not cells[0].startswith(day):
        return None
    at = seconds(cells[0])
    outcome = Outcome(cells[3])
    latency_ms, attempts, interval_s = (int(cell) for cell in cells[4:7])
    sample = Sample(at, cells[1], cells[2], outcome, latency_ms, attempts, interval_s, cells[7], cells[8])
    return sample if at <= now else None


def read_register(root: Path) -> Register:
    """Every line of the register."""
    lines = [
        json.loads(line) for line in (root / "history" / "register.jsonl").read_text("utf-8").splitlines()
    ]
    return Register(
        services=tuple(
            RecordedRules(seconds(line["at"]), line["id"], line["rules"] and rules(line["rules"]))
            for line in lines
            if line["kind"] == "service"
        ),
        maintenance=tuple(_version(line) for line in lines if line["kind"] == "maintenance"),
        corrections=tuple(_correction(line) for line in lines if line["kind"] == "correction"),
    )


def rules(value: dict[str, Any]) -> ServiceRules:
    """The rules of a register line."""
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
    )


def _version(line: dict[str, Any]) -> MaintenanceVersion:
    starts, ends = seconds(line["starts"]), seconds(line["ends"])
    services = tuple(line["services"])
    return MaintenanceVersion(seconds(line["at"]), line["slug"], services, starts, ends, line["cancelled"])


def _correction(line: dict[str, Any]) -> Correction:
    return Correction(
        at=seconds(line["at"]),
        service=line["service"],
        start=seconds(line["start"]),
        end=seconds(line["end"]),
        becomes=line["becomes"] and Outcome(line["becomes"]),
        decided=date.fromisoformat(line["decided"]),
        why=line["why"],
        evidence=line["evidence"],
    )
