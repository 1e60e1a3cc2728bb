"""One browser for all tests of pages, and one server with the sites of all scenes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import launch_chromium, serve_folder
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import render_named_scene


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launch_chromium() as running:
        yield running


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a folder with one site for each scene, by its name."""
    root = tmp_path_factory.mktemp("sites")
    for scene in SCENES:
        _write(root / scene, scene)
    with serve_folder(root) as where:
        yield where


def _write(folder: Path, scene: str) -> None:
    for path, data in render_named_scene(scene).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
