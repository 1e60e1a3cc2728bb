"""The freezing policy: which months are due, which statement precedes each, and when one may supersede another."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.errors import Problem, UsageError
from constat.history import REGISTER
from constat.interval import format_instant, month_of
from constat.model import EvidenceFile, PreviousStatement, Statement, SupersededStatement
from constat.statement import (
    Difference,
    FreezeSettings,
    build_content,
    build_inputs,
    compute_sha256,
    encode_statement,
    find_differences,
    month_after,
    month_before,
    parse_month,
    state_month,
    take_whole_lines,
)
from outside.evidence.statements import (
    Frozen,
    StatementFile,
    build_superseded_path,
    read_frozen_months,
    write_statement,
)
from outside.evidence.store import find_first_samples
from tasks.project import Project
from tasks.statement_inputs import (
    GatheredInputs,
    compute_freeze_time,
    find_missing_seal,
    gather_inputs,
    is_promised,
)


class FreezeResult(NamedTuple):
    """The result of freezing a month.

    `written`: the new statement; `None` if the month was frozen already. `differences`: how a statement made today
    would differ from the frozen one, which stays. `problems`: ticket rows that were left out.
    """

    month: str
    written: StatementFile | None
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


def freeze_month(project: Project, month: str, why: str | None = None) -> FreezeResult:
    """Freeze a month. If it is frozen and would differ now, supersede it when there is a reason (`why`) to.

    Raises:
        UsageError: the month is invalid or not due yet, or the chain of statements would have a gap.
        EvidenceError: a frozen statement cannot be read.
        OutsideError: a day file of the month is missing, or the disk failed.

    """
    parse_month(month, project.zone)
    return _freeze(project, month, project.frozen_months, why)


def freeze_due_months(project: Project) -> Iterator[FreezeResult]:
    """Freeze every month that is due, oldest first.

    Raises:
        EvidenceError: a frozen statement cannot be read.
        OutsideError: a day file of a month is missing, or the disk failed.

    """
    for month in list_due_months(project):
        yield _freeze(project, month, read_frozen_months(project.root), None)


def list_due_months(project: Project) -> Iterator[str]:
    """List the months that may be frozen by now, from the one after the newest frozen month, or from the first promised one."""
    month = _first_open_month(project)
    while month is not None and _is_due(project, month):
        yield month
        month = month_after(month)


def _is_due(project: Project, month: str) -> bool:
    """Return whether a month may be frozen by now, and its last day is sealed if the register has seals."""
    return compute_freeze_time(project, month) <= project.now and find_missing_seal(project, month) is None


def _first_open_month(project: Project) -> str | None:
    """Return the month after the newest frozen one, else the first with a promise; `None` if nothing is measured yet.

    A chain begins with the first month that has samples and whose rules, when it began, had a target.
    """
    if project.frozen_months:
        return month_after(project.frozen_months[-1].month)
    firsts = find_first_samples(project.root, project.zone, project.now).values()
    month = month_of(min(firsts), project.zone) if firsts else None
    current = month_of(project.now, project.zone)
    while month is not None and month < current and not is_promised(project, month):
        month = month_after(month)
    return month


def _freeze(project: Project, month: str, months: Sequence[Frozen], why: str | None) -> FreezeResult:
    chain = {frozen.month: frozen for frozen in months}
    before, frozen = _find_previous(month, chain), chain.get(month)
    inputs = _gather(project, month, frozen)
    statement = _state(project, month, inputs)._replace(previous=_link(before))
    if frozen is None:
        return _write(project, statement, inputs, None)
    differences = _find_differences(frozen, before, statement, inputs)
    if why is None or not differences:
        return FreezeResult(month, None, differences, inputs.problems)
    superseded = SupersededStatement(build_superseded_path(frozen), frozen.current.sha256, why)
    return _write(project, statement._replace(supersedes=superseded), inputs, frozen)


def _find_previous(month: str, chain: Mapping[str, Frozen]) -> Frozen | None:
    """Find the statement of the month before; `None` for the first month of the chain.

    Raises:
        UsageError: the chain would have a gap, or begin earlier.

    """
    if not chain or month == min(chain):
        return None
    if month < min(chain):
        raise UsageError(f"{month} is before {min(chain)}, the first month of the chain of statements")
    before = month_before(month)
    if before not in chain:
        missing = before
        while month_before(missing) not in chain:
            missing = month_before(missing)
        raise UsageError(
            f"{month} would leave a gap: the statement of {before} is not frozen",
            tip=f"freeze first: constat statement {missing}",
        )
    return chain[before]


def _link(before: Frozen | None) -> PreviousStatement | None:
    return None if before is None else PreviousStatement(before.month, before.current.sha256)


def _gather(project: Project, month: str, frozen: Frozen | None) -> GatheredInputs:
    """Gather the inputs of a month that is due. Answers to tickets count until the month was first frozen.

    Raises:
        UsageError: the month is not due yet.

    """
    answers_until = frozen.versions[0].statement.frozen_at if frozen else project.now
    earliest = compute_freeze_time(project, month)
    if project.now < earliest:
        raise UsageError(
            f"{month} cannot be frozen before {format_instant(earliest)}",
            tip="a month is frozen some days after its end (sla.freeze_after), once late evidence has arrived",
        )
    unsealed = find_missing_seal(project, month)
    if unsealed is not None:
        raise UsageError(
            f"{month} cannot be frozen yet: history/{unsealed} is not sealed",
            tip="a day is sealed an hour after its end: push its rows, and let the job seal it",
        )
    if not project.frozen_months and not is_promised(project, month):
        raise UsageError(
            f"nothing was promised when {month} began, so it has no statement",
            tip="a statement begins with the first month whose rules have a target (sla.target)",
        )
    return gather_inputs(project, month, answers_until)


def _state(project: Project, month: str, inputs: GatheredInputs) -> Statement:
    """Compute the statement of a month from its inputs as of now."""
    built = build_inputs(month, inputs.window, inputs.zone, inputs.sources, project.now)
    return state_month(month, inputs.zone, built, FreezeSettings(project.now, project.config.sla.contract))


def _find_differences(
    frozen: Frozen, before: Frozen | None, statement: Statement, inputs: GatheredInputs
) -> tuple[Difference, ...]:
    """Find where the frozen statement differs from one made now.

    Three changes since the freeze are no difference: the contract, the previous statement if it was superseded, and
    the register, as long as the lines that were frozen are still its first ones.
    """
    old = frozen.current.statement
    hashes = {version.sha256 for version in (before.versions if before else ())}
    previous = old.previous if old.previous and old.previous.sha256 in hashes else statement.previous
    evidence = tuple(_register_as_frozen(file, old, inputs.sources.register) for file in statement.evidence)
    today = statement._replace(
        contract=old.contract, previous=previous, supersedes=old.supersedes, evidence=evidence
    )
    return find_differences(build_content(old), build_content(today))


def _register_as_frozen(file: EvidenceFile, old: Statement, register: bytes) -> EvidenceFile:
    if file.path != REGISTER:
        return file
    frozen = next((old_file for old_file in old.evidence if old_file.path == REGISTER), file)
    return file._replace(lines=frozen.lines, sha256=compute_sha256(take_whole_lines(register, frozen.lines)))


def _write(
    project: Project, statement: Statement, inputs: GatheredInputs, frozen: Frozen | None
) -> FreezeResult:
    data = encode_statement(statement)
    written = write_statement(project.root, statement.month, data, inputs.sources.tickets, frozen)
    return FreezeResult(statement.month, written, (), inputs.problems)
