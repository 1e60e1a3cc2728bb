"""`statement`: a month is frozen once, after its time, in its place in the chain, and never silently changed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from constat.errors import OutsideError, UsageError
from constat.register import line_writer
from constat.statement import compute_sha256
from outside.evidence import store
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import FALSE_ALARM, MONTHS, NOW, freeze_all, run, write_frozen_project
from verbs import statement


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with nothing frozen, made once."""
    return write_frozen_project(tmp_path_factory.mktemp("laid") / "project")


@pytest.fixture(scope="module")
def frozen(laid: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its months frozen, made once."""
    root = Path(shutil.copytree(laid, tmp_path_factory.mktemp("frozen") / "project"))
    freeze_all(root)
    return root


@pytest.fixture
def project(frozen: Path, tmp_path: Path) -> Path:
    """A copy of the frozen project."""
    return Path(shutil.copytree(frozen, tmp_path / "project"))


def _read(root: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((root / "history/statements" / f"{name}.json").read_bytes())
    return content


def test_the_statement_is_one_canonical_line_with_the_keys_in_the_order_of_the_design(frozen: Path) -> None:
    data = (frozen / "history/statements/2026-10.json").read_bytes()
    content = json.loads(data)
    assert data == json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    assert list(content) == [
        *("schema", "status", "month", "timezone", "start", "end", "frozen_at", "contract", "services"),
        *(
            "support",
            "maintenance",
            "corrections",
            "late_rows",
            "changes",
            "evidence",
            "previous",
            "supersedes",
        ),
    ]
    assert content["contract"] == {"version": "2026-01", "url": "https://www.maxony.example/sla"}


def test_figures_match_the_evidence(frozen: Path) -> None:
    """October of the relay: an hour down unannounced, one announced, and three hours unknown on the sixth.

    2,682,000 s with the hour that passes twice; 1 % of it is allowed.
    """
    smtp = _read(frozen, "2026-10")["services"][0]
    assert smtp["seconds"] == {
        "window": 2_682_000,
        "up": 2_664_000,
        "degraded": 0,
        "down": 7200,
        "unknown": 10_800,
    }
    assert smtp["maintenance"] == {"window": 10_800, "up": 7200, "degraded": 0, "down": 3600, "unknown": 0}
    assert smtp["all"]["availability"] == "99.730"
    assert smtp["without_maintenance"]["availability"] == "99.864"
    assert (smtp["verdict"], smtp["budget"]["allowed_s"], smtp["budget"]["spent_s"]) == ("met", 26_820, 7200)
    counts = {"expected": 1490, "made": 1484}
    assert smtp["checks"] == {**counts, "vantages": {"here": counts}}
    assert [outage["reason"] for outage in smtp["outages"]] == ["refused", "refused"]
    assert smtp["first"] == {"service": "2026-08-03T08:00:00Z", "checks": {"check-0": "2026-08-03T08:00:00Z"}}


def test_a_corrected_month_shows_what_was_measured_beside_it(frozen: Path) -> None:
    september = _read(frozen, "2026-09")
    api = september["services"][1]
    assert api["seconds"]["down"] == 0
    assert api["uncorrected"]["seconds"]["down"] == 3600
    (line,) = september["corrections"]
    assert list(line) == ["at", "service", "start", "end", "becomes", "decided", "why", "evidence"]


def test_support_is_judged_by_due_time_and_its_rows_are_kept(frozen: Path) -> None:
    """1002 in time, 1003 late; 1004, asked on Friday afternoon, is due on Monday in November."""
    (first,) = _read(frozen, "2026-10")["support"]
    assert (first["tickets"], first["late"], first["in_time"], first["verdict"]) == (2, 1, "50.000", "missed")
    rows = (frozen / "history/statements/2026-10.tickets.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[0] for row in rows] == ["ticket", "1002", "1003"]


def test_evidence_lists_the_days_and_their_hashes(frozen: Path) -> None:
    evidence = _read(frozen, "2026-10")["evidence"]
    days = [file["path"] for file in evidence if file["path"].endswith(".csv") and file["path"][0] == "2"]
    assert (days[0], days[-1], len(days)) == ("2026/09/2026-09-29.csv", "2026/10/2026-10-31.csv", 33)
    for file in evidence:
        data = (frozen / "history" / file["path"]).read_bytes()
        assert compute_sha256(data) == file["sha256"]
    register = next(file for file in evidence if file["path"] == "register.jsonl")
    assert register["lines"] == len((frozen / "history/register.jsonl").read_bytes().splitlines())


def test_months_form_a_chain(frozen: Path) -> None:
    assert _read(frozen, "2026-08")["previous"] is None
    for month, before in (("2026-09", "2026-08"), ("2026-10", "2026-09")):
        data = (frozen / f"history/statements/{before}.json").read_bytes()
        assert _read(frozen, month)["previous"] == {"month": before, "sha256": compute_sha256(data)}


def test_freezing_again_does_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in (project / "history/statements").iterdir()}
    for month in MONTHS:
        assert run(statement, project, month, now=NOW + 86_400) == 0
    assert {path: path.read_bytes() for path in (project / "history/statements").iterdir()} == before
    assert capsys.readouterr().out == ""


def test_the_same_inputs_give_the_same_bytes(laid: Path, project: Path, tmp_path: Path) -> None:
    """Even without the derived files that the first freeze used."""
    again = Path(shutil.copytree(laid, tmp_path / "again"))
    shutil.rmtree(again / "history/derived", ignore_errors=True)
    freeze_all(again)
    for month in MONTHS:
        name = f"history/statements/{month}.json"
        assert (again / name).read_bytes() == (project / name).read_bytes()


def test_later_lines_of_the_register_that_change_no_figure_change_nothing(project: Path) -> None:
    line = '{"at":"2026-11-05T00:00:00Z","kind":"page","timezone":"Europe/Zurich"}'
    store.append_register(project, [line])
    assert run(statement, project, "2026-10") == 0


def test_answers_recorded_after_the_freeze_count_as_unanswered(project: Path) -> None:
    """1004 is answered late; whether it was is November's concern, and October's rows stay as they were."""
    file = project / "support/tickets.csv"
    file.write_text(
        file.read_text("utf-8").replace("16:30:00+01:00,", "16:30:00+01:00,2026-11-05T09:00:00+01:00"),
        "utf-8",
    )
    assert run(statement, project, "2026-10") == 0


def _touch_evidence(root: Path) -> None:
    path = root / "history/2026/10/2026-10-08.csv"
    path.write_bytes(
        path.read_bytes().replace(b"T12:00:00Z,smtp,check-0,up", b"T12:00:00Z,smtp,check-0,down")
    )


def test_a_month_that_would_differ_is_reported_and_left_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1; the figures and the file are named, and nothing is written."""
    _touch_evidence(project)
    before = (project / "history/statements/2026-10.json").read_bytes()
    assert run(statement, project, "2026-10") == 1
    told = capsys.readouterr().out
    assert "smtp seconds.down: frozen 7200, recomputed 9000" in told
    assert "evidence[2026/10/2026-10-08.csv].sha256: frozen" in told
    assert (project / "history/statements/2026-10.json").read_bytes() == before
    assert not (project / "history/statements/2026-10.1.json").exists()


def test_superseded_statement_is_kept_and_the_reason_recorded(project: Path) -> None:
    _touch_evidence(project)
    old = (project / "history/statements/2026-10.json").read_bytes()
    rows = (project / "history/statements/2026-10.tickets.csv").read_bytes()
    assert run(statement, project, "2026-10", "--supersede", "a row was restored", now=NOW) == 0
    assert (project / "history/statements/2026-10.1.json").read_bytes() == old
    assert (project / "history/statements/2026-10.1.tickets.csv").read_bytes() == rows
    new = _read(project, "2026-10")
    assert new["supersedes"] == {
        "path": "statements/2026-10.1.json",
        "sha256": compute_sha256(old),
        "why": "a row was restored",
    }
    assert new["services"][0]["seconds"]["down"] == 9000
    assert run(statement, project, "2026-10", now=NOW + 60) == 0


def test_superseding_an_equal_statement_does_nothing(project: Path) -> None:
    assert run(statement, project, "2026-10", "--supersede", "just so") == 0
    assert not (project / "history/statements/2026-10.1.json").exists()


def test_a_month_whose_previous_one_was_superseded_is_still_equal(project: Path) -> None:
    store.append_register(project, [line_writer.write_correction(FALSE_ALARM).replace('"up"', '"unknown"')])
    assert run(statement, project, "2026-09") == 1
    assert run(statement, project, "2026-09", "--supersede", "the correction was changed") == 0
    assert run(statement, project, "2026-10") == 0


def test_an_edited_register_is_a_difference(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "history/register.jsonl"
    path.write_bytes(path.read_bytes().replace(b"T20:00:00Z", b"T20:30:00Z"))
    assert run(statement, project, "2026-10") == 1
    assert "evidence[register.jsonl].sha256" in capsys.readouterr().out


def test_a_month_is_not_frozen_before_its_time(laid: Path) -> None:
    """By default three days after its end (October ends in Zurich at 23:00 UTC)."""
    with pytest.raises(UsageError, match="2026-10 cannot be frozen before 2026-11-03T23:00:00Z"):
        run(statement, laid, "2026-10", now=parse_time("2026-11-03 22:59"))


def test_a_month_is_not_frozen_while_its_last_day_file_grows(tmp_path: Path) -> None:
    """Regardless of `freeze_after`: Zurich's October ends an hour before the last UTC day that it rests on, which is sealed later."""
    root = write_frozen_project(tmp_path / "project")
    status = root / "status.yml"
    status.write_text(
        status.read_text("utf-8").replace("  target: 99\n", "  target: 99\n  freeze_after: 1m\n"), "utf-8"
    )
    with pytest.raises(UsageError, match="before 2026-11-01T01:00:00Z"):
        run(statement, root, "2026-10", now=parse_time("2026-11-01 00:59"))
    assert run(statement, root, "2026-10", now=parse_time("2026-11-01 01:00")) == 0


def test_gap_or_earlier_month_is_refused(project: Path) -> None:
    (project / "history/statements/2026-09.json").unlink()
    (project / "history/statements/2026-10.json").unlink()
    with pytest.raises(
        UsageError, match="2026-10 would leave a gap: the statement of 2026-09 is not frozen"
    ) as told:
        run(statement, project, "2026-10")
    assert told.value.tip == "freeze first: constat statement 2026-09"
    with pytest.raises(UsageError, match="2026-07 is before 2026-08, the first month"):
        run(statement, project, "2026-07")


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-1", "october", "2026-10-01", "../2026-10", "0001-01", "9999-12"]
)
def test_an_invalid_month_is_refused(project: Path, month: str) -> None:
    with pytest.raises(UsageError, match="is not a valid month"):
        run(statement, project, month)


def test_empty_reason_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="without a reason"):
        run(statement, project, "2026-10", "--supersede", "  ")


