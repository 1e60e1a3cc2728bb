"""A customer's witness: what it keeps, what it finds gone, and what `verify` finds with what was kept."""

import json
import shutil
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from constat.errors import EvidenceError
from constat.interval import DAY_S, HOUR_S, format_instant
from constat.sealing.seals_document import SEALS_FILE, build_document
from outside.evidence.statements import read_frozen_months
from tasks.project import Project
from tasks.seal import seal_folder
from tasks.sealed_past import read_sealed_past
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import LAST, MONTHS, freeze_all, publish_records, run, write_frozen_project
from tests.support.site_server import serve_files
from tests.support.source_tree import ROOT
from verbs import verify, witness

NOW = parse_time("2026-11-05 12:00")
OUTAGE = "2026/10/2026-10-07.csv"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months frozen, each day sealed as it was over, and published."""
    root = write_frozen_project(tmp_path_factory.mktemp("witness") / "project")
    for day in range(parse_time("2026-08-04 00:00"), LAST + 1, DAY_S):
        _seal(root, day + HOUR_S)
    freeze_all(root)
    publish(root)
    return root


@pytest.fixture
def root(frozen: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(frozen, tmp_path / "project", symlinks=True))


def _seal(root: Path, now: int) -> None:
    seal_folder(Project(root, ROOT, now), lambda: True)


def publish(root: Path, now: int = NOW) -> None:
    publish_records(root)
    past = read_sealed_past(Project(root, ROOT, now))
    (root / "site/api").mkdir(exist_ok=True)
    file = root / "site" / SEALS_FILE
    file.unlink(missing_ok=True)
    file.write_text(json.dumps(build_document(past, now)))


def keep(root: Path, store: Path, now: int = NOW) -> int:
    return run(witness, root, str(root / "site"), "--store", str(store), now=now)


@pytest.fixture
def store(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What a customer kept of the page as it is."""
    file = tmp_path / "kept.jsonl"
    assert keep(root, file, parse_time("2026-11-02 06:00")) == 0, capsys.readouterr().out
    return file


def test_seals_and_head_are_kept_with_the_local_time(root: Path, store: Path) -> None:
    (line,) = map(json.loads, store.read_text().splitlines())
    shown = json.loads((root / "site" / SEALS_FILE).read_text())
    assert line["kept"] == "2026-11-02T06:00:00Z"
    assert line["head"] == shown["head"]
    assert line["seals"] == shown["seals"][::-1]
    assert line["troubles"] == []


def test_a_day_without_news_is_one_line_and_is_never_rewritten(root: Path, store: Path) -> None:
    before = store.read_bytes()
    assert keep(root, store, parse_time("2026-11-02 18:00")) == 0
    assert store.read_bytes() == before
    assert keep(root, store, parse_time("2026-11-03 00:30")) == 0
    assert store.read_bytes().startswith(before)
    assert [json.loads(line)["seals"] == [] for line in store.read_text().splitlines()] == [False, True]


def test_seals_are_fetched_over_http(root: Path, tmp_path: Path) -> None:
    names = (SEALS_FILE, "evidence/register.jsonl")
    with serve_files({name: (root / "site" / name).read_bytes() for name in names}) as site:
        words = (site.url, "--store", str(tmp_path / "kept.jsonl"))
        assert run(witness, root, *words, now=parse_time("2026-11-02 06:00")) == 0
    assert json.loads((tmp_path / "kept.jsonl").read_text())["url"] == site.url


