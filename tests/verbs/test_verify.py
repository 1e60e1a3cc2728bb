"""`verify`: every frozen month is reproduced from its evidence, and any file that was tampered with is named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from constat.errors import OutsideError, UsageError
from constat.interval import parse_instant
from constat.model import MaintenanceVersion
from constat.register import line_writer
from constat.statement import compute_sha256
from outside.evidence import store
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import (
    FALSE_ALARM,
    MONTHS,
    NOW,
    WINDOW,
    freeze_all,
    publish_records,
    run,
    write_frozen_project,
)
from verbs import statement, verify

OCTOBER = "history/statements/2026-10.json"
DAY = "history/2026/10/2026-10-08.csv"
REGISTER = "history/register.jsonl"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, frozen and published, made once."""
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root


@pytest.fixture
def project(frozen: Path, tmp_path: Path) -> Path:
    """A copy of the frozen project."""
    return Path(shutil.copytree(frozen, tmp_path / "project"))


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one process, except in the test of several."""
    monkeypatch.setattr("os.cpu_count", lambda: 1)


def _replace(root: Path, name: str, old: str, new: str) -> None:
    """Replace text that must occur in a file."""
    data = (root / name).read_bytes()
    assert data.count(old.encode()) >= 1
    (root / name).write_bytes(data.replace(old.encode(), new.encode(), 1))


def test_every_frozen_month_verifies_and_is_listed_in_a_table(
    frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(verify, frozen) == 0
    assert capsys.readouterr().out.splitlines() == [
        "month    service  frozen   recomputed  verdict",
        "2026-08  smtp     99.853   99.853      met",
        "2026-08  api      100.000  100.000     met",
        "2026-09  smtp     100.000  100.000     met",
        "2026-09  api      100.000  100.000     met",
        "2026-10  smtp     99.730   99.730      met",
        "2026-10  api      99.865   99.865      met",
    ]


def test_status_yml_and_derived_files_are_not_needed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "history/derived")
    (project / "status.yml").unlink()
    (project / "support/tickets.csv").unlink()
    assert run(verify, project) == 0
    assert "note: status.yml cannot be read" in capsys.readouterr().out


def test_several_processes_give_the_same_result(
    frozen: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(verify, frozen)
    alone = capsys.readouterr().out
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert run(verify, frozen) == 0
    assert capsys.readouterr().out == alone


def test_one_month_can_be_verified_alone(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(verify, frozen, "2026-09") == 0
    assert {line[:7] for line in capsys.readouterr().out.splitlines()[1:]} == {"2026-09"}


def _byte(root: Path) -> None:
    _replace(root, DAY, "T12:00:00Z,smtp,check-0,up,2", "T12:00:00Z,smtp,check-0,up,3")


def _outcome(root: Path) -> None:
    _replace(root, DAY, "T12:00:00Z,smtp,check-0,up", "T12:00:00Z,smtp,check-0,down")


def _removed_row(root: Path) -> None:
    lines = (root / DAY).read_bytes().splitlines(keepends=True)
    (root / DAY).write_bytes(b"".join(lines[:20] + lines[21:]))


def _inserted_row(root: Path) -> None:
    with (root / DAY).open("a", encoding="utf-8") as file:
        file.write("2026-10-08T12:10:00Z,smtp,check-0,down,1,1,1800,here,refused\n")


def _removed_file(root: Path) -> None:
    (root / DAY).unlink()


def _inserted_file(root: Path) -> None:
    """Add the file of a day that has none by the statement, from whose evidence it is removed first."""
    content = json.loads((root / OCTOBER).read_bytes())
    content["evidence"] = [
        file for file in content["evidence"] if file["path"] != DAY.removeprefix("history/")
    ]
    (root / OCTOBER).write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
    )


def _edited_statement(root: Path) -> None:
    _replace(root, OCTOBER, '"down":7200', '"down":3600')


def _edited_verdict(root: Path) -> None:
    _replace(
        root, "history/statements/2026-08.json", '"verdict":"met","budget"', '"verdict":"missed","budget"'
    )


def _edited_contract(root: Path) -> None:
    """Edit a field that only the chain of hashes protects, not the evidence."""
    _replace(root, "history/statements/2026-08.json", '"version":"2026-01"', '"version":"2026-02"')


def _respelt_statement(root: Path) -> None:
    data = json.loads((root / OCTOBER).read_bytes())
    (root / OCTOBER).write_text(json.dumps(data), "utf-8")


def _broken_statement(root: Path) -> None:
    (root / OCTOBER).write_text('{"schema":1}', "utf-8")


def _reordered_chain(root: Path) -> None:
    """Swap August and September."""
    folder = root / "history/statements"
    one, other = (folder / f"{month}.json" for month in MONTHS[:2])
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def _missing_link(root: Path) -> None:
    (root / "history/statements/2026-09.json").unlink()


def _edited_line(root: Path) -> None:
    _replace(root, REGISTER, '"target":"99"', '"target":"90"')


def _removed_line(root: Path) -> None:
    lines = (root / REGISTER).read_bytes().splitlines(keepends=True)
    (root / REGISTER).write_bytes(b"".join(line for line in lines if b'"correction"' not in line))


def _inserted_line(root: Path) -> None:
    lines = (root / REGISTER).read_bytes().splitlines(keepends=True)
    window = MaintenanceVersion(
        parse_time("2026-10-01 00:00"),
        "x",
        ("smtp",),
        parse_time("2026-10-07 02:00"),
        parse_time("2026-10-07 05:00"),
        False,
    )
    (root / REGISTER).write_bytes(
        b"".join([lines[0], f"{line_writer.write_maintenance(window)}\n".encode(), *lines[1:]])
    )


def _changed_ticket(root: Path) -> None:
    _replace(root, "history/statements/2026-10.tickets.csv", "2026-10-14T15:00:00Z", "2026-10-13T09:00:00Z")


def _removed_tickets(root: Path) -> None:
    (root / "history/statements/2026-10.tickets.csv").unlink()


def _published_figure(root: Path) -> None:
    _replace(root, "site/api/sla/2026-10.json", '"availability":"99.730"', '"availability":"99.930"')


def _published_day(root: Path) -> None:
    shutil.copy(
        root / "site/evidence/2026/10/2026-10-09.csv.gz", root / "site/evidence/2026/10/2026-10-10.csv.gz"
    )


def _published_register(root: Path) -> None:
    _replace(root, "site/evidence/register.jsonl", '"target":"99"', '"target":"90"')


def _false_first(root: Path) -> None:
    """Make the newest statement, which no later one protects, claim that the check began a day earlier."""
    _replace(root, OCTOBER, '"check-0":"2026-08-03T08:00:00Z"', '"check-0":"2026-08-03T07:00:00Z"')
    _replace(root, OCTOBER, '"service":"2026-08-03T08:00:00Z"', '"service":"2026-08-03T07:00:00Z"')


DAY_DIFFERS = "2026/10/2026-10-08.csv is not the file that 2026-10 rests on"
TAMPERED: dict[Callable[[Path], None], tuple[str, ...]] = {
    _byte: (DAY_DIFFERS,),
    _outcome: (
        "2026/10/2026-10-08.csv: its first 5111 bytes are not those that 2026-10 rests on",
        "2026-10 smtp seconds.up: frozen 2664000, recomputed 2662200",
    ),
    _removed_row: ("2026/10/2026-10-08.csv has fewer than the 5111 bytes that 2026-10 rests on",),
    _inserted_row: ("site/evidence/2026/10/2026-10-08.csv.gz differs from history/2026/10/2026-10-08.csv",),
    _removed_file: ("2026/10/2026-10-08.csv is missing",),
    _inserted_file: ("2026/10/2026-10-08.csv is there, and 2026-10 does not rest on it",),
    _edited_statement: ("2026-10 smtp seconds.down: frozen 3600, recomputed 7200",),
    _edited_verdict: (
        "2026-08 smtp verdict: frozen missed, recomputed met",
        "2026-09 follows another statement of 2026-08 than the one that is here",
    ),
    _edited_contract: ("2026-09 follows another statement of 2026-08 than the one that is here",),
    _respelt_statement: ("statements/2026-10.json is not written as Constat writes it",),
    _broken_statement: ("statements/2026-10.json is not a valid statement: 'status' is missing",),
    _reordered_chain: ("statements/2026-08.json is the statement of 2026-09",),
    _missing_link: ("2026-10 follows 2026-08: a month between them is missing",),
    _edited_line: (
        "register.jsonl: its first 6 lines are not those that 2026-10 rests on",
        "2026-08 smtp target: frozen 99.000, recomputed 90.000",
    ),
    _removed_line: (
        "register.jsonl has fewer than the 6 lines that 2026-10 rests on",
        "2026-09 api seconds.up: frozen 2581200, recomputed 2577600",
    ),
    _inserted_line: (
        "register.jsonl: its first 6 lines are not those that 2026-10 rests on",
        "2026-09 corrections[2026-09-20T03:00:00Z].at: frozen 2026-09-21T08:00:00Z, recomputed 2026-10-01T00:00:00Z",
        "2026-10 smtp outages[2026-10-07T03:00:00Z].maintenance_s: frozen 0, recomputed 3600",
    ),
    _changed_ticket: (
        "statements/2026-10.tickets.csv is not the file that 2026-10 rests on",
        "2026-10 support[first].late: frozen 1, recomputed 0",
    ),
    _removed_tickets: ("statements/2026-10.tickets.csv is missing",),
    _published_figure: ("site/api/sla/2026-10.json differs from the statement that was frozen",),
    _published_day: ("site/evidence/2026/10/2026-10-10.csv.gz differs from history/2026/10/2026-10-10.csv",),
    _published_register: ("site/evidence/register.jsonl is not the beginning of history/register.jsonl",),
    _false_first: (
        "2026/08/2026-08-03.csv has no sample of smtp/check-0 at 2026-08-03T07:00:00Z, claimed to be its first",
    ),
}


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__.strip("_"))
def test_tampering_is_detected_and_named(
    project: Path, capsys: pytest.CaptureFixture[str], tamper: Callable[[Path], None]
) -> None:
    """The exit code is 1; the output names the file, and the first figure that differs, if any does."""
    tamper(project)
    assert run(verify, project) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("does not verify: ")]
    for expected in TAMPERED[tamper]:
        assert f"does not verify: {expected}" in told
    figures = [line for line in told if ": frozen " in line]
    named = [expected for expected in TAMPERED[tamper] if ": frozen " in expected]
    assert not named or figures[0] == f"does not verify: {named[0]}" or tamper is _removed_line


def test_row_added_after_the_freeze_is_reported_without_changing_figures(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The month is recomputed from the bytes that it rests on; the output says what the later row would change."""
    shutil.rmtree(project / "site")
    _inserted_row(project)
    assert run(verify, project) == 0
    told = "1 later rows of 2026/10/2026-10-08.csv would change 2026-10 smtp seconds.up: frozen 2664000, recomputed 2662800"
    assert told in capsys.readouterr().out


