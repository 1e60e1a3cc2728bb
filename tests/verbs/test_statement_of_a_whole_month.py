"""The statement of a whole month: every figure and the order of its keys, from evidence that was written for it."""

import json
from typing import Any

import pytest

from tests.support.october_project import FROZEN, write_october
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT
from tests.support.verb_runner import run_verb
from verbs import statement

EXPECTED: dict[str, Any] = json.loads("""
{"schema": 1, "status": "final", "month": "2026-10", "timezone": "Europe/Zurich",
 "start": "2026-09-30T22:00:00Z", "end": "2026-10-31T23:00:00Z", "frozen_at": "2026-11-04T00:07:00Z",
 "contract": {"version": "2026-01", "url": "https://www.maxony.example/sla"},
 "services": [{
   "id": "smtp", "target": "99.000", "counts": "all",
   "seconds":     {"window": 2682000, "up": 2659560, "degraded": 600, "down": 2400, "unknown": 19440},
   "maintenance": {"window": 10800, "up": 9600, "degraded": 0, "down": 1200, "unknown": 0},
   "all":                 {"availability": "99.909", "lower": "99.185", "upper": "99.910", "coverage": "99.275",
                           "verdict": "met"},
   "without_maintenance": {"availability": "99.954", "lower": "99.227", "upper": "99.955", "coverage": "99.272",
                           "verdict": "met"},
   "verdict": "met",
   "budget": {"allowed_s": 26820, "spent_s": 2400, "left_s": 24420, "unknown_s": 19440},
   "checks": {"expected": 44700, "made": 44376, "vantages": {"gha": {"expected": 44700, "made": 44376}}},
   "longest_gap_s": 2820, "credit": null, "late_s": 0,
   "outages": [{"start": "2026-10-07T03:12:00Z", "end": "2026-10-07T03:32:00Z", "seconds": 1200,
                "maintenance_s": 0, "reason": "timeout after 10 s"},
               {"start": "2026-10-14T21:10:00Z", "end": "2026-10-14T21:30:00Z", "seconds": 1200,
                "maintenance_s": 1200, "reason": "refused"}],
   "uncorrected": null,
   "first": {"service": "2026-03-02T08:00:00Z", "checks": {"submission": "2026-03-02T08:00:00Z"}},
   "rules": {"interval_s": 60, "target": "99", "min_coverage": "99", "require": "all",
             "maintenance": {"counts": true, "notice_s": 0, "cap_s": null},
             "checks": {"submission": {"affects": "availability", "interval_s": 60, "quorum": 1,
                                       "vantages": ["gha"]}}}}],
 "support": [{"level": "first", "target": "4h", "tickets": 212, "late": 0, "in_time": "100.000", "median_s": 3120,
              "longest_s": 14010, "verdict": "met"}],
 "maintenance": [{"slug": "2026-10-14-relay",
                  "versions": [{"at": "2026-10-12T08:00:00Z", "services": ["smtp"],
                                "starts": "2026-10-14T20:00:00Z", "ends": "2026-10-14T23:00:00Z",
                                "cancelled": false}]}],
 "corrections": [], "late_rows": 0, "changes": []}
""")
"""The month of the example in docs/how-uptime-is-computed.md."""


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The statement of October, frozen by the verb from the files of a project."""
    root = tmp_path_factory.mktemp("october")
    write_october(root)
    write_project(root, format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"))
    assert run_verb(statement, root, FROZEN, "2026-10") == 0
    return (root / "history/statements/2026-10.json").read_bytes()


@pytest.mark.parametrize("part", EXPECTED)
def test_every_part_of_the_statement_is_as_expected(part: str, stated: bytes) -> None:
    assert json.loads(stated)[part] == EXPECTED[part]


def test_keys_are_in_a_fixed_order(stated: bytes) -> None:
    """Two statements are equal if their bytes are; so the order is part of it."""
    document = json.loads(stated)
    assert list(document) == [*EXPECTED, "evidence", "previous", "supersedes"]
    assert json.dumps({part: document[part] for part in EXPECTED}) == json.dumps(EXPECTED)


def test_evidence_files_are_listed(stated: bytes) -> None:
    """The day before the month, the UTC days of the month, the register, the tickets."""
    paths = [file["path"] for file in json.loads(stated)["evidence"]]
    days = [f"2026/10/2026-10-{day:02}.csv" for day in range(1, 32)]
    assert paths == ["2026/09/2026-09-30.csv", *days, "register.jsonl", "statements/2026-10.tickets.csv"]


def test_documented_example_has_these_figures(stated: bytes) -> None:
    """The example in docs/how-uptime-is-computed.md is this month."""
    text = (ROOT / "docs/how-uptime-is-computed.md").read_text("utf-8")
    example = " ".join(text[text.index("## An example") :].split())
    (smtp,) = json.loads(stated)["services"]
    seconds, budget = smtp["seconds"], smtp["budget"]
    row = " | ".join(f"{seconds[part]:,} s" for part in ("up", "degraded", "down", "unknown"))
    assert f"| {row} |" in example
    for figure in (*list(smtp["all"].values())[:4], smtp["without_maintenance"]["availability"]):
        assert f"{figure} %" in example
    assert f"= {budget['allowed_s']:,} s, of which {budget['spent_s']:,} s were spent" in example
    assert f"÷ {seconds['window']:,} = {smtp['all']['lower']} %" in example
