"""The states of the demo, as in the pictures of the gallery, and its index, byte for byte."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from tasks.gather import gather
from tasks.project import Project
from tests.support import demo_states, golden_index
from tests.support.source_tree import ROOT

ABOUT = {name: name.replace("-", "_") for name in demo_states.STATES} | {
    "outage-explained": "outage",
    "several-down": "outage",
}
"""The subject of the banner in each state."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("states") / "base"
    demo_states.write_base(root)
    return root


@pytest.fixture(scope="module")
def site(base: Path) -> Mapping[str, bytes]:
    return golden_index.build_demo(base, base.parent / golden_index.STATE)


def test_the_markup_of_the_demos_index_is_as_reviewed(site: Mapping[str, bytes]) -> None:
    """After an intended change: python -m tests.support.golden_index, and review the difference."""
    assert golden_index.extract_reviewed_index(site) == golden_index.FILE.read_text(encoding="utf-8")


def test_the_demos_index_is_light_in_every_language(site: Mapping[str, bytes]) -> None:
    """12 KB compressed, with its style, script and icons; nothing else is loaded."""
    sizes = {
        language: len(gzip.compress(site[f"{language}index.html"], mtime=0))
        for language in ("", "en/", "de/", "es/", "it/")
    }
    assert {language for language, size in sizes.items() if size > 12 * 1024} == set(), sizes


def test_each_demo_state_matches_its_name(base: Path, tmp_path: Path) -> None:
    """Also whether a notice explains it; and nothing in it is skipped or wrong."""
    for name, state in demo_states.STATES.items():
        demo_states.write_state(name, base, tmp_path / name)
        found = gather(Project(tmp_path / name, ROOT, demo_states.NOW))
        assert found.page.banner.kind == ABOUT[name], name
        assert [shown.phase for shown in found.page.notices].count("open") == len(state.notices), name
        assert not [line for line in found.warnings if ": warning: " not in line], name


def test_state_does_not_change_the_shared_past(base: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    demo_states.write_state("maintenance", base, tmp_path / "maintenance")
    demo_states.publish(tmp_path / "maintenance")
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == before
