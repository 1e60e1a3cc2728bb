"""A frozen month against what it rests on: recomputed, compared, and every trouble named (issue: anyone can)."""

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
    """One line of the table: a service's availability as it was frozen and as it comes out again."""

    service: str
    frozen: str | None
    recomputed: str | None
    verdict: str


class MonthReport(NamedTuple):
    """What came of one month. `troubles`: why it does not verify. `notes`: what could not be checked, or is worth knowing.

    `firsts`: the first samples in its day files.
    """

    month: str
    rows: tuple[ServiceRow, ...]
    troubles: tuple[str, ...]
    notes: tuple[str, ...]
    firsts: Mapping[CheckId, Instant]


class EvidenceFiles(NamedTuple):
    """What was found of the evidence: file contents by path, those that a statement names or should name.

    `complete`: whether a file that is not in it does not exist (it may else be withheld, or no longer published).
    """

    files: Mapping[str, bytes]
    complete: bool


def verify_month(data: bytes, name: str, found: EvidenceFiles) -> MonthReport:
    """Recompute a frozen month and compare.

    Raises:
        EvidenceError: the statement cannot be read at all.

    """
    frozen, written = decode_statement(data, name), read_json(data)
    troubles = [f"{name} is not written as Constat writes it"] if _spelt_otherwise(written, data) else []
    troubles += _file_troubles(frozen, found)
    needed = [file.path for file in frozen.evidence if not file.path.startswith("statements/")]
    missing = [path for path in needed if path not in found.files]
    if missing:
        gone = f"{frozen.month}: {len(missing)} of its files are not published: not recomputed"
        notes = [] if found.complete else [gone]
        return MonthReport(frozen.month, tuple(_rows(written, None)), tuple(troubles), tuple(notes), {})
    again = recompute(frozen, found)
    stated = build_content(again.statement)
    troubles += [f"{frozen.month} {difference}" for difference in _figures_that_differ(written, stated)]
    notes = [*again.notes, *list_later_lines(frozen, found, again)]
    rows = tuple(_rows(written, stated))
    return MonthReport(frozen.month, rows, tuple(troubles), tuple(notes), again.grounds.seen)


def _spelt_otherwise(written: object, data: bytes) -> bool:
    return encode_canonical(written).encode() + b"\n" != data


def _file_troubles(frozen: Statement, found: EvidenceFiles) -> Iterator[str]:
    """Files that are not those that were frozen, are missing, or are there and were not."""
    for file in frozen.evidence:
        held = found.files.get(file.path)
        if held is None:
            if found.complete:
                yield f"{file.path} is missing"
            continue
        if file.lines is not None:
            held = take_whole_lines(held, file.lines)
            if held.count(b"\n") < file.lines:
                yield f"{file.path} has fewer than the {file.lines} lines that {frozen.month} rests on"
                continue
        if compute_sha256(held) != file.sha256:
            lines = (
                f": its first {file.lines} lines are not those"
                if file.lines is not None
                else " is not the file"
            )
            yield f"{file.path}{lines} that {frozen.month} rests on"
    named = {file.path for file in frozen.evidence}
    for path in sorted(found.files.keys() - named):
        if DAY_FILE.fullmatch(path):
            yield f"{path} is there, and {frozen.month} does not rest on it"


def build_sources(frozen: Statement, found: EvidenceFiles) -> StatementSources:
    """The bytes that a month is recomputed from; of the register as many lines as it rests on."""
    rested = next((file.lines for file in frozen.evidence if file.path == REGISTER), 0)
    firsts = {
        (service.figures.service, check): at
        for service in frozen.services
        for check, at in service.firsts.items()
    }
    return StatementSources(
        register=take_whole_lines(found.files.get(REGISTER, b""), rested),
        days={path: data for path, data in found.files.items() if DAY_FILE.fullmatch(path)},
        tickets=found.files.get(build_tickets_path(frozen.month)),
        firsts=firsts,
    )


class Recomputed(NamedTuple):
    """A frozen month, stated again: the statement, what it rests on, and what could not be recomputed."""

    statement: Statement
    grounds: StatementInputs
    notes: tuple[str, ...]


def recompute(frozen: Statement, found: EvidenceFiles) -> Recomputed:
    """State a frozen month again. What no evidence holds (the contract, the chain) is taken from the frozen one."""
    sources = build_sources(frozen, found)
    register = parse_register(sources.register, REGISTER)
    zone = find_zone(register, frozen.month) or parse_zone(frozen.timezone)
    rests = build_inputs(frozen.month, month_interval(frozen.month, zone), zone, sources, frozen.frozen_at)
    withheld = (
        any(file.path == build_tickets_path(frozen.month) for file in frozen.evidence) and not sources.tickets
    )
    if withheld and not found.complete:
        rests = replace(rests, support=frozen.support)
    freezing = FreezeSettings(frozen.frozen_at, frozen.contract, frozen.previous, frozen.supersedes)
    notes = (WITHHELD,) if withheld and not found.complete else ()
    return Recomputed(state_month(frozen.month, zone, rests, freezing), rests, notes)


NOT_RECOMPUTED = "not recomputed"
WITHHELD = "the rows of the tickets are not published: what it says of support was not recomputed"


def list_later_lines(frozen: Statement, found: EvidenceFiles, again: Recomputed) -> Iterator[str]:
    """The register's lines after those that a month rests on, each told where it would change a figure."""
    data = found.files.get(REGISTER, b"")
    rested = build_sources(frozen, found).register
    later = take_whole_lines(data)[len(rested) :].splitlines(keepends=True)
    if not later or _change(frozen, again, take_whole_lines(data)) is None:
        return
    first = rested.count(b"\n") + 1
    for number, line in enumerate(later, start=first):
        difference = _change(frozen, again, rested + line)
        if difference is not None:
            yield f"line {number} of the register, recorded later, would change {frozen.month} {difference}"


def _change(frozen: Statement, again: Recomputed, register: bytes) -> Difference | None:
    """The first figure that another register would change."""
    lines = parse_register(register, REGISTER)
    tickets = again.grounds.support
    rests = replace(again.grounds, register=lines, support=tickets)
    other = state_month(frozen.month, parse_zone(again.statement.timezone), rests, FreezeSettings(FOREVER))
    before, after = build_content(again.statement), build_content(other)
    told = ("services", "maintenance", "corrections")
    return next(
        iter(find_differences({key: before[key] for key in told}, {key: after[key] for key in told})), None
    )


FOREVER: Instant = 1 << 37
"""Later than any line of a register: what is recorded counts as known."""


def _figures_that_differ(written: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Difference]:
    """All that differs but the list of files, which is told file by file."""
    for difference in find_differences(written, stated):
        if not difference.where.startswith("evidence"):
            yield difference


def _rows(written: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Iterator[ServiceRow]:
    """One row a service, of the figure that counts; of a service that came or went, what there is."""
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
