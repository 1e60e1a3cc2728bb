"""Whole statements of random histories, from the bytes of their files, against the model that asks every second."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constat.availability.announced import list_months
from constat.history import HEADER, build_day_path, format_row
from constat.interval import DAY_S, Interval, local_date, month_of
from constat.model import Register, Sample, Seal
from constat.register import line_writer, parse_register, write_seal
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
from tests.support.effort import scale_tries
from tests.support.random_histories import SERVICE, History, histories
from tests.support.second_reader import build_register
from tests.support.slow_figures import SlowFigures
from tests.support.slow_model import SlowModel
from tests.support.slow_register import parse_seconds, settle_lines

COMPARED = (
    *("counts", "seconds", "maintenance", "all", "without_maintenance", "verdict", "budget", "checks"),
    *("longest_gap_s", "credit", "late_s", "outages"),
)
SEALED_AFTER = 3600
DECIDED_AFTER = 26 * 3600 + 1


@dataclass(frozen=True)
class Written:
    """A history as it is written: its register, its day files, and what the plain reader makes of them."""

    history: History
    register: bytes
    files: dict[str, bytes]
    late_times: list[int]

    @property
    def model(self) -> SlowModel:
        """The model that asks every second of the settled lines, on time and late rows told apart."""
        lines = settle_lines([json.loads(line) for line in self.register.splitlines()], self.history.now)
        history = self.history
        return SlowModel(
            build_register(lines), history.samples, SERVICE, history.zone, history.now, history.late
        )


def _crossed(draw: st.DrawFn, register: Register) -> list[str]:
    """The lines in the order in which they were recorded, some of them moved down behind later ones."""
    lines = sorted(
        (
            *map(line_writer.write_service, register.services),
            *map(line_writer.write_maintenance, register.maintenance),
            *map(line_writer.write_correction, register.corrections),
        ),
        key=lambda line: str(json.loads(line)["at"]),
    )
    for number in draw(st.lists(st.integers(0, len(lines) - 1), max_size=3)):
        line = lines.pop(number)
        lines.insert(draw(st.integers(number, len(lines))), line)
    return lines


def _put_seals(lines: list[str], covered: dict[str, bytes]) -> list[str]:
    """Each day's seal an hour after its end, behind the lines whose own time is earlier; one long before all others."""
    first = Seal(0, "1969/12/1969-12-31.csv", 1, 0, "0" * 64, 0, "0" * 64)
    sealed = [write_seal(first), *lines]
    for path, data in sorted(covered.items()):
        made = parse_seconds(f"{path[8:18]}T00:00:00Z") + DAY_S + SEALED_AFTER
        seal = Seal(made, path, len(data), data.count(b"\n") - 1, sha256(data).hexdigest(), 0, "0" * 64)
        place = max(
            (n for n, line in enumerate(sealed, start=1) if parse_seconds(json.loads(line)["at"]) <= made),
            default=0,
        )
        sealed.insert(place, write_seal(seal))
    return sealed


@st.composite
def written(draw: st.DrawFn) -> Written:
    """A history in files, long enough ago for late rows to be late."""
    history = draw(histories())
    covered = _day_files(history.samples, {})
    files = _day_files(history.late, covered)
    lines = _crossed(draw, history.register)
    if history.late:
        days = [parse_seconds(f"{path[8:18]}T00:00:00Z") for path in files]
        history = replace(history, now=max(history.now, max(days) + DAY_S + DECIDED_AFTER))
        lines = _put_seals(lines, covered)
    register = "".join(f"{line}\n" for line in lines).encode()
    return Written(history, register, files, [row.at for row in history.late])


def _day_files(samples: list[Sample], before: dict[str, bytes]) -> dict[str, bytes]:
    """The rows as they were drawn, duplicates and all, appended to what the files held before."""
    rows: dict[str, list[str]] = defaultdict(list)
    for sample in samples:
        rows[build_day_path(local_date(sample.at, UTC))].append(format_row(sample))
    header = f"{HEADER}\n".encode()
    appended = {path: before.get(path, header) + "".join(lines).encode() for path, lines in rows.items()}
    return {**before, **appended}


def _stated(case: Written, month: Interval) -> bytes:
    history, register = case.history, case.register
    name = month_of(month.start, history.zone)
    firsts: dict[tuple[str, str], int] = {}
    for sample in (*history.samples, *history.late):
        if sample.at <= history.now:
            key = (sample.service, sample.check)
            firsts[key] = min(sample.at, firsts.get(key, sample.at))
    paths = list_evidence_days(month, parse_register(register, "register.jsonl", history.now))
    days = {path: case.files[path] for path in paths if path in case.files}
    sources = StatementSources(register, days, None, firsts)
    rests = build_inputs(name, month, history.zone, sources, history.now)
    return encode_statement(state_month(name, history.zone, rests, FreezeSettings(history.now)))


@settings(max_examples=scale_tries(4))
@given(written())
def test_random_statement_matches_the_slow_model_and_verifies(case: Written) -> None:
    """Every month that is over: each figure of the model, and not one trouble from its own files."""
    history = case.history
    over = [
        month
        for month in list_months(Interval(history.starts - DAY_S, history.now), history.zone)
        if month.end <= history.now
    ]
    assume(over)
    slow = SlowFigures(case.model)
    for month in over:
        data = _stated(case, month)
        content = json.loads(data)
        expected = slow.compute_month(month.start, month.end)
        lived = any(month.start <= second < month.end for second in slow.model.life)
        if lived:
            (service,) = content["services"]
            assert {part: service[part] for part in COMPARED} == expected
        else:
            assert content["services"] == []
        known = [at for at in case.late_times if at <= history.now]
        assert content["late_rows"] == sum(month.start <= at < month.end for at in known)
        named = {file["path"] for file in content["evidence"]}
        everything = {**case.files, "register.jsonl": case.register}
        found = {path: held for path, held in everything.items() if path in named}
        assert verify_month(data, "statements/x.json", EvidenceFiles(found, complete=True)).troubles == ()
