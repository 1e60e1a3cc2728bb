"""What the numbers mean (docs/how-uptime-is-computed.md, rules 1 to 17): pure functions over tracks.

`account` turns the register and the evidence into one service's states, second by second; `figures`, `days`,
`outages` and `standing` read it. Everything is counted in whole seconds and exact fractions.
"""

from constat.availability.account import Account, account
from constat.availability.corrections import is_idle
from constat.availability.days import days
from constat.availability.figures import availability, figures, uncorrected, verdict
from constat.availability.outages import outages
from constat.availability.shares import percent, percent_of
from constat.availability.standing import standing

__all__ = [
    "Account",
    "account",
    "availability",
    "days",
    "figures",
    "is_idle",
    "outages",
    "percent",
    "percent_of",
    "standing",
    "uncorrected",
    "verdict",
]
