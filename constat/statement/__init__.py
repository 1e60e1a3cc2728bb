"""The account of a month: what was promised and what was kept, with the evidence it rests on (DESIGN 10)."""

from constat.statement.chain import Link, check_chain, check_firsts, month_after, month_before
from constat.statement.decode import decode_statement
from constat.statement.differences import Difference, find_differences
from constat.statement.encode import build_content, encode_statement
from constat.statement.inputs import (
    StatementSources,
    build_inputs,
    month_tickets,
    read_tickets,
    sha256,
    tickets_path,
    whole_lines,
)
from constat.statement.month_account import FreezeSettings, StatementInputs, state_month
from constat.statement.scope import (
    EVIDENCE_PATH,
    is_month,
    list_evidence_days,
    list_support_promises,
    month_window,
    zone_for,
)
from constat.statement.verification import EvidenceFiles, MonthReport, ServiceRow, verify_month

__all__ = [
    "EVIDENCE_PATH",
    "Difference",
    "EvidenceFiles",
    "FreezeSettings",
    "Link",
    "MonthReport",
    "ServiceRow",
    "StatementInputs",
    "StatementSources",
    "build_content",
    "build_inputs",
    "check_chain",
    "check_firsts",
    "decode_statement",
    "encode_statement",
    "find_differences",
    "is_month",
    "list_evidence_days",
    "list_support_promises",
    "month_after",
    "month_before",
    "month_tickets",
    "month_window",
    "read_tickets",
    "sha256",
    "state_month",
    "tickets_path",
    "verify_month",
    "whole_lines",
    "zone_for",
]
