"""Read `support/tickets.csv` of a project, and the promises that its tickets are judged by."""

from collections.abc import Iterable
from pathlib import Path

from constat.errors import InputError, Problem
from constat.interval import Instant
from constat.model import Config, Register, Support, Ticket
from constat.statement import list_support_promises
from constat.support import TICKETS, RecordedPromise, parse_tickets
from outside.project.files import read_text


def find_support_promises(register: Register, config: Config | None = None) -> tuple[RecordedPromise, ...]:
    """Find the promises of support over time; if the register has none, that of `status.yml` for all time.

    Raises:
        EvidenceError: a line of the register cannot be read.

    """
    recorded = list_support_promises(register)
    written = config.support if config else None
    return recorded or ((RecordedPromise(0, written),) if written else ())


def read_tickets(
    root: Path, promised: Iterable[Support | None], now: Instant
) -> tuple[tuple[Ticket, ...], tuple[Problem, ...]]:
    """Read the tickets of a project, and what is wrong with their file; both are empty if there is no file.

    A file that is not UTF-8 is also returned as a problem, not raised: the page is still built, without its tickets.

    `promised`: every promise that was ever in force, whose levels and regions tickets may name.

    Raises:
        OutsideError: the file cannot be read.

    """
    try:
        text = read_text(root, TICKETS)
    except InputError as error:
        return (), error.problems
    if text is None:
        return (), ()
    promises = [support for support in promised if support]
    levels = dict.fromkeys(level.id for support in promises for level in support.levels)
    regions = dict.fromkeys(hours.region for support in promises for hours in support.hours)
    return parse_tickets(text, TICKETS, levels.keys(), regions.keys(), now)
