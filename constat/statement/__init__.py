"""The account of a month: what was promised and what was kept, with the evidence it rests on (DESIGN 10)."""

from constat.statement.account import Freezing, Grounds, state_month
from constat.statement.decode import decode
from constat.statement.differences import Difference, differences, equal_apart_from_freezing
from constat.statement.encode import content, encode
from constat.statement.scope import EVIDENCE_PATH, evidence_days, month_window, promise_of_support, zone_for

__all__ = [
    "EVIDENCE_PATH",
    "Difference",
    "Freezing",
    "Grounds",
    "content",
    "decode",
    "differences",
    "encode",
    "equal_apart_from_freezing",
    "evidence_days",
    "month_window",
    "promise_of_support",
    "state_month",
    "zone_for",
]
