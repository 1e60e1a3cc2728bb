"""`statement YYYY-MM`: freeze the account of a finished month."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat.errors import UsageError
from constat.interval import Instant, format_instant, month_of
from constat.model import (
    Config,
    EvidenceFile,
    PreviousStatement,
    Statement,
    SupersededStatement,
)
from constat.register import REGISTER
from constat.statement import (
    Difference,
    FreezeSettings,
    build_content,
    build_inputs,
    encode_statement,
    find_differences,
    month_after,
    month_before,
    month_window,
    sha256,
    state_month,
    whole_lines,
)
from outside.evidence.statements import Frozen, read_frozen_months, superseded_path, write_statement
from outside.evidence.store import first_samples
from outside.project import files
from tasks.statement_inputs import GatheredInputs, compute_freeze_time, gather_inputs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which month, and why again."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("month", nargs="?", metavar="YYYY-MM", help="a month that is over")
    which.add_argument(
        "--due", action="store_true", help="every month that may be frozen and is not, the oldest first"
    )
    parser.add_argument(
        "--supersede", metavar="WHY", help="replace a frozen statement that would differ now, and say why"
    )


def run(args: argparse.Namespace) -> int:
    """Freeze the month; where it is frozen, say in what it would differ now."""
    why = None if args.supersede is None else args.supersede.strip()
    if why == "":
        raise UsageError("a statement is not superseded without a reason", tip='--supersede "why"')
    if why is not None and args.due:
        raise UsageError("what is due supersedes nothing", tip="name the month")
    config = files.read_config(args.root, KINDS, load_kind)
    if not args.due:
        month_window(args.month, config.page.timezone)
        return _freeze(args, config, args.month, why)
    for month in _due(args.root, config, args.now):
        _freeze(args, config, month, None)
    return 0


def _due(root: Path, config: Config, now: Instant) -> Iterator[str]:
    """The months after the newest frozen one (or from the first sample on) that may be frozen by now."""
    zone = config.page.timezone
    frozen = read_frozen_months(root)
    firsts = () if frozen else first_samples(root, zone, now).values()
    if frozen:
        month = month_after(frozen[-1].month)
    elif firsts:
        month = month_of(min(firsts), zone)
    else:
        return
    while compute_freeze_time(root, month, zone, config.sla.freeze_after_s) <= now:
        yield month
        month = month_after(month)


def _freeze(args: argparse.Namespace, config: Config, month: str, why: str | None) -> int:
    chain = {frozen.month: frozen for frozen in read_frozen_months(args.root)}
    before = _previous(month, chain)
    frozen = chain.get(month)
    gathered, stated = _state(args.root, config, month, frozen, args.now)
    stated = stated._replace(previous=_link(before))
    if frozen is None:
        return _write(args, stated, gathered, None)
    differing = _differing(frozen, before, stated, gathered)
    if not differing:
        return _say(args, f"{month} is frozen already, and equal")
    if why is None:
        return _tell(month, differing)
    superseded = SupersededStatement(superseded_path(frozen), frozen.current.sha256, why)
    return _write(args, stated._replace(supersedes=superseded), gathered, frozen)


def _previous(month: str, chain: Mapping[str, Frozen]) -> Frozen | None:
    """The statement of the month before.

    Raises:
        UsageError: the chain would have a gap.

    """
    before = month_before(month)
    if not chain or month == min(chain):
        return None
    if month < min(chain):
        raise UsageError(f"the chain of statements begins with {min(chain)}, and {month} is earlier")
    if before not in chain:
        missing = next(gap for gap in _months_back(before) if month_before(gap) in chain)
        raise UsageError(
            f"the statement of {before} is not frozen, and {month} would follow a gap",
            tip=f"freeze first: python generate.py statement {missing}",
        )
    return chain[before]


def _months_back(month: str) -> "list[str]":
    """A month and those before it, as many as anyone keeps statements for."""
    months = [month]
    while len(months) < 1200:  # noqa: PLR2004 - a hundred years
        months.append(month_before(months[-1]))
    return months


def _link(before: Frozen | None) -> PreviousStatement | None:
    return None if before is None else PreviousStatement(before.month, before.current.sha256)


def _state(
    root: Path, config: Config, month: str, frozen: Frozen | None, now: Instant
) -> tuple[GatheredInputs, Statement]:
    """The month as it comes out now. Answers to tickets count until it was first frozen."""
    freeze = frozen.versions[0].statement.frozen_at if frozen else now
    _require_over(root, config, month, now)
    gathered = gather_inputs(root, month, config.page.timezone, now, freeze)
    for problem in gathered.problems:
        print(f"{problem}: left out", file=sys.stderr)
    rests = build_inputs(month, gathered.window, gathered.zone, gathered.sources, now)
    return gathered, state_month(month, gathered.zone, rests, FreezeSettings(now, config.sla.contract))


def _require_over(root: Path, config: Config, month: str, now: Instant) -> None:
    earliest = compute_freeze_time(root, month, config.page.timezone, config.sla.freeze_after_s)
    if now < earliest:
        raise UsageError(
            f"{month} may be frozen from {format_instant(earliest)} on",
            tip="a month is frozen some days after its end (sla.freeze_after), when late evidence has arrived",
        )


def _differing(
    frozen: Frozen, before: Frozen | None, stated: Statement, gathered: GatheredInputs
) -> tuple[Difference, ...]:
    """Where the frozen statement differs from what comes out now.

    The contract is that of its day. The one before it may have been superseded since. Of the register, the lines that
    it rests on must still be the first ones.
    """
    old = frozen.current.statement
    kept = {link.sha256 for link in (before.versions if before else ())}
    chained = old.previous if old.previous and old.previous.sha256 in kept else stated.previous
    evidence = tuple(_register_as_frozen(file, old, gathered.sources.register) for file in stated.evidence)
    now_stated = stated._replace(
        contract=old.contract, previous=chained, supersedes=old.supersedes, evidence=evidence
    )
    return find_differences(build_content(old), build_content(now_stated))


def _register_as_frozen(file: EvidenceFile, old: Statement, register: bytes) -> EvidenceFile:
    if file.path != REGISTER:
        return file
    rested = next((each for each in old.evidence if each.path == REGISTER), file)
    return file._replace(lines=rested.lines, sha256=sha256(whole_lines(register, rested.lines)))


def _tell(month: str, differing: tuple[Difference, ...]) -> int:
    print(f"{month} is frozen, and would differ now:")
    for difference in differing:
        print(f"  {difference}")
    print('The frozen statement stands. To replace it, and say so in public: --supersede "why"')
    return 1


def _write(
    args: argparse.Namespace, stated: Statement, gathered: GatheredInputs, frozen: Frozen | None
) -> int:
    data = encode_statement(stated)
    write_statement(args.root, stated.month, data, gathered.sources.tickets, frozen)
    return _say(args, f"history/statements/{stated.month}.json has the SHA-256 {sha256(data)}")


def _say(args: argparse.Namespace, line: str) -> int:
    if args.verbose:
        print(line)
    return 0
