"""Whole statements of random histories, from the bytes of their files, against the model that asks every second."""

import json
from collections import defaultdict
from typing import Any

from hypothesis import assume, given, settings

from constat.availability.announced import list_months
from constat.history import HEADER, build_day_path, format_row
from constat.interval import DAY_S, Interval, local_date, month_of
from constat.register import line_writer, parse_register
from constat.statement import (
    EvidenceFiles,
    FreezeSettings,
    StatementSources,
    build_inputs,
    encode_statement,
    list_evidence_days,
    state_month,
    verify_month,
)
from tests.support.availability_cases import UTC
from tests.support.random_histories import SERVICE, History, histories
from tests.support.slow_figures import SlowFigures
from tests.support.slow_model import SlowModel

COMPARED = (
    *("counts", "seconds", "maintenance", "all", "without_maintenance", "verdict", "budget", "checks"),
    *("longest_gap_s", "outages"),
)


def _day_files(history: History) -> dict[str, bytes]:
    """The rows as they were drawn, duplicates and all."""
    rows: dict[str, list[str]] = defaultdict(list)
    for sample in history.samples:
        rows[build_day_path(local_date(sample.at, UTC))].append(format_row(sample))
    return {path: (f"{HEADER}\n" + "".join(lines)).encode() for path, lines in rows.items()}


def _register(history: History) -> bytes:
    """Its lines in the order in which they were recorded."""
    lines = sorted(
        (
            *map(line_writer.write_service, history.register.services),
            *map(line_writer.write_maintenance, history.register.maintenance),
            *map(line_writer.write_correction, history.register.corrections),
        ),
        key=lambda line: str(json.loads(line)["at"]),
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _stated(history: History, month: Interval, files: dict[str, bytes], register: bytes) -> bytes:
    name = month_of(month.start, history.zone)
    firsts: dict[tuple[str, str], int] = {}
    for sample in history.samples:
        if sample.at <= history.now:
            key = (sample.service, sample.check)
            firsts[key] = min(sample.at, firsts.get(key, sample.at))
    paths = list_evidence_days(month, parse_register(register, "register.jsonl", history.now))
    days = {path: files[path] for path in paths if path in files}
    sources = StatementSources(register, days, None, firsts)
    rests = build_inputs(name, month, history.zone, sources, history.now)
    return encode_statement(state_month(name, history.zone, rests, FreezeSettings(history.now)))


@settings(max_examples=25)
@given(histories())
def test_a_statement_says_what_the_seconds_say_and_verifies(history: History) -> None:
    """Every month that is over: each figure of the model, and not one trouble from its own files."""
    over = [
        month
        for month in list_months(Interval(history.starts - DAY_S, history.now), history.zone)
        if month.end <= history.now
    ]
    assume(over)
    files, register = _day_files(history), _register(history)
    slow = SlowFigures(SlowModel(history.register, history.samples, SERVICE, history.zone, history.now))
    for month in over:
        data = _stated(history, month, files, register)
        services: list[dict[str, Any]] = json.loads(data)["services"]
        expected = slow.month(month.start, month.end)
        if expected["seconds"]["window"] == 0:
            assert services == []
        else:
            (service,) = services
            assert {part: service[part] for part in COMPARED} == expected
        named = {file["path"] for file in json.loads(data)["evidence"]}
        found = {path: held for path, held in {**files, "register.jsonl": register}.items() if path in named}
        assert verify_month(data, "statements/x.json", EvidenceFiles(found, complete=True)).troubles == ()
