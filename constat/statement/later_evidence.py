"""What came after a month was frozen: the lines and rows that would change a figure of it, and days that were sealed late."""

from collections.abc import Iterator
from dataclasses import replace

from constat.history import DAY_FILE, REGISTER, SEALED_WITHIN_S, parse_day_path, utc_interval
from constat.interval import Instant, format_instant, month_interval
from constat.model import Statement
from constat.register.line_reader import build_register, list_counting_lines, read_lines
from constat.statement.differences import Difference, find_differences
from constat.statement.encode import build_content
from constat.statement.inputs import build_inputs
from constat.statement.month_account import FreezeSettings, StatementInputs, state_month
from constat.statement.recomputation import FOREVER, EvidenceFiles, Recomputed, build_sources
from constat.statement.scope import parse_zone

_KINDS = frozenset({"service", "maintenance", "correction"})
"""The kinds of lines that figures come from."""


def describe_later(frozen: Statement, evidence: EvidenceFiles, recomputed: Recomputed) -> Iterator[str]:
    """Describe each later line of the register, and each day file with later rows, that would change a figure."""
    yield from _describe_later_lines(frozen, evidence, recomputed)
    yield from _describe_later_rows(frozen, evidence, recomputed)


def _describe_later_lines(
    frozen: Statement, evidence: EvidenceFiles, recomputed: Recomputed
) -> Iterator[str]:
    count = build_sources(frozen, evidence).register.count(b"\n")
    whole = read_lines(evidence.files.get(REGISTER, b""), REGISTER)
    first = whole._replace(readable=tuple(line for line in whole.readable if line.number <= count))
    known = list_counting_lines(first, frozen.frozen_at)
    counting = list_counting_lines(whole, FOREVER)
    later = [line for line in counting if line.number > count and line.kind in _KINDS]

    def find_change(*lines: int) -> Difference | None:
        added = (line for line in later if line.number in lines)
        register = build_register((*known, *added))
        return _find_change(frozen, recomputed, replace(recomputed.inputs, register=register), FOREVER)

    if not later or find_change(*(line.number for line in later)) is None:
        return
    for line in later:
        difference = find_change(line.number)
        if difference is not None:
            yield (
                f"line {line.number} of the register, recorded later, would change {frozen.month} {difference}"
            )


def _describe_later_rows(frozen: Statement, evidence: EvidenceFiles, recomputed: Recomputed) -> Iterator[str]:
    sources = build_sources(frozen, evidence)
    zone = parse_zone(recomputed.statement.timezone)
    window = month_interval(frozen.month, zone)
    for path, data in sorted(evidence.files.items()):
        known = sources.days.get(path, b"")
        if not DAY_FILE.fullmatch(path) or len(data) <= len(known):
            continue
        grown = sources._replace(days={**sources.days, path: data})
        inputs = build_inputs(frozen.month, window, zone, grown, frozen.frozen_at)
        difference = _find_change(frozen, recomputed, inputs, frozen.frozen_at)
        if difference is not None:
            count = data.count(b"\n", len(known))
            yield f"{count} later rows of {path} would change {frozen.month} {difference}"


def _find_change(
    frozen: Statement, recomputed: Recomputed, inputs: StatementInputs, now: Instant
) -> Difference | None:
    """The first figure that would change with other inputs."""
    other = state_month(frozen.month, parse_zone(recomputed.statement.timezone), inputs, FreezeSettings(now))
    before, after = build_content(recomputed.statement), build_content(other)
    keys = ("services", "maintenance", "corrections")
    return next(
        iter(find_differences({key: before[key] for key in keys}, {key: after[key] for key in keys})), None
    )


def describe_seals(frozen: Statement, recomputed: Recomputed) -> Iterator[str]:
    """Describe each day of the month that was first sealed more than 26 hours after its end, or not at all.

    Days that were over before the first seal of the register need none.
    """
    seals = recomputed.inputs.register.seals
    for file in frozen.evidence if seals else ():
        if file.bytes is None:
            continue
        ends = utc_interval(parse_day_path(file.path)).end
        if ends <= seals[0].recorded_at:
            continue
        if file.sealed is None:
            yield f"{file.path} was not sealed when {frozen.month} was frozen"
        elif file.sealed - ends > SEALED_WITHIN_S:
            yield f"{file.path} was first sealed at {format_instant(file.sealed)}, more than 26 hours after its end"
