"""`show`: what was known at an instant, from the files of a project."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from constat.errors import UsageError
from constat.history import HEADER, format_row
from outside.evidence import store
from tests.support.availability_cases import make_samples, parse_time
from tests.support.small_project import format_service, write_project
from tests.support.verb_runner import run_verb
from verbs import show

NOW = parse_time("2026-10-31 12:00")
WHY = "timeout after 10 s"
RULES = (
    '{"interval_s":60,"target":"99","min_coverage":"99","require":"all",'
    '"maintenance":{"counts":true,"notice_s":0,"cap_s":null},'
    '"checks":{"main":{"affects":"availability","interval_s":60,"quorum":1,"vantages":["lab"]},'
    '"speed":{"affects":"performance","interval_s":300,"quorum":1,"vantages":["lab"]}}}'
)
RECORDED = f'{{"at":"2026-10-01T00:00:04Z","kind":"service","id":"smtp","rules":{RULES}}}'
WINDOW = (
    '{"at":"2026-10-30T09:00:31Z","kind":"maintenance","slug":"2026-10-31-relay","services":["smtp"],'
    '"starts":"2026-10-31T11:00:00Z","ends":"2026-10-31T11:30:00Z","cancelled":false}'
)
CORRECTION = (
    '{"at":"2026-10-31T11:45:00Z","kind":"correction","service":"smtp","start":"2026-10-31T10:20:00Z",'
    '"end":"2026-10-31T10:30:00Z","becomes":"up","decided":"2026-10-31","why":"our own network","evidence":"e"}'
)
INCIDENT = """\
---
title: Queue
kind: incident
services: [smtp]
impact: major
---
## 2026-10-31T10:05Z investigating
We look.

## 2026-10-31T10:40Z resolved
It works.
"""
MAINTENANCE = """\
---
title: New relay
kind: maintenance
services: [smtp]
starts: 2026-10-31T11:00Z
ends: 2026-10-31T11:30Z
---
We work.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A morning: down from 10:00 to 10:30 (the second half corrected), silent from 10:58, maintenance at 11:00."""
    write_project(tmp_path, format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"))
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents/2026-10-31-queue.md").write_text(INCIDENT, "utf-8")
    (tmp_path / "incidents/2026-10-31-relay.md").write_text(MAINTENANCE, "utf-8")
    samples = [
        *make_samples(parse_time("2026-10-31 08:00"), parse_time("2026-10-31 10:00")),
        *make_samples(parse_time("2026-10-31 10:00"), parse_time("2026-10-31 10:30"), "down"),
        *make_samples(parse_time("2026-10-31 10:30"), parse_time("2026-10-31 10:57")),
    ]
    day = tmp_path / "history/2026/10/2026-10-31.csv"
    day.parent.mkdir(parents=True)
    day.write_text(f"{HEADER}\n{''.join(map(format_row, samples))}", "utf-8")
    store.append_register(tmp_path, [RECORDED, WINDOW, CORRECTION])
    return tmp_path


def run(root: Path, *words: str) -> int:
    """Run the verb as the command line does."""
    return run_verb(show, root, NOW, *words)


def read_output(root: Path, capsys: pytest.CaptureFixture[str], clock: str) -> dict[str, Any]:
    """Return the JSON output for a time of that morning, in UTC."""
    assert run(root, "--at", f"2026-10-31T{clock}Z", "smtp", "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["services"]
    return dict(one)


def test_output_has_state_samples_notices_and_register(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Zurich is an hour ahead of UTC; a time without an offset is in the page's zone."""
    assert run(project, "--at", "2026-10-31T11:10:30", "smtp") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-10-31 11:10:30 in Europe/Zurich (2026-10-31T10:10:30Z)",
        "",
        "smtp: down",
        "  from 2026-10-31 11:00:00 until 2026-10-31 11:20:00",
        f"  because: {WHY}",
        "  the page showed: outage since 2026-10-31 11:00:00",
        "  samples:",
        f"    main from lab: 2026-10-31 11:10:00 down 12 ms {WHY}; speaks until 2026-10-31 11:12:00 at most",
        "    speed from lab (affects performance): never looked",
        "  checks made on that day until then: 131 of 131 from lab",
        "  notices:",
        "    2026-10-31-queue (incident, investigating): Queue",
        "  register:",
        f"    {RECORDED}",
    ]


