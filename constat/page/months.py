"""The stated months: those that were frozen, and what the months that are not frozen yet come to so far."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from constat.interval import Instant, Interval, month_interval, month_of
from constat.model import Config, Evidence, Register, Ticket
from constat.page.types import FrozenStatement, StatedMonth
from constat.statement import FreezeSettings, StatementInputs, state_month
from constat.support import RecordedPromise, compute_support_figures


class Declared(NamedTuple):
    """What is declared of support: the promises over time, and the tickets that are judged by them."""

    promises: tuple[RecordedPromise, ...] = ()
    tickets: tuple[Ticket, ...] = ()


class Accounts(NamedTuple):
    """What the months are stated from: the same things as the page, the frozen statements and the tickets."""

    config: Config
    register: Register
    evidence: Evidence
    frozen: tuple[FrozenStatement, ...]
    declared: Declared
    now: Instant

    def months(self) -> tuple[StatedMonth, ...]:
        """Every stated month, the newest first.

        The one in progress and, while it is not frozen, the one before are counted now; the others are as frozen.
        """
        known = {each.name for each in self.frozen}
        counted = [self._provisional(month) for month in self._open_months() if month not in known]
        stated = [*(month for month in counted if month.statement.services), *_frozen(self.frozen)]
        stated.sort(key=lambda month: (month.statement.month, month.standing != "superseded", month.name))
        return tuple(reversed(stated))

    def _open_months(self) -> Iterator[str]:
        """The month in progress and the one before it, as far as the evidence reaches over them."""
        zone = self.config.page.timezone
        current = month_of(self.now, zone)
        for month in (current, month_of(month_interval(current, zone).start - 1, zone)):
            if self.evidence.window.start <= month_interval(month, zone).start:
                yield month

    def _provisional(self, month: str) -> StatedMonth:
        zone = self.config.page.timezone
        window = month_interval(month, zone)
        promises, tickets = self.declared.promises, self.declared.tickets
        support = compute_support_figures(promises, tickets, window, zone, self._decided(window))
        grounds = StatementInputs(self.register, self.evidence, support, (), self.evidence.firsts)
        statement = state_month(month, zone, grounds, FreezeSettings(self.now, self.config.sla.contract))
        return StatedMonth(month, "provisional", statement)

    def _decided(self, window: Interval) -> Instant:
        """Tickets of a month are judged as of now, or of its freeze where that should have been."""
        return min(self.now, window.end + self.config.sla.freeze_after_s)


def _frozen(frozen: Iterable[FrozenStatement]) -> Iterator[StatedMonth]:
    """The frozen months, each with the one that it replaced and the one that replaced it."""
    by_name = {each.name: each for each in frozen}
    older = {name: _replaced(each) for name, each in by_name.items()}
    newer = {old: name for name, old in older.items() if old is not None}
    for name, each in by_name.items():
        replaced = older[name]
        yield StatedMonth(
            name=name,
            standing="superseded" if name != each.statement.month else "final",
            statement=each.statement,
            sha256=each.sha256,
            newer=newer.get(name),
            older=replaced if replaced in by_name else None,
        )


def _replaced(each: FrozenStatement) -> str | None:
    """The name of the statement that one replaced: that of its file."""
    old = each.statement.supersedes
    return None if old is None else old.path.rpartition("/")[2].removesuffix(".json")
