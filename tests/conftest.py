"""Settings of all tests: how hypothesis searches, and what a skip means."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.required_programs import find_missing

NO_SKIP = os.environ.get("CONSTAT_NO_SKIP") == "1"
"""On a machine where everything is installed, a test that did not run is broken."""

PATIENT = [HealthCheck.too_slow]
"""On a busy machine, drawing an example may take long; no test fails because of that."""

UNSHRUNK = [Phase.explicit, Phase.generate]
"""Shrinking a whole history takes minutes: CI prints the example as it was found, and a machine at hand shrinks it."""

settings.register_profile("here", deadline=None, suppress_health_check=PATIENT)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=50,  # always the same ones; a machine at hand tries a hundred new ones each time
    derandomize=True,
    database=None,
    phases=UNSHRUNK,
    print_blob=True,
    suppress_health_check=PATIENT,
)
settings.load_profile("ci" if NO_SKIP or os.environ.get("CI") else "here")


os.environ["LC_ALL"] = "C.UTF-8"  # what is said must not depend on the language of whoever tests

MEMORY = Path("/dev/shm")  # noqa: S108 -- where Linux keeps files in memory
ENOUGH_BYTES = 6 << 30
"""What must be free there: repositories and sites of many tests lie beside each other for a while."""


def pytest_configure() -> None:
    """Keep temporary files in memory where there is plenty: the tests write some hundred thousand small ones."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Before the whole suite: how long it takes, and what to install before nothing is skipped."""
    if config.args != config.getini("testpaths"):
        return []
    missing = " && ".join(find_missing())
    return [
        "every test: about a quarter of an hour on two cores",
        *([f"some will be skipped, unless you install what they need: {missing}"] if missing else []),
    ]


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{reason} (CONSTAT_NO_SKIP=1 makes a skip a failure)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report


DEMO_NOW = "2026-11-24T02:40:00Z"
"""The time at which the demo of the tests is made."""


@pytest.fixture(scope="session")
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that `constat demo` writes, made once for all workers. Copy it before you change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root, made = shared / "demo", shared / "demo-is-made"
    with (shared / "demo-lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not made.exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            _make_demo(root)
            made.touch()
    return root


def _make_demo(root: Path) -> None:
    (root / ".constat-demo").touch()
    (root / "left.txt").write_text("left over from an earlier demo")
    program = Path(__file__).parents[1] / "generate.py"
    command = [sys.executable, str(program), "-q", "demo", "--root", str(root), "--now", DEMO_NOW]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
    assert (done.returncode, done.stderr) == (0, "")
    assert (root / "site" / "index.html").exists()


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make only: all that was read before them stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long tests first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/e2e/"))
