"""The account of a month: what was promised and what was kept, with the evidence it rests on (DESIGN 10)."""

from constat.statement.chain import Link, chain_troubles, firsts_troubles, month_after, month_before
from constat.statement.decode import decode
from constat.statement.differences import Difference, differences
from constat.statement.encode import content, encode
from constat.statement.inputs import (
    REGISTER,
    Sources,
    grounds,
    month_tickets,
    read_tickets,
    sha256,
    tickets_path,
    whole_lines,
)
from constat.statement.month_account import Freezing, Grounds, state_month
from constat.statement.scope import EVIDENCE_PATH, evidence_days, is_month, month_window, promises, zone_for
from constat.statement.verification import Found, MonthReport, ServiceRow, verify_month

__all__ = [
    "EVIDENCE_PATH",
    "REGISTER",
    "Difference",
    "Found",
    "Freezing",
    "Grounds",
    "Link",
    "MonthReport",
    "ServiceRow",
    "Sources",
    "chain_troubles",
    "content",
    "decode",
    "differences",
    "encode",
    "evidence_days",
    "firsts_troubles",
    "grounds",
    "is_month",
    "month_after",
    "month_before",
    "month_tickets",
    "month_window",
    "promises",
    "read_tickets",
    "sha256",
    "state_month",
    "tickets_path",
    "verify_month",
    "whole_lines",
    "zone_for",
]
