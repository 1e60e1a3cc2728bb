"""Lighthouse on three pages of the demo, served on loopback: `python -m benchmarks.lighthouse`.

It wants npm's lighthouse (`npm ci`) and Chromium, and says which is missing where it has to be left out.
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
"""Performance is a matter of time, also of what else the machine does: the best of so many runs counts."""


def missing() -> str:
    """What has to be installed first, empty where all is there."""
    if not PROGRAM.is_file():
        return "the npm package lighthouse is not here: npm ci --ignore-scripts"
    if shutil.which("node") is None:
        return "node is not here: apt-get install nodejs"
    if _chromium() is None:
        return "chromium is not here: apt-get install chromium"
    return ""


def _chromium() -> str | None:
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


@contextmanager
def served_demo() -> Iterator[tuple[str, Path]]:
    """The demo's site: its address on this machine, and its folder."""
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


def pages(site: Path) -> dict[str, str]:
    """The pages that are looked at: the index, a service, the newest frozen statement."""
    frozen = max(path.stem for path in (site.parent / "history" / "statements").glob("????-??.json"))
    service = min(path.name for path in (site / "services").iterdir())
    return {"index": "", "service": f"services/{service}/", "statement": f"sla/{frozen}/"}


def report(url: str) -> dict[str, Any]:
    """What Lighthouse says of one page, as its JSON report has it."""
    options = [
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    ended = subprocess.run(
        ["node", str(PROGRAM), url, *options],  # noqa: S607 - the node of the machine
        env=os.environ | {"CHROME_PATH": _chromium() or ""},
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def scores(told: Mapping[str, Any]) -> dict[str, int]:
    """The score of each category, out of 100 and rounded down; none counts as 0."""
    categories = told["categories"]
    return {name: int((categories[name]["score"] or 0) * 100 + 1e-6) for name in LEAST}


def failing(told: Mapping[str, Any]) -> list[str]:
    """The names of the audits that cost a point."""
    audits = told["audits"]
    costly = {
        reference["id"]
        for category in told["categories"].values()
        for reference in category["auditRefs"]
        if reference["weight"]
    }
    return sorted(name for name in costly if audits[name]["score"] is not None and audits[name]["score"] < 1)


def examined(url: str) -> tuple[dict[str, int], list[str]]:
    """The best scores of a page over a few runs, no more than needed, and what the last run found."""
    best = dict.fromkeys(LEAST, 0)
    found: list[str] = []
    for _ in range(TRIES):
        told = report(url)
        best = {name: max(best[name], score) for name, score in scores(told).items()}
        found = failing(told)
        if not short(best):
            break
    return best, found


def short(found: Mapping[str, int]) -> list[str]:
    """The categories that do not reach what is asked of them."""
    return [name for name, least in LEAST.items() if found[name] < least]


def line(page: str, best: Mapping[str, int], found: list[str]) -> str:
    """What is printed of a page: each category with its score and bound."""
    told = ", ".join(f"{name} {best[name]} (at least {least})" for name, least in LEAST.items())
    if short(best):
        return f"{page}: {told}; look at {', '.join(found)}: MISSED"
    return f"{page}: {told}: ok"


def main() -> int:
    """Look at every page; 1 where a score is too low."""
    lacking = missing()
    if lacking:
        print(f"skipped: {lacking}")
        return 0
    with served_demo() as (address, site):
        lines = [line(page, *examined(address + path)) for page, path in pages(site).items()]
    print("\n".join(lines))
    return int(any(one.endswith("MISSED") for one in lines))


if __name__ == "__main__":
    sys.exit(main())
