"""Rules of agreed hours and of credits that go beyond the types of their values (rules 18 and 19)."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal

from constat.config import sections
from constat.config.problem_log import ProblemLog, refuse_duplicates
from constat.config.sections import ParsedService
from constat.text.yaml_source import Path

_DAY, _WEEK = 24 * 60, 7 * 24 * 60
"""In minutes."""


def check_agreement(
    log: ProblemLog,
    path: Path,
    hours: Sequence[sections.AgreedHours],
    table: Sequence[sections.Credit],
) -> None:
    """Note every span of hours and every row of a table of credits that cannot be meant as it is written."""
    for number, agreed in enumerate(hours):
        check_hours(log, (*path, "hours", number), agreed)
    _refuse_overlaps(log, (*path, "hours"), hours)
    for number, credit in enumerate(table):
        _check_credit(log, (*path, "credits", number), credit, [*table[:number], *table[number + 1 :]])
        if credit.below in [other.below for other in table[:number]]:
            message = f"a second credit below {credit.below:f}"
            log.wrong((*path, "credits", number, "below"), message, "write each limit once")


def check_target(log: ProblemLog, path: Path, target: Decimal | None) -> None:
    """Refuse a target of at most 1 %: it is a share that was meant as a percentage."""
    if target is not None and target <= 1:
        message = f"{target:f} % is promised, so nearly any month meets it"
        log.wrong((*path, "target"), message, f"write a percentage: {(100 * target).normalize():f}")


def check_owed_for(log: ProblemLog, parsed: ParsedService, sla: sections.Sla | None) -> None:
    """Refuse credits without a target: they would never be stated."""
    if sla is None or parsed.service.target or sla.target:
        return
    if parsed.service.credits or (parsed.service.credits is None and sla.credits):
        where = (*parsed.path, "credits") if parsed.service.credits else ("sla", "credits")
        message = f"credits, and no target for {parsed.service.id}: a month without a target is never stated"
        log.wrong(where, message, "write the promised availability as target, or take the credits out")


def check_hours(log: ProblemLog, path: Path, hours: sections.Hours | sections.AgreedHours) -> None:
    """Hours from midnight to midnight are a whole day; others that end when they begin are none."""
    if hours.from_ == hours.to != time(0):
        message = "closing time equals opening time"
        log.wrong((*path, "to"), message, "write a later time; a whole day is 00:00 to 24:00")
    refuse_duplicates(log, (*path, "holidays"), hours.holidays)


def _refuse_overlaps(log: ProblemLog, path: Path, hours: Sequence[sections.AgreedHours]) -> None:
    """Refuse hours that overlap others of the same zone and the same holidays.

    In two zones they may, as two regions do; with other holidays the shorter ones may be those of the holidays.
    """
    for number, agreed in enumerate(hours):
        for earlier in hours[:number]:
            same = (agreed.zone, set(agreed.holidays)) == (earlier.zone, set(earlier.holidays))
            if same and _list_minutes(agreed) & _list_minutes(earlier):
                message = f"these hours overlap those from {earlier.from_:%H:%M} to {earlier.to:%H:%M}"
                log.wrong((*path, number), message, "write both as one, or begin where the others end")
                break


def _list_minutes(hours: sections.AgreedHours) -> set[int]:
    """The minutes of a week for which hours are agreed; Monday begins with 0."""
    opens, closes = (clock.hour * 60 + clock.minute for clock in (hours.from_, hours.to))
    length = (closes - opens) % _DAY or _DAY
    return {(day * _DAY + opens + minute) % _WEEK for day in hours.days for minute in range(length)}


def _check_credit(
    log: ProblemLog, path: Path, credit: sections.Credit, others: Sequence[sections.Credit]
) -> None:
    """Refuse a credit that is never due, since a higher limit owes as much already: the highest one counts."""
    above = [other for other in others if other.below > credit.below and other.percent >= credit.percent]
    if above:
        most = max(above, key=lambda other: other.percent)
        message = f"{credit.percent:f} % below {credit.below:f} is never due: below {most.below:f}, {most.percent:f} % is"
        log.wrong((*path, "percent"), message, f"write more than {most.percent:f}, or take the row out")
