"""Statements where days are sealed: what they wait for, what they name, and what came late."""

import json
from pathlib import Path
from typing import Any

import pytest

from constat.errors import UsageError
from constat.interval import format_instant
from constat.register import line_writer
from outside.evidence import store
from tasks.freeze import list_due_months
from tasks.project import Project
from tests.support.availability_cases import make_rules, parse_time, record_rules
from tests.support.frozen_project import NOW, run, seal_days, write_frozen_project
from tests.support.source_tree import ROOT
from verbs import statement, verify

DAY = "2026/10/2026-10-08.csv"
LAST_DAY = "2026/10/2026-10-31.csv"
SILENT_NOON = "2026-10-08T12:{minute}:00Z,smtp,check-0,{outcome},1,1,1800,here,{reason}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project of the summer, not frozen and without a seal."""
    return write_frozen_project(tmp_path / "project")


def _freeze(root: Path) -> None:
    for month, day in (("2026-08", "2026-09-05"), ("2026-09", "2026-10-05"), ("2026-10", "2026-11-05")):
        assert run(statement, root, month, now=parse_time(f"{day} 00:00")) == 0


def _october(root: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((root / "history/statements/2026-10.json").read_bytes())
    return content


def _append(root: Path, text: str) -> None:
    with (root / "history" / DAY).open("a", encoding="utf-8") as file:
        file.write(text)


def _file(content: dict[str, Any], path: str) -> dict[str, Any]:
    return next(file for file in content["evidence"] if file["path"] == path)


def test_a_month_waits_for_the_seal_of_its_last_day(project: Path) -> None:
    seal_days(project, skip=[LAST_DAY, "2026/11/2026-11-01.csv"])
    for month, day in (("2026-08", "2026-09-05"), ("2026-09", "2026-10-05")):
        assert run(statement, project, month, now=parse_time(f"{day} 00:00")) == 0
    assert list(list_due_months(Project(project, ROOT, NOW))) == []
    with pytest.raises(UsageError, match=f"2026-10 cannot be frozen yet: history/{LAST_DAY} is not sealed"):
        run(statement, project, "2026-10")
    seal_days(project)
    assert list(list_due_months(Project(project, ROOT, NOW))) == ["2026-10"]
    assert run(statement, project, "2026-10") == 0


def test_last_day_without_rows_needs_no_seal(project: Path) -> None:
    (project / "history" / LAST_DAY).unlink()
    seal_days(project)
    _freeze(project)
    assert LAST_DAY not in {file["path"] for file in _october(project)["evidence"]}


def test_each_day_is_named_with_its_bytes_and_its_first_seal(project: Path) -> None:
    seal_days(project)
    _freeze(project)
    content = _october(project)
    named = _file(content, DAY)
    assert named["bytes"] == len((project / "history" / DAY).read_bytes())
    assert list(named) == ["path", "bytes", "sha256", "sealed"]
    assert named["sealed"] == "2026-10-09T01:00:00Z"
    assert list(_file(content, "register.jsonl")) == ["path", "lines", "sha256"]
    assert (content["late_rows"], content["services"][0]["late_s"]) == (0, 0)
    assert run(verify, project) == 0


def test_rows_after_the_seal_are_counted_and_change_no_outage(project: Path) -> None:
    """A late down row of 12:10 counts from 12:30 at the earliest, where a row on time takes precedence."""
    seal_days(project)
    _append(project, SILENT_NOON.format(minute=10, outcome="down", reason="refused"))
    _freeze(project)
    content = _october(project)
    smtp = content["services"][0]
    assert (content["late_rows"], smtp["late_s"], smtp["seconds"]["down"]) == (1, 0, 7200)
    assert smtp["checks"]["made"] == 1484
    assert run(verify, project) == 0


def test_day_sealed_too_late_still_counts_and_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All its 96 rows are late; they count for the day except its first half hour, covered by a row of the day before."""
    seal_days(project, late={DAY: 26 * 3600 + 1})
    _freeze(project)
    content = _october(project)
    assert (content["late_rows"], content["services"][0]["late_s"]) == (96, 86_400 - 1800)
    assert content["services"][0]["seconds"]["unknown"] == 10_800
    assert run(verify, project) == 0
    told = f"{DAY} was first sealed at 2026-10-10T02:00:01Z, more than 26 hours after its end"
    assert told in capsys.readouterr().out


def test_a_day_that_was_sealed_in_time_to_the_second_is_on_time(project: Path) -> None:
    seal_days(project, late={DAY: 26 * 3600})
    _freeze(project)
    assert (_october(project)["late_rows"], _october(project)["services"][0]["late_s"]) == (0, 0)


def test_statement_on_less_than_the_sealed_bytes_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither on fewer bytes of a day, nor on no file of it."""
    seal_days(project)
    _freeze(project)
    path, whole = project / "history/statements/2026-10.json", _october(project)
    for cut, told in (
        ({"bytes": 100}, f"2026-10 rests on the first 100 bytes of {DAY}, of which"),
        (None, f"{DAY} is there, and 2026-10 does not rest on it"),
    ):
        files = [file if file["path"] != DAY else cut and {**file, **cut} for file in whole["evidence"]]
        content = {**whole, "evidence": [file for file in files if file]}
        path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        assert run(verify, project, "2026-10") == 1
        assert told in capsys.readouterr().out


def test_withdrawn_row_is_listed_with_its_reason(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seal_days(project)
    _freeze(project)
    lines = (project / "history" / DAY).read_bytes().splitlines(keepends=True)
    (project / "history" / DAY).write_bytes(b"".join(lines[:-1]))
    line = {"at": format_instant(NOW), "kind": "withdrawn", "path": DAY, "bytes": len(b"".join(lines[:-1]))}
    store.append_register(project, [json.dumps(line | {"sha256": "0" * 64, "why": "a password leaked"})])
    assert run(verify, project, "2026-10") == 1
    assert "; something was withdrawn from it: a password leaked" in capsys.readouterr().out


def test_rules_that_took_effect_are_listed_as_changes(project: Path) -> None:
    """At their effective times: the second line has an earlier time, but follows the first."""
    changed = make_rules(interval_s=120)
    store.append_register(
        project,
        [
            line_writer.write_service(record_rules(changed, parse_time("2026-10-20 12:00"))),
            line_writer.write_service(record_rules(make_rules(), parse_time("2026-10-20 11:50"))),
            line_writer.write_service(record_rules(None, parse_time("2026-11-02 00:00"))),
        ],
    )
    _freeze(project)
    changes = _october(project)["changes"]
    assert [(line["at"], line["service"], line["rules"]["interval_s"]) for line in changes] == [
        ("2026-10-20T12:00:00Z", "smtp", 120),
        ("2026-10-20T12:00:00Z", "smtp", 60),
    ]
    assert run(verify, project) == 0


def test_the_chain_begins_with_the_first_month_that_was_promised(project: Path) -> None:
    """August began without a target; the one that was recorded in it holds from September on."""
    register = project / "history/register.jsonl"
    text = register.read_text("utf-8")
    bare = text.replace('"target":"99"', '"target":null')
    promised = [line for line in text.splitlines() if '"kind":"service"' in line]
    first, *rest = bare.splitlines()
    at_once = [line.replace('"at":"2026-08-03T', '"at":"2026-08-20T') for line in promised]
    lines = sorted([first, *rest, *at_once], key=lambda line: str(json.loads(line)["at"]))
    register.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    assert list(list_due_months(Project(project, ROOT, parse_time("2026-10-05 00:00")))) == ["2026-09"]
    with pytest.raises(UsageError, match="nothing was promised when 2026-08 began"):
        run(statement, project, "2026-08", now=parse_time("2026-10-05 00:00"))
    assert run(statement, project, "2026-09", now=parse_time("2026-10-05 00:00")) == 0
    assert run(verify, project) == 0
