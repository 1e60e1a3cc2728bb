"""The check of a statement by itself, without any evidence: of its sums, its shares and its verdicts."""

from collections.abc import Iterator

from constat.availability import decide_verdict
from constat.errors import EvidenceError
from constat.model import Figures, Statement
from constat.statement.decode import decode_statement, read_json
from constat.statement.differences import find_differences
from constat.statement.encode import build_content


def check_statement(data: bytes, name: str) -> Iterator[str]:
    """Find where a statement contradicts itself.

    Raises:
        EvidenceError: it cannot be read at all.

    """
    statement = decode_statement(data, name)
    try:
        written = read_json(data)
        for difference in find_differences(written, build_content(statement)):
            yield f"{statement.month} contradicts its own seconds: {difference}"
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceError(f"{name} makes no sense: {error}") from error
    yield from _check_verdicts(statement)


def _check_verdicts(statement: Statement) -> Iterator[str]:
    for service in statement.services:
        figures = service.figures
        place = f"{statement.month} {figures.service}"
        if figures.seconds.window > statement.window.seconds:
            yield f"{place}: its seconds are more than those of the month"
        if sum(outage.seconds for outage in figures.outages) != figures.seconds.down:
            yield f"{place}: its outages do not add up to the {figures.seconds.down} seconds that it was down"
        yield from _compare_verdicts(figures, place)


def _compare_verdicts(figures: Figures, place: str) -> Iterator[str]:
    if figures.target is None:  # nothing is promised, so nothing is judged
        return
    by_name = {
        "all": (figures.all, figures.verdict_all),
        "without_maintenance": (figures.without_maintenance, figures.verdict_without),
    }
    for name, (shares, written) in by_name.items():
        decided = decide_verdict(shares, figures.target, figures.min_coverage)
        if written != decided:
            yield f"{place}: the verdict of {name} is written as {written}, and its figures make it {decided}"
    if figures.verdict != by_name[figures.counts][1]:
        yield f"{place}: its verdict is not that of the figure that counts"
