"""Years that were moved away: read from where they lie now, and held against the seals before anything uses them."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from constat.history import HEADER
from constat.interval import Interval
from tasks.archived_days import BroughtDays, bring_archived_days
from tasks.project import Project
from tasks.verify import verify_project
from tests.support.availability_cases import parse_time
from tests.support.command_line import generate_here
from tests.support.frozen_project import freeze_all, seal_days, write_frozen_project
from tests.support.git_remote import ENVIRONMENT, Remote
from tests.support.required_programs import needs
from tests.support.rsync_server import PASSWORD, run_rsync_server
from tests.support.s3_server import BUCKET, run_s3_server
from tests.support.site_server import serve_files
from tests.support.source_tree import ROOT

NOW = parse_time("2026-11-05 12:00")
IN_2026 = "2026/09/2026-09-20.csv"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose days are sealed, and whose months are frozen."""
    folder = tmp_path_factory.mktemp("moved")
    root = write_frozen_project(folder / "project")
    with (root / "status.yml").open("a", encoding="utf-8") as file:
        file.write("\nhistory: {branch: yearly}\n")
    seal_days(root)
    freeze_all(root)
    return folder


def _keep_in_git(before: Path, folder: Path) -> str:
    history = before / "project/history"
    days = {
        f"{day.relative_to(history)}": day.read_text(encoding="utf-8") for day in history.glob("2026/*/*")
    }
    remote = Remote(folder / "old.git")
    remote.seed(days)
    return f"git:{remote.url}#history"


def _keep_in_a_folder(before: Path, folder: Path) -> str:
    shutil.copytree(before / "project/history/2026", folder / "old/2026")
    return "dir:../old"


def _keep_gzipped(before: Path, folder: Path) -> str:
    for day in (before / "project/history/2026").rglob("*.csv"):
        packed = folder / "old/2026" / day.parent.name / f"{day.name}.gz"
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(gzip.compress(day.read_bytes()))
    return "dir:../old"


def _keep_on_an_rsync_server(before: Path, folder: Path) -> str:
    """Half of the days as they are, half gzipped."""
    for number, day in enumerate(sorted((before / "project/history/2026").rglob("*.csv"))):
        packed = folder / "pages/old/2026" / day.parent.name / (f"{day.name}.gz" if number % 2 else day.name)
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(gzip.compress(day.read_bytes()) if number % 2 else day.read_bytes())
    return "old/"


def _lay_without_days(before: Path, folder: Path, archive: str) -> Path:
    root = folder / "project"
    shutil.copytree(before / "project", root, ignore=shutil.ignore_patterns(".git"))
    shutil.rmtree(root / "history/2026")
    status = (root / "status.yml").read_text(encoding="utf-8")
    section = f"history: {{branch: yearly, archive: {{2026: '{archive}'}}}}"
    (root / "status.yml").write_text(status.replace("history: {branch: yearly}", section), encoding="utf-8")
    return root