def test_page_with_an_old_newest_seal_is_reported(
    root: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keep(root, store, parse_time("2026-11-04 12:00")) == 1
    assert "no seal is newer than 48 h: the newest is of 2026-11-02T01:00:00Z" in capsys.readouterr().out


def _rewrite(root: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the register, and make every seal again as if it had always been so."""
    file = root / "history/register.jsonl"
    lines: list[bytes] = []
    for raw in change(file.read_bytes().splitlines()):
        line = json.loads(raw)
        if line["kind"] == "seal":
            before = b"".join(one + b"\n" for one in lines)
            data = (root / "history" / line["path"]).read_bytes()
            line |= {"bytes": len(data), "sha256": sha256(data).hexdigest(), "rows": data.count(b"\n") - 1}
            line["register"] = {"lines": len(lines), "sha256": sha256(before).hexdigest()}
            lines.append(json.dumps(line, separators=(",", ":")).encode())
        else:
            lines.append(raw)
    file.write_bytes(b"".join(line + b"\n" for line in lines))


def _refreeze(root: Path) -> None:
    for frozen in read_frozen_months(root):
        (root / "history" / frozen.current.path).unlink()
    shutil.rmtree(root / "history/derived", ignore_errors=True)
    freeze_all(root)


def _talk_an_outage_away(root: Path) -> None:
    """Rewrite the rows, every seal since and every statement: the published files agree with each other."""
    file = root / "history" / OUTAGE
    file.write_text(file.read_text().replace(",down,", ",up,"))
    _rewrite(root, lambda lines: lines)


def _slip_in_a_maintenance(root: Path) -> None:
    line = (
        b'{"at":"2026-08-03T08:00:00Z","kind":"maintenance","slug":"2026-10-07-relay","services":["smtp"],'
        b'"starts":"2026-10-07T03:00:00Z","ends":"2026-10-07T04:00:00Z","cancelled":false}'
    )
    _rewrite(root, lambda lines: [*lines[:5], line, *lines[5:]])


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (_talk_an_outage_away, f"{OUTAGE}: the seal of 2026-10-08T01:00:00Z"),
        (_slip_in_a_maintenance, "2026/08/2026-08-03.csv: the seal of 2026-08-04T01:00:00Z"),
    ],
)
def test_fully_rewritten_past_is_found_by_the_kept_seals(
    root: Path, store: Path, capsys: pytest.CaptureFixture[str], forge: Callable[[Path], None], named: str
) -> None:
    """Nothing that is published can show it; the customer's file does, with file and day."""
    forge(root)
    _refreeze(root)
    publish(root)
    evidence = ("--evidence", str(root / "site"))
    assert run(verify, root, *evidence, now=NOW) == 0, capsys.readouterr().out
    assert run(verify, root, *evidence, "--witness", str(store), now=NOW) == 1
    assert f"does not verify: {named}" in capsys.readouterr().out
    assert run(verify, root, "--witness", str(store), now=NOW) == 1
    assert keep(root, store, parse_time("2026-11-03 06:00")) == 1
    assert json.loads(store.read_text().splitlines()[-1])["troubles"]


def _change_rows(root: Path) -> None:
    file = root / "history" / OUTAGE
    file.write_text(file.read_text().replace(",down,", ",up,"))


def _drop_a_row(root: Path) -> None:
    file = root / "history" / OUTAGE
    file.write_text(
        "".join(line for line in file.read_text().splitlines(keepends=True) if ",down," not in line)
    )


def _sort_rows(root: Path) -> None:
    file = root / "history" / OUTAGE
    header, *rows = file.read_text().splitlines(keepends=True)
    file.write_text(header + "".join(reversed(rows)))


def _write_crlf(root: Path) -> None:
    file = root / "history" / OUTAGE
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def _remove_a_day(root: Path) -> None:
    (root / "history" / OUTAGE).unlink()


def _drop_a_line(root: Path) -> None:
    file = root / "history/register.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], *lines[2:]]))


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (_change_rows, f"{OUTAGE}: "),
        (_drop_a_row, f"{OUTAGE}: "),
        (_sort_rows, f"{OUTAGE}: its first"),
        (_write_crlf, f"{OUTAGE}: its first"),
        (_remove_a_day, f"evidence/{OUTAGE}.gz is missing"),
        (_drop_a_line, "register.jsonl: its first"),
    ],
)
def test_a_seal_alone_shows_what_was_changed_under_it(
    root: Path, capsys: pytest.CaptureFixture[str], forge: Callable[[Path], None], named: str
) -> None:
    """The statements are frozen again afterwards, so that only the seals can tell; a removed day stops that by itself."""
    forge(root)
    if forge is not _remove_a_day:
        _refreeze(root)
    publish(root)
    capsys.readouterr()
    assert run(verify, root, "--evidence", str(root / "site"), now=NOW) == 1
    assert f"does not verify: {named}" in capsys.readouterr().out


def _append(root: Path, *lines: Mapping[str, object]) -> None:
    """Lines with old dates, put behind all that the register holds."""
    with (root / "history/register.jsonl").open("a") as register:
        register.writelines(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)