def test_nothing_is_frozen_without_a_register(laid: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(laid, tmp_path / "project"))
    (root / "history/register.jsonl").unlink()
    with pytest.raises(UsageError, match="the register has no rules") as told:
        run(statement, root, "2026-10")
    assert "check" in told.value.tip


def test_a_sparse_checkout_freezes_nothing(laid: Path, tmp_path: Path) -> None:
    """The derived files list a day file that is not checked out."""
    root = Path(shutil.copytree(laid, tmp_path / "project"))
    assert run(statement, root, "2026-10") == 0
    shutil.rmtree(root / "history/statements")
    (root / "history/2026/10/2026-10-08.csv").unlink()
    with pytest.raises(OutsideError, match=r"2026-10-08\.csv is missing"):
        run(statement, root, "2026-10")


def test_a_bad_ticket_row_is_left_out_and_reported(
    laid: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(laid, tmp_path / "project"))
    with (root / "support/tickets.csv").open("a", encoding="utf-8") as file:
        file.write("1005,third,Europe,2026-10-12T09:00:00+01:00,\n")
    assert run(statement, root, "2026-10") == 0
    assert "support/tickets.csv:6" in capsys.readouterr().err
    assert _read(root, "2026-10")["support"][0]["tickets"] == 2


def test_due_months_are_frozen_oldest_first(laid: Path, project: Path, tmp_path: Path) -> None:
    """First from the month of the first sample to the newest one due; then from the end of the chain."""
    root = Path(shutil.copytree(laid, tmp_path / "fresh"))
    assert run(statement, root, "--due", now=parse_time("2026-10-03 00:00")) == 0
    assert sorted(path.name for path in (root / "history/statements").glob("*.json")) == ["2026-08.json"]
    assert run(statement, root, "--due", now=parse_time("2026-11-03 00:00")) == 0
    assert run(statement, root, "--due", now=NOW) == 0
    for month in MONTHS:
        frozen, again = _read(project, month), _read(root, month)
        assert again["services"] == frozen["services"]
    before = [path.read_bytes() for path in sorted((root / "history/statements").iterdir())]
    assert run(statement, root, "--due", now=NOW + 86_400) == 0
    assert [path.read_bytes() for path in sorted((root / "history/statements").iterdir())] == before


def test_nothing_is_due_without_samples(tmp_path: Path) -> None:
    root = write_frozen_project(tmp_path / "project")
    shutil.rmtree(root / "history")
    assert run(statement, root, "--due") == 0
    assert not (root / "history/statements").exists()


def test_due_months_cannot_supersede(project: Path) -> None:
    with pytest.raises(UsageError, match="cannot be combined with --due"):
        run(statement, project, "--due", "--supersede", "why")
