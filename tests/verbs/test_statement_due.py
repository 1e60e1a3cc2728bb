"""`statement --due`, which a job runs every month without knowing which month it is."""

import shutil
from pathlib import Path

from tests.support.command_line import generate


def _frozen(root: Path) -> list[str]:
    return sorted(path.stem for path in (root / "history/statements").glob("*.json"))


def test_every_month_whose_time_has_come_is_frozen_once(demo_project: Path, tmp_path: Path) -> None:
    """The demo's register begins in August; November is in progress, and December's time has not come."""
    root = tmp_path / "project"
    shutil.copytree(demo_project, root, ignore=shutil.ignore_patterns("statements"))
    assert generate(root, "statement", "--due", "--now", "2026-11-03T22:59:00Z").returncode == 0
    assert _frozen(root) == ["2026-08", "2026-09"]
    assert generate(root, "statement", "--due", "--now", "2026-11-24T02:40:00Z").returncode == 0
    assert _frozen(root) == ["2026-08", "2026-09", "2026-10"]
    before = (root / "history/statements/2026-10.json").read_bytes()
    assert generate(root, "statement", "--due", "--now", "2026-11-25T00:00:00Z").returncode == 0
    assert (root / "history/statements/2026-10.json").read_bytes() == before


def test_project_without_samples_has_nothing_to_freeze(demo_project: Path, tmp_path: Path) -> None:
    shutil.copy(demo_project / "status.yml", tmp_path)
    assert generate(tmp_path, "statement", "--due").returncode == 0
    assert _frozen(tmp_path) == []