def _get_rules(root: Path) -> dict[str, Any]:
    lines = map(json.loads, (root / "history/register.jsonl").read_text().splitlines())
    return next(line["rules"] for line in lines if line["kind"] == "service" and line["id"] == "smtp")


def _drop_the_service_for_the_hour(root: Path) -> None:
    _append(
        root,
        {"at": "2026-10-07T02:59:00Z", "kind": "service", "id": "smtp", "rules": None},
        {"at": "2026-10-07T04:01:00Z", "kind": "service", "id": "smtp", "rules": _get_rules(root)},
    )


def _let_the_check_count_for_nothing(root: Path) -> None:
    rules = _get_rules(root)
    idle = {
        **rules,
        "checks": {name: {**check, "affects": "nothing"} for name, check in rules["checks"].items()},
    }
    _append(root, {"at": "2026-10-01T00:00:00Z", "kind": "service", "id": "smtp", "rules": idle})


def _look_at_ourselves(root: Path) -> None:
    rules = _get_rules(root)
    own = {
        **rules,
        "checks": {name: {**check, "subject": "127.0.0.1:25"} for name, check in rules["checks"].items()},
    }
    _append(root, {"at": "2026-10-07T02:00:00Z", "kind": "service", "id": "smtp", "rules": own})


def _promise_less(root: Path) -> None:
    _append(
        root,
        {
            "at": "2026-09-30T00:00:00Z",
            "kind": "service",
            "id": "smtp",
            "rules": _get_rules(root) | {"target": "9"},
        },
    )


def _move_the_month(root: Path) -> None:
    _append(root, {"at": "2026-09-30T00:00:00Z", "kind": "page", "timezone": "Pacific/Pago_Pago"})


def _announce_it_afterwards(root: Path) -> None:
    window = {"starts": "2026-10-07T03:00:00Z", "ends": "2026-10-07T04:00:00Z", "cancelled": False}
    line = {"kind": "maintenance", "slug": "2026-10-07-relay", "services": ["smtp"]}
    _append(root, {"at": "2026-10-01T08:00:00Z", **line, **window})


def _date_a_line_ahead(root: Path) -> None:
    """Dated after the seals that will follow it: void for good."""
    idle = {**_get_rules(root), "checks": {}}
    _append(root, {"at": "2027-01-01T00:00:00Z", "kind": "service", "id": "smtp", "rules": idle})


def _add_rows_of_success(root: Path) -> None:
    """One second behind each row of failure, and seven hundred more in the hour."""
    file = root / "history" / OUTAGE
    failed = [
        line.split(",") for line in file.read_text().splitlines() if ",smtp," in line and ",down," in line
    ]
    with file.open("a") as rows:
        for cells in failed:
            start = parse_time(cells[0][:16].replace("T", " "))
            for second in range(start + 1, start + 351):
                rows.write(",".join([format_instant(second), *cells[1:3], "up", *cells[4:8], ""]) + "\n")


@pytest.mark.parametrize(
    "forge",
    [
        _drop_the_service_for_the_hour,
        _let_the_check_count_for_nothing,
        _look_at_ourselves,
        _promise_less,
        _move_the_month,
        _announce_it_afterwards,
        _date_a_line_ahead,
        _add_rows_of_success,
    ],
)
def test_backdated_lines_change_no_figure(
    root: Path, capsys: pytest.CaptureFixture[str], forge: Callable[[Path], None]
) -> None:
    """Every statement is made again as if for the first time: the figures are the same, and verify."""
    honest = [_list_figures(root, month) for month in MONTHS]
    forge(root)
    _refreeze(root)
    assert [_list_figures(root, month) for month in MONTHS] == honest
    publish(root)
    assert run(verify, root, "--evidence", str(root / "site"), now=NOW) == 0, capsys.readouterr().out


def _list_figures(root: Path, month: str) -> list[dict[str, Any]]:
    content = json.loads((root / f"history/statements/{month}.json").read_bytes())
    parts = (
        "id",
        "target",
        "seconds",
        "maintenance",
        "all",
        "without_maintenance",
        "verdict",
        "budget",
        "outages",
    )
    return [{part: service[part] for part in parts} for service in content["services"]]