def _add_access(root: Path, more: str, secret: str) -> None:
    """Say how the archive is reached."""
    status = (root / "status.yml").read_text(encoding="utf-8")
    status = status.replace("history: {branch: yearly,", f"history: {{branch: yearly, {more},")
    (root / "status.yml").write_text(f"{status}\nsecrets: {{{secret}}}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with run_s3_server() as url:
        yield url


@pytest.mark.parametrize("keep", [_keep_in_git, _keep_in_a_folder, _keep_gzipped])
def test_archived_days_are_verified_in_place(
    before: Path, tmp_path: Path, keep: Callable[[Path, Path], str]
) -> None:
    root = _lay_without_days(before, tmp_path, keep(before, tmp_path))
    project = Project(root, ROOT, NOW)
    assert bring_archived_days(project, ENVIRONMENT).troubles == ()
    report = verify_project(project, None, lambda _done, _count: None)
    assert (len(report.months), report.troubles) == (3, ())
    assert all(month.rows for month in report.months)
    assert not any("not on this disk" in note for note in report.notes)


def test_days_are_read_from_a_web_address_that_serves_a_bucket_or_a_page(
    before: Path, tmp_path: Path
) -> None:
    window = Interval(parse_time("2026-09-20 00:00"), parse_time("2026-09-20 23:00"))
    data = (before / "project/history" / IN_2026).read_bytes()
    for layout in (IN_2026, f"{IN_2026}.gz", f"evidence/{IN_2026}.gz"):
        files = {layout: gzip.compress(data) if layout.endswith(".gz") else data}
        with serve_files(files) as site:
            root = _lay_without_days(before, tmp_path / layout.replace("/", "-"), site.url)
            assert bring_archived_days(Project(root, ROOT, NOW), ENVIRONMENT, window) == BroughtDays(1)
        assert (root / "history" / IN_2026).read_bytes() == data


def test_days_are_read_from_an_rsync_server_with_its_password(before: Path, tmp_path: Path) -> None:
    needs("rsync", "rsync")
    with run_rsync_server(tmp_path) as address:
        path = _keep_on_an_rsync_server(before, tmp_path)
        root = _lay_without_days(before, tmp_path, f"{address}/{path}")
        _add_access(root, "password: '${CONSTAT_OLD}'", "CONSTAT_OLD: [127.0.0.1]")
        environment = {**ENVIRONMENT, "CONSTAT_OLD": PASSWORD}
        window = Interval(parse_time("2026-09-20 00:00"), parse_time("2026-09-22 23:00"))
        assert bring_archived_days(Project(root, ROOT, NOW), environment, window) == BroughtDays(3)
        [refused] = bring_archived_days(
            Project(root, ROOT, NOW), {**environment, "CONSTAT_OLD": "no"}
        ).troubles
        assert "auth failed" in refused
        [unset] = bring_archived_days(Project(root, ROOT, NOW), ENVIRONMENT).troubles
        assert "CONSTAT_OLD is not set" in unset
        shutil.rmtree(tmp_path / "pages/old/2026/10")
        brought = bring_archived_days(Project(root, ROOT, NOW), environment)
        assert "sealed days that are not there: 31" in brought.troubles[0]
    for day in (before / "project/history").glob("2026/09/*.csv"):
        assert (root / "history/2026/09" / day.name).read_bytes() == day.read_bytes()


@pytest.mark.parametrize("layout", ["{}", "{}.gz", "evidence/{}.gz"])
def test_days_are_read_from_a_bucket_that_is_not_public(
    bucket: str, layout: str, before: Path, tmp_path: Path
) -> None:
    prefix = layout.replace("{}", "days").replace("/", "-")
    client = boto3.client(
        "s3",
        endpoint_url=bucket,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="another-key",
    )
    for day in ("20", "21"):
        path = f"2026/09/2026-09-{day}.csv"
        data = (before / "project/history" / path).read_bytes()
        body = gzip.compress(data) if layout.endswith(".gz") else data
        client.put_object(Bucket=BUCKET, Key=f"{prefix}/{layout.format(path)}", Body=body)
    root = _lay_without_days(before, tmp_path, f"s3://{BUCKET}/{prefix}")
    more = f"endpoint: '{bucket}', user: AKIDEXAMPLE, password: '${{CONSTAT_OLD}}'"
    _add_access(root, more, "CONSTAT_OLD: [127.0.0.1]")
    environment = {**ENVIRONMENT, "CONSTAT_OLD": "a-secret-key"}
    window = Interval(parse_time("2026-09-20 00:00"), parse_time("2026-09-22 23:00"))
    brought = bring_archived_days(Project(root, ROOT, NOW), environment, window)
    assert brought.days == 2
    assert [trouble.rpartition(": ")[2] for trouble in brought.troubles] == ["1"]
    kept = (root / "history" / IN_2026).read_bytes()
    assert kept == (before / "project/history" / IN_2026).read_bytes()
    client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{layout.format(IN_2026)}")


def test_rows_that_came_after_a_year_was_moved_away_stay_behind_what_is_brought(
    before: Path, tmp_path: Path
) -> None:
    """Else the day would break its seal for good on this disk, and its archive would never be asked."""
    root = _lay_without_days(before, tmp_path, _keep_in_a_folder(before, tmp_path))
    late = b"2026-09-20T23:59:59Z,api,main,up,9,1,1800,here,\n"
    (root / "history/2026/09").mkdir(parents=True)
    (root / "history" / IN_2026).write_bytes(f"{HEADER}\n".encode() + late)
    assert bring_archived_days(Project(root, ROOT, NOW), ENVIRONMENT).troubles == ()
    whole = (before / "project/history" / IN_2026).read_bytes()
    assert (root / "history" / IN_2026).read_bytes() == whole + late
    assert verify_project(Project(root, ROOT, NOW), None, lambda _done, _count: None).troubles == ()


def test_day_that_breaks_its_seal_is_rejected_and_unsealed_rows_are_cut_off(
    before: Path, tmp_path: Path
) -> None:
    root = _lay_without_days(before, tmp_path, _keep_in_a_folder(before, tmp_path))
    changed, longer = (tmp_path / "old" / path for path in (IN_2026, "2026/09/2026-09-21.csv"))
    changed.write_bytes(changed.read_bytes().replace(b",down,", b",up,"))
    whole = longer.read_bytes()
    longer.write_bytes(whole + b"2026-09-21T23:59:59Z,api,main,up,9,1,1800,here,\n")
    (tmp_path / "old/2026/09/2026-09-22.csv").unlink()
    window = Interval(parse_time("2026-09-20 00:00"), parse_time("2026-09-22 23:00"))
    brought = bring_archived_days(Project(root, ROOT, NOW), ENVIRONMENT, window)
    assert brought.days == 1
    assert (root / "history/2026/09/2026-09-21.csv").read_bytes() == whole
    assert not (root / "history" / IN_2026).exists()
    broken, missing = brought.troubles
    assert "of the register" in broken
    assert missing == "the archive of 2026, dir:../old: sealed days that are not there: 1"


@pytest.mark.parametrize("archive", ["dir:../nowhere", "git:file:///nowhere.git#history-2026"])
def test_unreachable_archive_fails_verify_and_only_warns_in_show(
    before: Path, tmp_path: Path, archive: str
) -> None:
    root = _lay_without_days(before, tmp_path, archive)
    told = generate_here("--root", str(root), "--now", "2026-11-05T12:00:00Z", "verify", "2026-09")
    assert told.returncode == 1
    assert f"does not verify: the archive of 2026, {archive}: " in told.stdout
    shown = generate_here(
        "--root", str(root), "--now", "2026-11-05T12:00:00Z", "show", "--at", "2026-09-20T03:10:00Z"
    )
    assert shown.returncode == 0
    assert f"the archive of 2026, {archive}: " in shown.stderr


def test_git_archive_address_runs_no_program(before: Path, tmp_path: Path) -> None:
    """Not even where the user of this machine lets git run some."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    root = _lay_without_days(before, tmp_path, f"git:ext::{program}#history-2026")
    lenient = {
        **ENVIRONMENT,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "protocol.ext.allow",
        "GIT_CONFIG_VALUE_0": "always",
    }
    (trouble,) = bring_archived_days(Project(root, ROOT, NOW), lenient).troubles
    assert "transport 'ext' not allowed" in trouble
    assert not (tmp_path / "ran").exists()


def test_show_and_statement_fetch_the_days_they_need(before: Path, tmp_path: Path) -> None:
    root = _lay_without_days(before, tmp_path, _keep_in_a_folder(before, tmp_path))
    words = ("--root", str(root), "--now", "2026-11-05T12:00:00Z")
    shown = generate_here(*words, "show", "--at", "2026-08-20T10:05:00Z", "smtp")
    assert "down" in shown.stdout
    months = [path.name for path in sorted((root / "history/2026").iterdir())]
    assert months == ["08"]
    stated = generate_here(*words, "statement", "2026-09")
    assert stated.returncode == 0, stated.stderr
    assert "2026-09 is frozen already, and is equal" in stated.stderr


def test_publishing_job_fetches_days_while_it_has_the_token(before: Path, tmp_path: Path) -> None:
    root = _lay_without_days(before, tmp_path, _keep_in_a_folder(before, tmp_path))
    register = (root / "history/register.jsonl").read_text(encoding="utf-8")
    shutil.rmtree(root / "history")
    remote = Remote(tmp_path / "remote.git")
    remote.seed({"register.jsonl": register})
    words = ("push", "--prepare", "page", "--remote", remote.url, "--root", str(root))
    prepared = generate_here(*words, "--now", "2026-11-05T12:00:00Z")
    assert prepared.returncode == 0, prepared.stderr
    kept = sorted((before / "project/history").glob("2026/*/*.csv"))
    assert len(sorted((root / "history").glob("2026/*/*.csv"))) == len(kept) > 80


@pytest.mark.parametrize("verb", ["build", "run"])
def test_build_fetches_the_days_it_publishes(verb: str, before: Path, tmp_path: Path) -> None:
    archive = tmp_path / "nothing"
    root = _lay_without_days(before, tmp_path, f"dir:{archive}")
    built = generate_here("--root", str(root), "--now", "2026-11-05T12:00:00Z", verb)
    assert f"the archive of 2026, dir:{archive}: there is no folder {archive}" in built.stderr
