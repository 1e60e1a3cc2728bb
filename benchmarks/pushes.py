"""A branch `history` as years of pushes would leave it, made with `git fast-import`.

Five services with one check a minute each, all up; two thirds of the latencies differ by less than a sixth from the
usual one, and rows are in the order in which the answers came. A push holds the day's file as it was at that time. After
each day, its derived file and the index of all days follow, made by the program itself; the register, the notification log
and the statements are there as well. Commit messages are like ours.
"""

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.history import HEADER, build_day_path, build_derived_path
from constat.interval import DAY_S, Instant, Interval, format_instant, local_date
from outside.branch.clone import COMMIT_BODY
from outside.branch.git import Git
from outside.disk import replace_file
from outside.evidence import store

USUAL_MS = {"website": 48, "applications": 95, "api": 31, "smtp": 64, "gateway": 22}
VANTAGE = "gha"
INDEX = "derived/index.json"
ENVIRONMENT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
_SHAPE = 36  # of a gamma distribution: its deviation is a sixth of its mean
_UTC = ZoneInfo("UTC")
_BESIDE = {
    ".gitattributes": "* -text\n",
    "README.md": "# Evidence\n",
    **{f"2026/{month:02}/2026-{month:02}-28.csv": f"{HEADER}\n" for month in range(1, 11)},
    "register.jsonl": '{"kind":"page","timezone":"UTC"}\n',
    "notified.csv": "at,what,to\n",
    "statements/2023-10.json": "{}\n",
}


def rows(day: Instant) -> list[str]:
    """Write one day of rows, in the order in which a watch would have written them."""
    chance = random.Random(day)  # noqa: S311 (latencies, not secrets)
    return [
        f"{format_instant(at)},{service},main,up,{latency},1,60,{VANTAGE},\n"
        for at in range(day, day + DAY_S, 60)
        for latency, service in sorted(
            (int(chance.gammavariate(_SHAPE, usual / _SHAPE)), service) for service, usual in USUAL_MS.items()
        )
    ]


def pushes(first: Instant, end: Instant, every_s: int) -> Iterator[bytes]:
    """Write a stream for `git fast-import` with a commit at each interval, starting at a midnight."""
    yield _commit(first, _BESIDE)
    with tempfile.TemporaryDirectory() as name:
        for day in range(first, end, DAY_S):
            day_rows, path = rows(day), build_day_path(local_date(day, _UTC))
            for at in range(day + every_s, min(day + DAY_S, end) + 1, every_s):
                known = (at - day) // 60 * len(USUAL_MS)
                yield _commit(at, {path: f"{HEADER}\n" + "".join(day_rows[:known])})
            if day + DAY_S <= end:
                yield _commit(day + DAY_S + 3600, _derive(Path(name), day, path, day_rows))


def _derive(root: Path, day: Instant, path: str, day_rows: list[str]) -> dict[str, str]:
    """Derive a day that is over; return its derived file and the index, by path."""
    folder, derived = root / "history", build_derived_path(local_date(day, _UTC))
    replace_file(root, f"history/{path}", f"{HEADER}\n{''.join(day_rows)}".encode(), lasting=False)
    store.load_evidence(root, Interval(day, day + DAY_S), _UTC, day + DAY_S + 3600)
    return {name: (folder / name).read_text(encoding="utf-8") for name in (derived, INDEX)}


def _commit(at: Instant, files: Mapping[str, str]) -> bytes:
    message = f"{VANTAGE}: evidence\n\n{COMMIT_BODY}\n"
    head = f"commit refs/heads/history\ncommitter Constat <constat@localhost> {at} +0000\n{_data(message)}"
    return (head + "".join(f"M 100644 inline {path}\n{_data(text)}" for path, text in files.items())).encode()


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def lay(folder: Path, stream: Iterator[bytes]) -> Git:
    """Create a bare remote from such a stream, packed by one thread with the settings of `git gc`."""
    folder.mkdir(parents=True)
    git = Git(folder, ENVIRONMENT)
    git.run("init", "--quiet", "--bare", "--initial-branch=main")
    git.run("config", "uploadpack.allowFilter", "true")
    importing = ["git", "-C", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(importing, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None  # noqa: S101 (it is a pipe)
        for part in chain(stream, [b"done\n"]):
            importer.stdin.write(part)
    git.run("-c", "pack.threads=1", "repack", "-adfq", "--depth=50", "--window=10")
    return git
