"""A frozen month, recomputed from as many bytes and lines of its evidence as it rests on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from constat.history import REGISTER
from constat.interval import Instant, month_interval
from constat.model import Statement
from constat.register import parse_register
from constat.spreading import Spread, do_one_by_one
from constat.statement.inputs import StatementSources, build_inputs, build_tickets_path, take_whole_lines
from constat.statement.month_account import FreezeSettings, StatementInputs, state_month
from constat.statement.scope import find_zone, parse_zone

FOREVER: Instant = 1 << 37
"""Later than any line of a register, so that all lines count as known."""


class EvidenceFiles(NamedTuple):
    """The available evidence: the contents of files that a statement names or should name, by path.

    `complete`: whether a file that is missing here does not exist; otherwise it may be withheld, or no longer published.
    """

    files: Mapping[str, bytes]
    complete: bool


def build_sources(frozen: Statement, evidence: EvidenceFiles) -> StatementSources:
    """The bytes that a month is recomputed from: as many of each file as it rests on."""
    line_count = next((file.lines for file in frozen.evidence if file.path == REGISTER), 0)
    firsts = {
        (service.figures.service, check): at
        for service in frozen.services
        for check, at in service.firsts.items()
    }
    return StatementSources(
        register=take_whole_lines(evidence.files.get(REGISTER, b""), line_count),
        days={
            file.path: evidence.files[file.path][: file.bytes]
            for file in frozen.evidence
            if file.bytes is not None and file.path in evidence.files
        },
        tickets=evidence.files.get(build_tickets_path(frozen.month)),
        firsts=firsts,
    )


class Recomputed(NamedTuple):
    """A recomputed month: the statement, its inputs, and notes on what could not be recomputed."""

    statement: Statement
    inputs: StatementInputs
    notes: tuple[str, ...]


def recompute(frozen: Statement, evidence: EvidenceFiles, spread: Spread = do_one_by_one) -> Recomputed:
    """State a frozen month again; `spread`: how its days are read.

    The contract and the chain, which are in no evidence, are taken from the frozen statement.
    """
    sources = build_sources(frozen, evidence)._replace(spread=spread)
    register = parse_register(sources.register, REGISTER, frozen.frozen_at)
    zone = find_zone(register, frozen.month) or parse_zone(frozen.timezone)
    window = month_interval(frozen.month, zone)
    inputs = build_inputs(frozen.month, window, zone, sources, frozen.frozen_at)
    withheld = (
        any(file.path == build_tickets_path(frozen.month) for file in frozen.evidence) and not sources.tickets
    )
    if withheld and not evidence.complete:
        inputs = replace(inputs, support=frozen.support)
    freezing = FreezeSettings(frozen.frozen_at, frozen.contract, frozen.previous, frozen.supersedes)
    notes = (WITHHELD,) if withheld and not evidence.complete else ()
    return Recomputed(state_month(frozen.month, zone, inputs, freezing), inputs, notes)


WITHHELD = "the rows of the tickets are not published: what it says of support was not recomputed"
