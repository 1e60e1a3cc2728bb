"""The stated months: frozen ones as frozen, and those that are not frozen yet as they stand."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from constat.availability import Account
from constat.interval import days_of, month_interval, month_of
from constat.page.page_inputs import PageInputs
from constat.page.stated_month import FrozenStatement, StatedMonth
from constat.statement import FreezeSettings, StatementInputs, state_month
from constat.support import compute_support_figures

_NO_ACCOUNTS: Mapping[str, Account] = MappingProxyType({})


def state_months(
    inputs: PageInputs, accounts: Mapping[str, Account] = _NO_ACCOUNTS
) -> tuple[StatedMonth, ...]:
    """State every month, the newest first. `accounts`: those already built, as of now.

    The month in progress and, until it is frozen, the one before are computed now; the others are as frozen.
    """
    known = {statement.name for statement in inputs.frozen}
    counted = [
        _state_provisionally(inputs, month, accounts)
        for month in _list_open_months(inputs)
        if month not in known
    ]
    stated = [*(month for month in counted if month.statement.services), *_link_frozen(inputs.frozen)]
    stated.sort(key=lambda month: (month.statement.month, month.standing != "superseded", month.name))
    return tuple(reversed(stated))


def _list_open_months(inputs: PageInputs) -> Iterator[str]:
    """The month in progress and the one before it, if the evidence covers them."""
    zone = inputs.config.page.timezone
    current = month_of(inputs.now, zone)
    for month in (current, month_of(month_interval(current, zone).start - 1, zone)):
        if inputs.evidence.window.start <= month_interval(month, zone).start:
            yield month


def _state_provisionally(inputs: PageInputs, month: str, accounts: Mapping[str, Account]) -> StatedMonth:
    """State a month as it stands. Its tickets are judged as of now, or as of the time at which it should have been frozen."""
    zone, sla = inputs.config.page.timezone, inputs.config.sla
    window = month_interval(month, zone)
    decided = min(inputs.now, window.end + sla.freeze_after_s)
    promises, tickets = inputs.support
    support = compute_support_figures(promises, tickets, window, zone, decided)
    late_rows = sum(inputs.evidence.late_rows.get(day, 0) for day in days_of(window, zone))
    rests_on = StatementInputs(
        inputs.register, inputs.evidence, support, (), inputs.evidence.firsts, late_rows, accounts
    )
    return StatedMonth(
        month, "provisional", state_month(month, zone, rests_on, FreezeSettings(inputs.now, sla.contract))
    )


def _link_frozen(frozen: Iterable[FrozenStatement]) -> Iterator[StatedMonth]:
    """The frozen months, each with the one that it replaced and the one that replaced it."""
    by_name = {statement.name: statement for statement in frozen}
    older = {name: _name_replaced(statement) for name, statement in by_name.items()}
    newer = {old: name for name, old in older.items() if old is not None}
    for name, stated in by_name.items():
        replaced = older[name]
        yield StatedMonth(
            name=name,
            standing="superseded" if name != stated.statement.month else "final",
            statement=stated.statement,
            sha256=stated.sha256,
            newer=newer.get(name),
            older=replaced if replaced in by_name else None,
            stamp=stated.stamp,
        )


def _name_replaced(frozen: FrozenStatement) -> str | None:
    """The name of the replaced statement, from that of its file."""
    old = frozen.statement.supersedes
    return None if old is None else old.path.rpartition("/")[2].removesuffix(".json")
