"""The rules of docs/how-uptime-is-computed.md as pure functions over tracks. Rule numbers are those of that page.

`account` computes one service's state at every second from the register and the evidence; `figures`, `days`,
`outages` and `standing` are computed from that. Everything is counted in whole seconds and exact fractions.
"""

from constat.availability.account import Account, build_account
from constat.availability.announced import order_versions
from constat.availability.corrections import is_idle
from constat.availability.days import build_days
from constat.availability.episodes import Episode, Fall, Patience, find_episodes
from constat.availability.figures import (
    compute_availability,
    compute_figures,
    compute_uncorrected,
    decide_verdict,
    find_credit,
)
from constat.availability.in_force import build_rules_track, find_promise
from constat.availability.outages import find_outages
from constat.availability.percentages import PAGE_DECIMALS, STATEMENT_DECIMALS, format_percent, format_share
from constat.availability.slots import count_slots
from constat.availability.standing import determine_standing
from constat.availability.views import STALE_AFTER_INTERVALS, find_viewers
from constat.availability.year_days import (
    PastMonth,
    YearDay,
    find_longest,
    join_outages,
    keep_for_year,
    list_runs,
    sum_up_month,
    summarise_day,
)

__all__ = [
    "PAGE_DECIMALS",
    "STALE_AFTER_INTERVALS",
    "STATEMENT_DECIMALS",
    "Account",
    "Episode",
    "Fall",
    "PastMonth",
    "Patience",
    "YearDay",
    "build_account",
    "build_days",
    "build_rules_track",
    "compute_availability",
    "compute_figures",
    "compute_uncorrected",
    "count_slots",
    "decide_verdict",
    "determine_standing",
    "find_credit",
    "find_episodes",
    "find_longest",
    "find_outages",
    "find_promise",
    "find_viewers",
    "format_percent",
    "format_share",
    "is_idle",
    "join_outages",
    "keep_for_year",
    "list_runs",
    "order_versions",
    "sum_up_month",
    "summarise_day",
]
