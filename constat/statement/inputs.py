"""The inputs of a statement, made from the bytes of its files and nothing else."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import Problem
from constat.history import (
    REGISTER,
    CheckId,
    DayRows,
    Digest,
    digest_day,
    find_earliest,
    join_digests,
    judge_punctuality,
    parse_day,
    parse_day_path,
    utc_interval,
)
from constat.interval import Instant, Interval
from constat.model import EvidenceFile, LevelFigures, Register, Seal, Ticket
from constat.register import parse_register
from constat.spreading import Spread, do_one_by_one
from constat.statement.month_account import StatementInputs
from constat.statement.scope import list_support_promises
from constat.support import TICKETS, compute_support_figures, parse_tickets, select_tickets_due, write_tickets


class StatementSources(NamedTuple):
    """The bytes that the statement of a month is made from.

    `register`: whole lines. `days`: day files by path. `tickets`: the rows of the month, `None` if none are kept.
    `firsts`: the first samples known from before these day files. `spread`: how the days are read.
    """

    register: bytes
    days: Mapping[str, bytes]
    tickets: bytes | None
    firsts: Mapping[CheckId, Instant]
    spread: Spread = do_one_by_one


def build_tickets_path(month: str) -> str:
    """The path of the ticket rows of a month, under `history/`."""
    return f"statements/{month}.tickets.csv"


def take_whole_lines(data: bytes, count: int | None = None) -> bytes:
    """The first lines of a file, all by default, without a torn last line."""
    return b"".join(line + b"\n" for line in data.split(b"\n")[:-1][:count])


def compute_sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def build_inputs(
    month: str, window: Interval, zone: ZoneInfo, sources: StatementSources, now: Instant
) -> StatementInputs:
    """Build the inputs of the statement of a month, as known at `now`."""
    register = parse_register(sources.register, REGISTER, now)
    punctuality = judge_punctuality(register.seals, now)
    files = [_describe_day(path, data, register.seals) for path, data in sorted(sources.days.items())]
    files.append(EvidenceFile(REGISTER, compute_sha256(sources.register), sources.register.count(b"\n")))
    if sources.tickets is not None:
        files.append(EvidenceFile(build_tickets_path(month), compute_sha256(sources.tickets)))

    def read(path: str) -> tuple[Digest, int]:
        rows = parse_day(sources.days[path], path, now, punctuality.find_part(path))
        return _digest_file(rows), sum(at in window for at in rows.late_times)

    days = sources.spread(read, sorted(sources.days))
    digests = [digest for digest, _ in days]
    sampled = find_earliest(item for digest in digests for item in digest.firsts.items())
    firsts = find_earliest((*sources.firsts.items(), *sampled.items()))
    return StatementInputs(
        register,
        join_digests(digests, window, firsts),
        compute_month_support(register, sources.tickets, window, zone, now),
        tuple(files),
        sampled,
        sum(late for _, late in days),
    )


def _digest_file(rows: DayRows) -> Digest:
    day = parse_day_path(rows.path)
    return digest_day(day, utc_interval(day), [rows], response_times=False)


def _describe_day(path: str, data: bytes, seals: Iterable[Seal]) -> EvidenceFile:
    """A day file as a statement names it, with the time of its first seal."""
    sealed = next((seal.recorded_at for seal in seals if seal.path == path), None)
    return EvidenceFile(path, compute_sha256(data), bytes=len(data), sealed=sealed)


def compute_month_support(
    register: Register, tickets: bytes | None, window: Interval, zone: ZoneInfo, now: Instant
) -> tuple[LevelFigures, ...]:
    """Compute the figures of support in a month; without a file of tickets, as if there were none."""
    rows, _ = read_tickets(register, (tickets or b"").decode("utf-8", "replace"), now)
    return compute_support_figures(list_support_promises(register), rows, window, zone, now)


def read_tickets(
    register: Register, text: str, now: Instant
) -> tuple[tuple[Ticket, ...], tuple[Problem, ...]]:
    """Read the valid rows of `support/tickets.csv`, and all problems; levels and regions are those ever promised."""
    levels, regions = _list_names(register)
    return parse_tickets(text, TICKETS, levels, regions, now)


def select_month_tickets(
    register: Register, tickets: Iterable[Ticket], window: Interval, zone: ZoneInfo, freeze: Instant
) -> bytes:
    """The rows that decide a month, as they are kept: without answers later than the freeze."""
    due = select_tickets_due(list_support_promises(register), tickets, window, zone, freeze)
    return write_tickets(_limit_to_known(judged.ticket, freeze) for judged in due).encode()


def _limit_to_known(ticket: Ticket, freeze: Instant) -> Ticket:
    answered = ticket.first_response_at
    known = answered if answered is not None and answered <= freeze else None
    return Ticket(ticket.ticket, ticket.level, ticket.region, ticket.opened_at, known)


def _list_names(register: Register) -> tuple[set[str], set[str]]:
    """The levels and regions that were ever promised."""
    promises = [
        recorded.support for recorded in list_support_promises(register) if recorded.support is not None
    ]
    levels = {level.id for support in promises for level in support.levels}
    return levels, {hours.region for support in promises for hours in support.hours}