def test_a_withdrawn_row_is_named_with_its_seal_and_its_months(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "history" / OUTAGE
    kept = b"".join(line for line in file.read_bytes().splitlines(keepends=True) if b"T23:30" not in line)
    file.write_bytes(kept)
    line = {
        "at": "2026-11-05T08:00:00Z",
        "kind": "withdrawn",
        "path": OUTAGE,
        "bytes": len(kept),
        "sha256": sha256(kept).hexdigest(),
        "why": "a password leaked",
    }
    with (root / "history/register.jsonl").open("a") as register:
        register.write(json.dumps(line) + "\n")
    publish(root)
    run(verify, root, "--evidence", str(root / "site"), now=NOW)
    told = capsys.readouterr().out
    assert (
        f"note: {OUTAGE}: something was withdrawn from it on 2026-11-05T08:00:00Z (a password leaked)" in told
    )
    assert "it breaks the seal of 2026-10-08T01:00:00Z" in told
    assert "figures of 2026-10" in told
    assert f"does not verify: {OUTAGE}: its first" not in told


def test_a_store_that_was_changed_is_refused(root: Path, store: Path) -> None:
    store.write_text(store.read_text().replace('"kept":"2026', '"kept":"x'))
    with pytest.raises(EvidenceError, match=r"kept\.jsonl:1 was not written by witness, or was changed"):
        keep(root, store)


def test_a_page_without_seals_is_refused(tmp_path: Path) -> None:
    (tmp_path / "project/site").mkdir(parents=True)
    with pytest.raises(EvidenceError, match="shows no seals"):
        keep(tmp_path / "project", tmp_path / "kept.jsonl")


def test_month_missing_before_the_first_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """September claims to be the first, and October follows: the looks since August say otherwise."""
    for path in (root / "history/statements").glob("2026-08*"):
        path.unlink()
    file = root / "history/statements/2026-09.json"
    content = json.loads(file.read_text())
    file.write_text(
        json.dumps(content | {"previous": None}, separators=(",", ":"), ensure_ascii=False) + "\n"
    )
    (root / "history/statements/2026-10.json").unlink()
    run_statement(root)
    publish(root)
    assert run(verify, root, "--evidence", str(root / "site"), now=NOW) == 1
    assert "2026-09 names no previous statement, and availability was promised and looked at in 2026-08" in (
        capsys.readouterr().out
    )


def run_statement(root: Path) -> None:
    from verbs import statement  # noqa: PLC0415 -- the other tests need no more than verify and witness

    assert run(statement, root, "2026-10", now=parse_time("2026-11-05 00:00")) == 0


def test_rows_made_unreadable_are_counted_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A double quote after each row of the outage, before the freeze: the figure improves, and the rows are reported."""
    root = write_frozen_project(tmp_path / "project")
    file = root / "history" / OUTAGE
    rows = file.read_text().splitlines()
    file.write_text("".join(f'{row}"\n' if ",down," in row else f"{row}\n" for row in rows))
    freeze_all(root)
    publish(root)
    run(verify, root, "--evidence", str(root / "site"), now=NOW)
    assert "note: 2026-10: 2 rows of smtp cannot be read, and count as if nobody had looked (in " in (
        capsys.readouterr().out
    )


def test_missing_newest_month_is_reported_once_due(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "history/statements/2026-10.json").unlink()
    publish(root)
    late = parse_time("2026-11-08 00:00")
    assert run(verify, root, "--evidence", str(root / "site"), now=late) == 1
    assert "the statement of 2026-10 is missing: as 2026-09 was frozen" in capsys.readouterr().out
    assert run(verify, root, now=late) == 1
    assert "the statement of 2026-10 is missing: it was due on 2026-11-0" in capsys.readouterr().out


def test_statement_with_withheld_data_contradicts_itself(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "history/statements/2026-10.json"
    file.write_text(file.read_text().replace('"down":7200', '"down":0'))
    publish(root)
    shutil.rmtree(root / "site/evidence/2026")
    assert run(verify, root, "--evidence", str(root / "site"), now=NOW) == 1
    told = capsys.readouterr().out
    assert "2026-10 contradicts its own seconds: " in told
    assert "2026-10 smtp: its outages do not add up to the 0 seconds" in told