def test_a_superseded_month_verifies_and_so_does_the_one_after_it(project: Path) -> None:
    """October follows the statement of September that was superseded since; both are kept."""
    store.append_register(project, [line_writer.write_correction(FALSE_ALARM).replace('"up"', '"unknown"')])
    assert run(statement, project, "2026-09", "--supersede", "the correction was changed") == 0
    publish_records(project)
    assert run(verify, project) == 0
    assert run(verify, project, "--evidence", str(project / "site")) == 0


def test_a_changed_or_missing_superseded_statement_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.append_register(project, [line_writer.write_correction(FALSE_ALARM).replace('"up"', '"unknown"')])
    assert run(statement, project, "2026-09", "--supersede", "the correction was changed") == 0
    _replace(project, "history/statements/2026-09.1.json", '"spent_s":0', '"spent_s":1')
    assert run(verify, project) == 1
    told = capsys.readouterr().out
    assert "statements/2026-09.1.json is not the statement that 2026-09 supersedes" in told
    assert "2026-10 follows another statement of 2026-09 than the one that is here" in told
    (project / "history/statements/2026-09.1.json").unlink()
    assert run(verify, project) == 1
    assert "statements/2026-09.1.json, which 2026-09 supersedes, is missing" in capsys.readouterr().out


def test_later_lines_of_the_register_that_would_change_a_figure_are_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They change nothing that was frozen, so they yield a note and exit code 0."""
    late = (
        line_writer.write_correction(FALSE_ALARM)
        .replace('"up"', "null")
        .replace("2026-09-21T08", "2026-11-05T08")
    )
    harmless = (
        line_writer.write_maintenance(WINDOW)
        .replace("2026-10-10T08", "2026-11-05T08")
        .replace('"2026-10-14', '"2026-12-14')
    )
    store.append_register(project, [harmless, late])
    assert run(verify, project) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: line")]
    assert notes == [
        (
            "note: line 8 of the register, recorded later, would change 2026-09 api seconds.up: "
            "frozen 2581200, recomputed 2577600"
        )
    ]


def test_difference_between_status_yml_and_register_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _replace(project, "status.yml", "target: 99", "target: 98")
    assert run(verify, project) == 0
    told = capsys.readouterr().out
    assert (
        "note: status.yml or a notice differs from the register; not recorded yet: the rules of smtp" in told
    )


def test_page_verifies_from_its_published_files_alone(
    frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From an empty folder, with nothing of the project at hand: the newest month is found, and the chain walked."""
    run(verify, frozen)
    table = capsys.readouterr().out
    assert run(verify, tmp_path, "--evidence", str(frozen / "site")) == 0
    assert capsys.readouterr().out.partition("note: ")[0] == table
    assert run(verify, tmp_path, "2026-09", "--evidence", str(frozen / "site")) == 0


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (_published_day, "2026/10/2026-10-10.csv is not the file that 2026-10 rests on"),
        (_published_figure, "2026-10 smtp all.availability: frozen 99.930, recomputed 99.730"),
        (_published_register, "register.jsonl: its first 6 lines are not those that 2026-10 rests on"),
    ],
)
def test_page_with_other_content_does_not_verify(
    project: Path, capsys: pytest.CaptureFixture[str], tamper: Callable[[Path], None], told: str
) -> None:
    tamper(project)
    assert run(verify, project, "--evidence", str(project / "site")) == 1
    assert told in capsys.readouterr().out


