"""A lost branch comes back from a clone, or from the published page, and every seal holds (docs/operations.md)."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.evidence_branch import open_branch
from tasks.project import Project
from tasks.push import prepare_clone, push_evidence
from tasks.verify_seals import verify_project_past
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import freeze_all, publish_records, write_frozen_project
from tests.support.git_remote import ENVIRONMENT, Remote, run
from tests.support.source_tree import ROOT

NOW = parse_time("2026-11-05 12:00")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a branch whose days are sealed and whose months are frozen, its mirror, and its published files."""
    folder = tmp_path_factory.mktemp("restore")
    root, remote = write_frozen_project(folder / "project"), Remote(folder / "remote.git")
    branch = open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    assert push_evidence(branch, NOW, lambda: NOW).seals > 80
    freeze_all(root)
    push_evidence(branch, NOW, lambda: NOW)
    publish_records(root)
    run("git", "clone", "--quiet", "--mirror", remote.url, str(folder / "mirror.git"))
    return folder


def _from_the_mirror(before: Path, remote: Remote, _root: Path) -> None:
    run("git", "--git-dir", str(before / "mirror.git"), "push", "--quiet", remote.url, "history:history")


def _from_the_page(before: Path, _remote: Remote, root: Path) -> None:
    site, history = before / "project/site", root / "history"
    for packed in (site / "evidence").rglob("*.csv.gz"):
        file = history / packed.relative_to(site / "evidence").with_suffix("")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.decompress(packed.read_bytes()))
    shutil.copy(site / "evidence/register.jsonl", history)
    (history / "statements").mkdir()
    for statement in (site / "api/sla").glob("*.json"):
        shutil.copy(statement, history / "statements")
    for tickets in (site / "evidence").glob("tickets-*.csv"):
        shutil.copy(tickets, history / "statements" / f"{tickets.stem.removeprefix('tickets-')}.tickets.csv")


@pytest.mark.parametrize("restore", [_from_the_mirror, _from_the_page])
def test_lost_branch_is_restored_with_every_seal(
    before: Path, tmp_path: Path, restore: Callable[[Path, Remote, Path], None]
) -> None:
    root, remote = tmp_path / "project", Remote(tmp_path / "new.git")
    root.mkdir()
    shutil.copy(before / "project/status.yml", root)
    restore(before, remote, root)
    branch = open_branch(Project(root, ROOT, NOW), ENVIRONMENT, None)
    prepare_clone(branch, "page", remote.url)
    push_evidence(branch, NOW, lambda: NOW)
    lost = Remote.__new__(Remote)
    lost.folder = before / "remote.git"
    kept = [path for path in lost.list_paths() if not path.startswith("derived/")]
    assert {path: remote.read_text(path) for path in kept} == {path: lost.read_text(path) for path in kept}
    past = verify_project_past(Project(root, ROOT, NOW), ())
    assert past.troubles == ()
    assert len(Project(root, ROOT, NOW).recorded_register.seals) > 80