def test_a_correction_made_later_is_shown_beside_what_was_measured(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = read_output(project, capsys, "10:25:00")
    assert (one["state"], one["measured"]) == ("up", "down")
    assert one["shown"] == {"status": "outage", "since": "2026-10-31T10:00:00Z"}
    assert [line["kind"] for line in one["register"]] == ["service", "correction"]
    run(project, "--at", "2026-10-31T10:25:00Z", "smtp")
    assert "  measured: down; a correction says otherwise\n" in capsys.readouterr().out


def test_a_sample_that_no_longer_counts_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sample of 10:56 counts until 10:58; at that second nothing is known."""
    (last, _) = read_output(project, capsys, "10:57:59")["samples"]
    assert (last["at"], last["speaks"]) == ("2026-10-31T10:56:00Z", True)
    one = read_output(project, capsys, "10:58:00")
    assert (one["state"], one["from"]) == ("unknown", "2026-10-31T10:58:00Z")
    assert one["samples"][0] | {"speaks": True} == last
    assert one["samples"][0]["speaks"] is False
    run(project, "--at", "2026-10-31T10:58Z", "smtp")
    assert (
        "smtp: not known\n  from 2026-10-31 11:58:00, and still at 2026-10-31 13:00:00\n"
        in capsys.readouterr().out
    )


def test_announced_maintenance_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = read_output(project, capsys, "11:10:00")
    assert one["announced"] is True
    assert one["shown"]["status"] == "maintenance"
    assert [notice["reference"] for notice in one["notices"]] == ["2026-10-31-relay"]
    assert [line["kind"] for line in one["register"]] == ["service", "maintenance"]
    after = read_output(project, capsys, "11:30:00")
    assert (after["announced"], after["notices"]) == (False, [])


def test_a_second_outside_the_agreed_hours_says_that_it_counts_in_no_figure(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """31 October 2026 is a Saturday: nothing of it is agreed from Monday to Friday. What was measured is told all the same.

    The longer hours that were recorded on the 20th hold from November on.
    """
    weekdays = (
        '{"days":["mon","tue","wed","thu","fri"],"from":"08:00","to":"18:00","zone":"+01:00","holidays":[]}'
    )
    assert read_output(project, capsys, "10:10:00")["agreed"] is True
    register = project / "history/register.jsonl"
    hours = f'"require":"all","hours":[{weekdays}],'
    recorded = register.read_text("utf-8").replace('"require":"all",', hours)
    [promise] = [line for line in recorded.splitlines() if '"id":"smtp"' in line]
    changed = re.sub(r'"at":"[^"]*"', '"at":"2026-10-20T12:00:00Z"', promise).replace("18:00", "20:00")
    register.write_text(f"{recorded}{changed}\n", "utf-8")
    assert run(project, "--at", "2026-10-31T10:10:00Z", "smtp") == 0
    text = capsys.readouterr().out
    assert "\nsmtp: down\n" in text
    assert "  outside the agreed hours: it counts in no figure\n" in text
    assert "  agreed for this month: mon, tue, wed, thu, fri, 08:00 to 18:00 +01:00\n" in text
    one = read_output(project, capsys, "10:10:00")
    assert (one["state"], one["agreed"]) == ("down", False)
    assert [hours["to"] for hours in one["agreed_hours"]] == ["18:00"]


def test_an_incident_that_was_resolved_by_then_is_over(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [notice["state"] for notice in read_output(project, capsys, "10:39:59")["notices"]] == [
        "investigating"
    ]
    assert read_output(project, capsys, "10:40:00")["notices"] == []


def test_service_did_not_exist_before_its_first_sample(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = read_output(project, capsys, "07:59:59")
    assert (one["state"], one["measured"], one["from"]) == (None, None, None)
    run(project, "--at", "2026-10-31T07:00Z")
    assert "smtp: did not exist\n  the page showed: no data\n" in capsys.readouterr().out


def test_an_unknown_service_and_the_future_are_reported(project: Path) -> None:
    with pytest.raises(UsageError, match="there is no service sms"):
        run(project, "--at", "2026-10-31T10:00Z", "sms")
    with pytest.raises(UsageError, match="in the future"):
        run(project, "--at", "2026-10-31T12:00:01Z")


@pytest.mark.parametrize("text", ["yesterday", "0001-01-01T00:00+14:00", "9999-12-31T23:59Z"])
def test_an_invalid_time_is_bad_usage(project: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(project, "--at", text)
    assert f"{text!r} is not a valid time; write it as 2026-11-23T10:15+01:00" in capsys.readouterr().err
