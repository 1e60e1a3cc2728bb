"""Lighthouse on four pages of the demo, served on loopback: `python -m benchmarks.lighthouse`.

This needs the npm package lighthouse (`npm ci`) and Chromium. Where one is missing, the benchmark names it and is skipped.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.bounds import report
from benchmarks.notices import CODE
from outside.site.local_server import open_server

LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
"""The least score of each category, out of 100."""

CHROMIUM = ("chromium", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAM = CODE / "node_modules" / "lighthouse" / "cli" / "index.js"
TRIES = 3
"""The performance score depends on what else the machine does, so the best of this many runs counts."""


def find_missing() -> str:
    """Say what has to be installed first; return an empty string if nothing is missing."""
    if not PROGRAM.is_file():
        return "the npm package lighthouse is not installed: npm ci --ignore-scripts"
    if shutil.which("node") is None:
        return "node is not installed: apt-get install nodejs"
    if _find_chromium() is None:
        return "chromium is not installed: apt-get install chromium"
    return ""


def _find_chromium() -> str | None:
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


@contextmanager
def served_demo() -> Iterator[tuple[str, Path]]:
    """Build and serve the demo's site; yield its address on this machine, and its folder."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "generate.py", "demo", "--root", folder]
        subprocess.run(command, cwd=CODE, check=True, capture_output=True)
        site = Path(folder) / "site"
        with open_server(site, 0) as listening:
            thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            yield f"http://127.0.0.1:{listening.server_address[1]}/", site
            listening.shutdown()
            thread.join()


def list_pages(site: Path) -> dict[str, str]:
    """List the pages to examine: the index, a service, the newest frozen statement, the newest notice."""
    frozen = max(path.stem for path in (site.parent / "history" / "statements").glob("????-??.json"))
    service = min(path.name for path in (site / "services").iterdir())
    notice = max(path.name for path in (site / "incidents").iterdir() if path.is_dir())
    return {
        "index": "",
        "service": f"services/{service}/",
        "statement": f"sla/{frozen}/",
        "notice": f"incidents/{notice}/",
    }


def run_lighthouse(url: str) -> dict[str, Any]:
    """Run Lighthouse on one page; return its JSON report."""
    options = [
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    ended = subprocess.run(
        ["node", str(PROGRAM), url, *options],  # noqa: S607 - the node of the machine
        env=os.environ | {"CHROME_PATH": _find_chromium() or ""},
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def read_scores(result: Mapping[str, Any]) -> dict[str, int]:
    """Read the score of each category, out of 100 and rounded down; a missing one counts as 0."""
    categories = result["categories"]
    return {name: int((categories[name]["score"] or 0) * 100 + 1e-6) for name in LEAST}


def find_failing_audits(result: Mapping[str, Any]) -> list[str]:
    """List the names of the audits that cost points."""
    audits = result["audits"]
    costly = {
        reference["id"]
        for category in result["categories"].values()
        for reference in category["auditRefs"]
        if reference["weight"]
    }
    return sorted(name for name in costly if audits[name]["score"] is not None and audits[name]["score"] < 1)


def examine(url: str) -> tuple[dict[str, int], list[str]]:
    """Examine a page until it reaches the bounds or `TRIES` runs are over: its best scores, and the last run's failing audits."""
    best = dict.fromkeys(LEAST, 0)
    failing: list[str] = []
    for _ in range(TRIES):
        result = run_lighthouse(url)
        best = {name: max(best[name], score) for name, score in read_scores(result).items()}
        failing = find_failing_audits(result)
        if reaches_bounds(best):
            break
    return best, failing


def reaches_bounds(scores: Mapping[str, int]) -> bool:
    """Whether every category has its least score."""
    return all(scores[name] >= least for name, least in LEAST.items())


def format_line(page: str, scores: Mapping[str, int], failing: list[str]) -> str:
    """Format a line with the score and the bound of each category of a page."""
    text = ", ".join(f"{name} {scores[name]} (at least {least})" for name, least in LEAST.items())
    if reaches_bounds(scores):
        return f"{page}: {text}: ok"
    return f"{page}: {text}; look at {', '.join(failing)}: MISSED"


def measure(_quick: bool) -> Iterator[str]:
    """Examine each page, and judge its scores."""
    if missing := find_missing():
        yield f"skipped: {missing}"
        return
    with served_demo() as (address, site):
        for page, path in list_pages(site).items():
            yield format_line(page, *examine(address + path))


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], measure))