def test_evidence_that_a_page_does_not_publish_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tickets are withheld if `publish_rows` is off. A day file of the past thirteen months is not: it is missing."""
    root = write_frozen_project(tmp_path / "project", publish_rows=False)
    freeze_all(root)
    publish_records(root, tickets=False)
    (root / "site/evidence/2026/08/2026-08-10.csv.gz").unlink()
    assert run(verify, root, "--evidence", str(root / "site")) == 1
    told = capsys.readouterr().out
    assert "note: the rows of the tickets are not published" in told
    assert "note: 2026-08: 1 of its files are not published: not recomputed" in told
    assert "2026-08  smtp     99.853   not recomputed  met" in told


def test_a_page_without_statements_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="publishes no statement"):
        run(verify, tmp_path, "--evidence", str(tmp_path))
    with pytest.raises(OutsideError, match="there is no folder"):
        run(verify, tmp_path, "--evidence", str(tmp_path / "nowhere"))


def test_a_month_that_is_not_frozen_is_refused(frozen: Path) -> None:
    with pytest.raises(UsageError, match="2026-07 is not frozen"):
        run(verify, frozen, "2026-07")
    with pytest.raises(UsageError, match="is not a valid month"):
        run(verify, frozen, "../../etc")


def test_project_without_statements_has_nothing_to_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_frozen_project(tmp_path / "project")
    assert run(verify, root) == 0
    assert "month" not in capsys.readouterr().out


def test_frozen_month_has_its_date_and_the_hash_of_its_bytes(frozen: Path) -> None:
    data = (frozen / OCTOBER).read_bytes()
    assert parse_instant(json.loads(data)["frozen_at"]) <= NOW
    assert (frozen / "site/api/sla/2026-10.json").read_bytes() == data
    assert compute_sha256(data) == compute_sha256((frozen / "site/api/sla/2026-10.json").read_bytes())
