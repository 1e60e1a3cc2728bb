"""The verification of a frozen month: it is recomputed from its evidence and compared, and every fault is named."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from constat.history import DAY_FILE, REGISTER, CheckId
from constat.interval import Instant, month_interval
from constat.model import Statement
from constat.register import parse_register
from constat.statement.decode import decode_statement, read_json
from constat.statement.differences import Difference, find_differences
from constat.statement.encode import build_content
from constat.statement.inputs import (
    StatementSources,
    build_inputs,
    build_tickets_path,
    compute_sha256,
    take_whole_lines,
)
from constat.statement.month_account import FreezeSettings, StatementInputs, state_month
from constat.statement.scope import find_zone, parse_zone
from constat.text.canonical import encode_canonical


class ServiceRow(NamedTuple):
    """One service in a report: its availability as frozen and as recomputed."""

    service: str
    frozen: str | None
    recomputed: str | None
    verdict: str


class MonthReport(NamedTuple):
    """The report on one month. `troubles`: why it does not verify. `notes`: what could not be verified, or is worth knowing.

    `firsts`: the first samples in its day files.
    """

    month: str
    rows: tuple[ServiceRow, ...]
    troubles: tuple[str, ...]
    notes: tuple[str, ...]
    firsts: Mapping[CheckId, Instant]


class EvidenceFiles(NamedTuple):
    """The evidence that is at hand: the contents of files that a statement names or should name, by path.

    `complete`: whether a file that is missing here does not exist; otherwise it may be withheld, or no longer published.
    """

    files: Mapping[str, bytes]
    complete: bool


def verify_month(data: bytes, name: str, evidence: EvidenceFiles) -> MonthReport:
    """Recompute a frozen month and compare.

    Raises:
        EvidenceError: the statement cannot be read at all.

    """
    frozen, written = decode_statement(data, name), read_json(data)
    troubles = [f"{name} is not written as Constat writes it"] if _is_spelt_otherwise(written, data) else []
    troubles += _file_troubles(frozen, evidence)
    needed = [file.path for file in frozen.evidence if not file.path.startswith("statements/")]
    missing = [path for path in needed if path not in evidence.files]
    if missing:
        gone = f"{frozen.month}: {len(missing)} of its files are not published: not recomputed"
        notes = [] if evidence.complete else [gone]
        return MonthReport(frozen.month, tuple(_rows(written, None)), tuple(troubles), tuple(notes), {})
    again = recompute(frozen, evidence)
    stated = build_content(again.statement)
    troubles += [f"{frozen.month} {difference}" for difference in _figures_that_differ(written, stated)]
    notes = [*again.notes, *list_later_lines(frozen, evidence, again)]
    rows = tuple(_rows(written, stated))
    return MonthReport(frozen.month, rows, tuple(troubles), tuple(notes), again.inputs.sampled)


def _is_spelt_otherwise(written: object, data: bytes) -> bool:
    return encode_canonical(written).encode() + b"\n" != data


def _file_troubles(frozen: Statement, evidence: EvidenceFiles) -> Iterator[str]:
    """Describe the files that differ from the frozen ones, are missing, or did not exist then."""
    for file in frozen.evidence:
        data = evidence.files.get(file.path)
        if data is None:
            if evidence.complete:
                yield f"{file.path} is missing"
            continue
        if file.lines is not None:
            data = take_whole_lines(data, file.lines)
            if data.count(b"\n") < file.lines:
                yield f"{file.path} has fewer than the {file.lines} lines that {frozen.month} rests on"
                continue
        if compute_sha256(data) != file.sha256:
            lines = (
                f": its first {file.lines} lines are not those"
                if file.lines is not None
                else " is not the file"
            )
            yield f"{file.path}{lines} that {frozen.month} rests on"
    named = {file.path for file in frozen.evidence}
    for path in sorted(evidence.files.keys() - named):
        if DAY_FILE.fullmatch(path):
            yield f"{path} is there, and {frozen.month} does not rest on it"


def build_sources(frozen: Statement, evidence: EvidenceFiles) -> StatementSources:
    """The bytes that a month is recomputed from, with as many lines of the register as it rests on."""
    line_count = next((file.lines for file in frozen.evidence if file.path == REGISTER), 0)
    firsts = {
        (service.figures.service, check): at
        for service in frozen.services
        for check, at in service.firsts.items()
    }
    return StatementSources(
        register=take_whole_lines(evidence.files.get(REGISTER, b""), line_count),
        days={path: data for path, data in evidence.files.items() if DAY_FILE.fullmatch(path)},
        tickets=evidence.files.get(build_tickets_path(frozen.month)),
        firsts=firsts,
    )


class Recomputed(NamedTuple):
    """A recomputed month: the statement, its inputs, and notes on what could not be recomputed."""

    statement: Statement
    inputs: StatementInputs
    notes: tuple[str, ...]


def recompute(frozen: Statement, evidence: EvidenceFiles) -> Recomputed:
    """State a frozen month again. The contract and the chain, which no evidence has, are taken from the frozen statement."""
    sources = build_sources(frozen, evidence)
    register = parse_register(sources.register, REGISTER, frozen.frozen_at)
    zone = find_zone(register, frozen.month) or parse_zone(frozen.timezone)
    inputs = build_inputs(frozen.month, month_interval(frozen.month, zone), zone, sources, frozen.frozen_at)
    withheld = (
        any(file.path == build_tickets_path(frozen.month) for file in frozen.evidence) and not sources.tickets
    )
    if withheld and not evidence.complete:
        inputs = replace(inputs, support=frozen.support)
    freezing = FreezeSettings(frozen.frozen_at, frozen.contract, frozen.previous, frozen.supersedes)
    notes = (WITHHELD,) if withheld and not evidence.complete else ()
    return Recomputed(state_month(frozen.month, zone, inputs, freezing), inputs, notes)


NOT_RECOMPUTED = "not recomputed"
WITHHELD = "the rows of the tickets are not published: what it says of support was not recomputed"


def list_later_lines(frozen: Statement, evidence: EvidenceFiles, again: Recomputed) -> Iterator[str]:
    """Describe each later line of the register that would change a figure of the month."""
    data = evidence.files.get(REGISTER, b"")
    first_lines = build_sources(frozen, evidence).register
    later = take_whole_lines(data)[len(first_lines) :].splitlines(keepends=True)
    if not later or _change(frozen, again, take_whole_lines(data)) is None:
        return
    first = first_lines.count(b"\n") + 1
    for number, line in enumerate(later, start=first):
        difference = _change(frozen, again, first_lines + line)
        if difference is not None:
            yield f"line {number} of the register, recorded later, would change {frozen.month} {difference}"


def _change(frozen: Statement, again: Recomputed, register: bytes) -> Difference | None:
    """The first figure that would change with another register."""
    lines = parse_register(register, REGISTER, FOREVER)
    tickets = again.inputs.support
    inputs = replace(again.inputs, register=lines, support=tickets)
    other = state_month(frozen.month, parse_zone(again.statement.timezone), inputs, FreezeSettings(FOREVER))
    before, after = build_content(again.statement), build_content(other)
    keys = ("services", "maintenance", "corrections")
    return next(
        iter(find_differences({key: before[key] for key in keys}, {key: after[key] for key in keys})), None
    )


FOREVER: Instant = 1 << 37
"""Later than any line of a register, so that all lines count as known."""


def _figures_that_differ(written: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Difference]:
    """All differences except those in the list of files, which are described file by file."""
    for difference in find_differences(written, stated):
        if not difference.where.startswith("evidence"):
            yield difference


def _rows(written: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Iterator[ServiceRow]:
    """One row per service with the figure that counts; a service may be missing on one side."""
    ours = {service["id"]: service for service in written["services"]}
    theirs = ours if stated is None else {service["id"]: service for service in stated["services"]}
    for service in dict.fromkeys((*ours, *theirs)):
        verdict = (ours.get(service) or theirs[service])["verdict"]
        again = NOT_RECOMPUTED if stated is None else _counted(theirs.get(service))
        yield ServiceRow(service, _counted(ours.get(service)), again, verdict)


def _counted(service: Mapping[str, Any] | None) -> str | None:
    if service is None:
        return None
    availability: str | None = service[service["counts"]]["availability"]
    return availability
