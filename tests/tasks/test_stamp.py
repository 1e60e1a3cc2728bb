"""Time stamps of a real authority: asked for, kept, pushed, published, verified, and worth nothing where they lie."""

import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from constat.errors import EvidenceError, OutsideError
from constat.history import HEADER
from constat.interval import DAY_S, format_instant
from constat.statement import month_before
from outside.timestamps import describe_roots, read_stamp, request_stamp
from tasks.build import build_and_publish
from tasks.evidence_branch import open_branch
from tasks.project import Project
from tasks.push import prepare_clone, push_evidence, record_and_push
from tasks.record import record_pending_lines
from tasks.seal import seal_folder
from tasks.stamp import stamp_meanwhile, stamp_past
from tasks.validate import find_problems
from tasks.verify_stamps import LATE_AFTER_S, verify_project_stamps
from tests.support.frozen_project import run
from tests.support.git_remote import ENVIRONMENT, Remote
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT
from tests.support.timestamp_authority import TimestampAuthority, serve_authority
from verbs import statement, verify

NOW = int(time.time())
"""The authority has no other clock than the machine's, so this project lives now."""
MONTH = month_before(month_before(format_instant(NOW)[:7]))
FIRST = int(datetime.fromisoformat(f"{month_before(MONTH)}-10T00:00:00+00:00").timestamp())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return TimestampAuthority(tmp_path_factory.mktemp("clock") / "house")


@pytest.fixture(scope="module")
def url(authority: TimestampAuthority) -> Iterator[str]:
    with serve_authority(authority) as served:
        yield served


