"""`serve` as a person runs it: an address, a site behind it, and the next site after a change."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.source_tree import ROOT

PATIENCE_S = 60


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A project that is served, and its address."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "vectors" / "002", root)
    command = [
        sys.executable,
        "generate.py",
        "serve",
        "--root",
        str(root),
        "--port",
        "0",
        "--now",
        "2026-11-06T12:00:00Z",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.match(r"http://127\.0\.0\.1:\d+/", said)
        assert found, said
        yield root, found[0]
        process.terminate()


def test_site_is_served_and_rebuilt_on_change(serving: tuple[Path, str]) -> None:
    root, address = serving
    first = requests.get(address, timeout=PATIENCE_S)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    settings = root / "status.yml"
    settings.write_text(settings.read_text().replace("name: Oracle", "name: Another name"))
    deadline = time.monotonic() + PATIENCE_S
    while "Another name" not in requests.get(address, timeout=PATIENCE_S).text:
        assert time.monotonic() < deadline, "the site was not built again"
        time.sleep(0.1)


def test_a_missing_page_is_answered_with_the_sites_own_404(serving: tuple[Path, str]) -> None:
    _, address = serving
    lost = requests.get(address + "nowhere/", timeout=PATIENCE_S)
    assert lost.status_code == 404
    assert "This page does not exist" in lost.text


def test_feeds_and_calendars_are_served_as_what_browsers_show(serving: tuple[Path, str]) -> None:
    _, address = serving
    kinds = {
        name: requests.get(address + name, timeout=PATIENCE_S).headers["Content-Type"]
        for name in ("feed.rss", "feed.atom", "maintenance.ics", "feed.json")
    }
    assert kinds == {
        "feed.rss": "text/xml; charset=utf-8",
        "feed.atom": "text/xml; charset=utf-8",
        "maintenance.ics": "text/calendar; charset=utf-8",
        "feed.json": "application/json",
    }
