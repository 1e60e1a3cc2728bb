"""Statements: the account of a month against its promise, with the evidence that it rests on (decision 10)."""

from constat.statement.chain import Link, check_chain, check_firsts, month_after, month_before
from constat.statement.decode import decode_statement
from constat.statement.differences import Difference, find_differences
from constat.statement.encode import build_content, encode_statement
from constat.statement.inputs import (
    StatementSources,
    build_inputs,
    build_tickets_path,
    compute_sha256,
    read_tickets,
    select_month_tickets,
    take_whole_lines,
)
from constat.statement.month_account import FreezeSettings, StatementInputs, state_month
from constat.statement.recomputation import EvidenceFiles
from constat.statement.scope import (
    EVIDENCE_PATH,
    find_zone,
    is_month,
    list_evidence_days,
    list_support_promises,
    parse_month,
    parse_zone,
    promises_availability,
)
from constat.statement.self_check import check_statement
from constat.statement.verification import MonthReport, ServiceRow, verify_month

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
    "build_tickets_path",
    "check_chain",
    "check_firsts",
    "check_statement",
    "compute_sha256",
    "decode_statement",
    "encode_statement",
    "find_differences",
    "find_zone",
    "is_month",
    "list_evidence_days",
    "list_support_promises",
    "month_after",
    "month_before",
    "parse_month",
    "parse_zone",
    "promises_availability",
    "read_tickets",
    "select_month_tickets",
    "state_month",
    "take_whole_lines",
    "verify_month",
]