@pytest.fixture
def root(tmp_path: Path, authority: TimestampAuthority, url: str) -> Path:
    """A project with an ended day, sealed at whatever hour it is, and one of three months before; promised since then."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(authority.ca, folder / "clock-house.pem")
    point_to(folder, url)
    record_pending_lines(Project(folder, ROOT, FIRST))
    for at in (FIRST, NOW - 2 * DAY_S):
        day = datetime.fromtimestamp(at, UTC)
        file = folder / f"history/{day:%Y/%m/%Y-%m-%d}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{HEADER}\n{day:%Y-%m-%d}T00:00:05Z,one,check-0,up,3,1,60,here,\n")
    return folder


def point_to(root: Path, url: str) -> None:
    monitor = f"  timestamp: {{url: '{url}', ca: clock-house.pem}}"
    write_project(root, format_service("one", "kind: tcp, host: 127.0.0.1, port: 9"), monitor=monitor)


def project(root: Path) -> Project:
    return Project(root, ROOT, NOW)


def seal(root: Path) -> None:
    assert seal_folder(project(root), lambda: True)


def stamps(root: Path) -> list[Path]:
    return sorted((root / "history/stamps").glob("*.tsr"))


def test_the_newest_seal_and_each_statement_are_stamped_once(
    root: Path, authority: TimestampAuthority
) -> None:
    seal(root)
    assert run(statement, root, month_before(MONTH), now=NOW) == 0
    (first, second) = stamps(root)
    asked = authority.asked
    assert stamp_past(project(root)).kept == 0
    assert authority.asked == asked
    frozen = root / f"history/statements/{month_before(MONTH)}.json"
    assert any(authority.accepts(frozen, stamp) for stamp in (first, second))
    report = verify_project_stamps(project(root))
    assert report.troubles == ()
    assert report.notes[0].startswith("2 time stamps by CN=Clock House: ")


def test_the_published_stamps_verify_by_the_readers_own_certificate(
    root: Path, authority: TimestampAuthority, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(root)
    assert run(statement, root, month_before(MONTH), now=NOW) == 0
    build_and_publish(project(root), {}, print)
    sheet = re.sub("<[^>]+>", "", (root / f"site/sla/{month_before(MONTH)}/index.html").read_text())
    assert re.search(
        r"CN=Clock House l.a horodaté avec sa propre horloge \(RFC 3161\).: il existait le .* \d{4}, \d+.h",
        sheet,
    )
    site = str(root / "site")
    assert run(verify, root, "--evidence", site, "--timestamp-ca", str(authority.ca), now=NOW) == 0
    assert "2 time stamps by CN=Clock House" in capsys.readouterr().out
    assert run(verify, root, "--evidence", site, now=NOW) == 0
    told = capsys.readouterr().out
    assert "trusted by a certificate that the page itself publishes" in told
    assert describe_roots(authority.ca.read_bytes()) in told


def test_stamps_reach_the_branch_as_whole_files_and_are_asked_for_once(
    root: Path, authority: TimestampAuthority, tmp_path: Path
) -> None:
    remote = Remote(tmp_path / "remote.git")
    branch = open_branch(project(root), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    result, _ = record_and_push(branch, lambda: NOW)
    assert (result.seals, result.warnings) == (2, ())
    (path,) = [path for path in remote.list_paths() if path.startswith("stamps/")]
    shutil.rmtree(root / "history/stamps")  # as in the clone of a watch, which fetches none
    asked = authority.asked
    assert not push_evidence(open_branch(project(root), ENVIRONMENT, None), NOW, lambda: NOW).warnings
    assert (authority.asked, [path]) == (
        asked,
        [one for one in remote.list_paths() if one.startswith("stamps/")],
    )


def test_settings_broken_during_a_watch_do_not_stop_pushes(root: Path, tmp_path: Path) -> None:
    """A watch goes on by the settings that it began with; so do its pushes, and the time stamps."""
    branch = open_branch(project(root), ENVIRONMENT, None)
    prepare_clone(branch, "page", Remote(tmp_path / "remote.git").url)
    (root / "status.yml").write_text("services: [\n")
    result = push_evidence(branch, NOW, lambda: NOW)
    assert (result.seals, result.warnings, len(stamps(root))) == (2, (), 1)


def test_everything_but_stamps_is_verified_without_settings(root: Path) -> None:
    seal(root)
    stamp_past(project(root))
    (root / "status.yml").unlink()
    (note,) = verify_project_stamps(project(root)).notes
    assert note.startswith("the time stamps were not verified: ")


def test_unreachable_authority_stops_nothing(root: Path) -> None:
    point_to(root, "http://127.0.0.1:9/tsr")
    seal(root)
    result = stamp_past(project(root))
    assert result.kept == 0
    assert "cannot be reached" in result.troubles[0]
    told: list[str] = []
    stamp_meanwhile(project(root), told.append).join()
    assert told == list(result.troubles)
    assert run(statement, root, month_before(MONTH), now=NOW) == 0


def test_stamp_of_missing_or_changed_file_is_reported(root: Path) -> None:
    seal(root)
    stamp_past(project(root))
    (stamp,) = stamps(root)
    register = root / "history/register.jsonl"
    lines = register.read_text().splitlines(keepends=True)
    register.write_text("".join(line for line in lines if '"kind":"seal"' not in line))
    assert "what it stamps is gone" in verify_project_stamps(project(root)).troubles[0]
    register.write_text("".join(lines))
    stamp.write_bytes(stamp.read_bytes()[:-40] + bytes(40))
    assert (
        "not a time stamp of this by a trusted authority" in verify_project_stamps(project(root)).troubles[0]
    )


def test_seal_dated_after_or_long_before_its_stamp_is_reported(root: Path) -> None:
    seal_folder(Project(root, ROOT, NOW + DAY_S), lambda: True)
    stamp_past(Project(root, ROOT, NOW + DAY_S))
    ahead = verify_project_stamps(Project(root, ROOT, NOW + DAY_S))
    assert "and was stamped on" in ahead.troubles[0]
    shutil.rmtree(root / "history/stamps")
    register = root / "history/register.jsonl"
    past = format_instant(NOW - LATE_AFTER_S - 60)
    register.write_text(register.read_text().replace(format_instant(NOW + DAY_S), past))
    stamp_past(project(root))
    assert verify_project_stamps(project(root)).notes[-1].endswith("Z")
    assert "was stamped only on" in verify_project_stamps(project(root)).notes[-1]


def test_stamps_of_another_authority_or_other_bytes_are_refused(
    authority: TimestampAuthority, url: str, tmp_path: Path
) -> None:
    roots = authority.ca.read_bytes()
    answer = request_stamp(url, roots, b"a seal")
    assert abs(read_stamp(answer, roots, b"a seal").at - time.time()) < DAY_S
    stranger = TimestampAuthority(tmp_path / "stranger").ca.read_bytes()
    for trusted, data in ((roots, b"another seal"), (stranger, b"a seal"), (b"no certificate", b"a seal")):
        with pytest.raises(EvidenceError):
            read_stamp(answer, trusted, data)
    with pytest.raises(EvidenceError):
        read_stamp(b"", roots, b"a seal")


def test_only_certificates_of_the_file_are_published_and_links_ignored(root: Path) -> None:
    """A key in the same file, or a link in place of the file, is not published."""
    seal(root)
    assert stamp_past(project(root)).kept == 1
    pem = root / "clock-house.pem"
    certificate = pem.read_bytes()
    pem.write_bytes(b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n" + certificate)
    build_and_publish(project(root), {}, print)
    published = root / "site/evidence/stamps/authority.pem"
    assert published.read_bytes() == certificate
    pem.rename(root / "elsewhere.pem")
    pem.symlink_to("elsewhere.pem")
    build_and_publish(project(root), {}, print)
    assert not published.exists()
    (problem,) = [each for each in find_problems(project(root)) if "timestamp" in each.message]
    assert str(problem).startswith("status.yml:10:54: ")
    assert "monitor.timestamp.ca: there is no certificate in clock-house.pem" in str(problem)


def test_missing_certificate_is_reported(root: Path) -> None:
    (root / "clock-house.pem").unlink()
    seal(root)
    assert "clock-house.pem holds no certificate" in stamp_past(project(root)).troubles[0]
    with pytest.raises(OutsideError, match="holds no certificate"):
        run(verify, root, "--evidence", str(root), "--timestamp-ca", str(root / "nothing.pem"))
