"""The days of a frozen month, recomputed from all the available evidence: what `/api/history/` shows of them.

A day may have changed since its month was frozen: late rows fill gaps. So more is read here than the statement rests on.
"""

from collections.abc import Mapping

from constat.availability import build_account
from constat.availability.days import build_days
from constat.history import (
    DAY_FILE,
    REGISTER,
    DayRows,
    digest_day,
    join_digests,
    judge_punctuality,
    list_local_days,
    list_source_paths,
    parse_day,
    parse_day_path,
)
from constat.interval import Instant, day_interval, days_of, month_interval
from constat.model import Day, Statement, split_register
from constat.register import parse_register
from constat.statement.recomputation import EvidenceFiles, build_sources
from constat.statement.scope import find_zone, parse_zone


def recompute_days(frozen: Statement, evidence: EvidenceFiles, now: Instant) -> Mapping[str, tuple[Day, ...]]:
    """The days of the month of each service of a statement, as a page that was built at `now` shows them."""
    register = parse_register(evidence.files.get(REGISTER, b""), REGISTER, now)
    zone = find_zone(register, frozen.month) or parse_zone(frozen.timezone)
    window = month_interval(frozen.month, zone)
    punctuality = judge_punctuality(register.seals, now)
    files: dict[str, DayRows] = {
        path: parse_day(data, path, now, punctuality.find_part(path))
        for path, data in sorted(evidence.files.items())
        if DAY_FILE.fullmatch(path)
    }
    digests = [
        digest_day(
            day,
            day_interval(day, zone),
            [files[path] for path in list_source_paths(day, zone) if path in files],
        )
        for day in sorted({day for path in files for day in list_local_days(parse_day_path(path), zone)})
    ]
    joined = join_digests(digests, window, build_sources(frozen, evidence).firsts)
    of_service, days = split_register(register), days_of(window, zone)

    def recompute(service: str) -> tuple[Day, ...]:
        own = joined.of_service(service)
        return build_days(build_account(of_service(service), own, service, zone, now), days, own)

    return {stated.figures.service: recompute(stated.figures.service) for stated in frozen.services}
