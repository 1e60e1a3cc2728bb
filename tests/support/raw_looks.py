"""The raw data of Uptime Kuma and Upptime, read independently of the importers: by SQL and patches, second by second.

It shares no code with them. A service's time is an array of seconds, painted in the order of the looks; what an importer
wrote is painted from its CSV in the same way, and both must be equal.
"""

import csv
import io
import re
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

SPEAKS = 2
CODES = {"unknown": 1, "up": 2, "degraded": 3, "down": 4}


class RawLook(NamedTuple):
    """A look: its second, `up`, `degraded`, `down` or `unknown`, and the interval in seconds."""

    at: int
    outcome: str
    interval: int


def paint(spans: Iterable[tuple[int, int, str]], origin: int, length: int) -> bytearray:
    """An array of seconds, each with the code of the last span that covers it; 0 where none does."""
    seconds = bytearray(length)
    for start, end, outcome in spans:
        low, high = max(0, start - origin), min(length, end - origin)
        if low < high:
            seconds[low:high] = bytes([CODES[outcome]]) * (high - low)
    return seconds


def paint_looks(looks: Iterable[RawLook], origin: int, length: int) -> bytearray:
    """Each sample counts for twice its interval, or until the next one."""
    ordered = sorted(looks)
    nexts = [*(look.at for look in ordered[1:]), origin + length][: len(ordered)]
    pairs = zip(ordered, nexts, strict=True)
    spans = ((look.at, min(look.at + SPEAKS * look.interval, after), look.outcome) for look, after in pairs)
    return paint(spans, origin, length)


def find_stretches(looks: Iterable[RawLook]) -> list[tuple[int, int | None, str]]:
    """From the first look with an outcome until the next look with another one; the last has no end."""
    found: list[tuple[int, int | None, str]] = []
    for look in sorted(looks):
        if found and found[-1][2] == look.outcome:
            continue
        if found:
            found[-1] = (found[-1][0], look.at, found[-1][2])
        found.append((look.at, None, look.outcome))
    return found


def read_kuma(path: Path, monitor: int) -> tuple[list[RawLook], Counter[int]]:
    """The looks at a monitor, with the beats of each status. Retries are found by a pattern over all statuses."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    (interval,) = database.execute("SELECT interval FROM monitor WHERE id = ?", (monitor,)).fetchone()
    beats = database.execute(
        "SELECT CAST(strftime('%s', substr(time, 1, 19)) AS INTEGER), status FROM heartbeat"
        " WHERE monitor_id = ? ORDER BY time, id",
        (monitor,),
    ).fetchall()
    database.close()
    word = "".join(str(status) for _, status in beats)
    looks = []
    for match in re.finditer(r"2*[01]|2+(?=3|$)", word):
        outcome = {"0": "down", "1": "up"}.get(match[0][-1], "unknown")
        looks.append(RawLook(beats[match.start()][0], outcome, interval))
    return looks, Counter(status for _, status in beats)


def read_upptime(bundle: Path, folder: Path, interval: int) -> dict[str, list[RawLook]]:
    """The looks at each site, from the patches of all commits: every one shows its whole file, which is short."""
    _git("clone", "--quiet", "--no-checkout", str(bundle), str(folder))
    log = _git("-C", str(folder), "log", "--reverse", "-p", "-U50", "--format=%x02%ct%x03%s", "--", "history")
    looks: dict[str, dict[int, RawLook]] = {}
    for commit in log.split("\x02")[1:]:
        head, _, patch = commit.partition("\n")
        committed, subject = head.split("\x03")
        for part in patch.split("diff --git ")[1:]:
            _take_patch(looks, part, int(committed), subject, interval)
    return {slug: list(found.values()) for slug, found in looks.items()}


def _take_patch(
    looks: dict[str, dict[int, RawLook]], part: str, committed: int, subject: str, interval: int
) -> None:
    name = re.match(r"a/history/([\w-]+)\.yml ", part)
    lines = [line[1:] for line in part.splitlines() if line[:1] in {"+", " "} and line[:3] != "+++"]
    values = dict(re.findall(r"^(?:- )?(\w+): (.*)$", "\n".join(lines), re.MULTILINE))
    if not name or "lastUpdated" not in values:
        return
    at = int(
        datetime.strptime(values["lastUpdated"][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp()
    )
    if committed - at > 3600 and " in " not in subject:
        return
    looks.setdefault(name[1], {})[at] = RawLook(at, values["status"], interval)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607


class WrittenRow(NamedTuple):
    """A row of the CSV, its times as seconds."""

    start: int
    end: int | None
    outcome: str
    basis: str
    looks: int
    reason: str


def read_written(data: bytes) -> Mapping[str, list[WrittenRow]]:
    """The rows of `history/imported/<name>.csv` by service, in the order of time."""
    rows: dict[str, list[WrittenRow]] = {}
    for row in csv.DictReader(io.StringIO(data.decode())):
        rows.setdefault(row["service"], []).append(
            WrittenRow(
                _parse(row["start"]),
                _parse(row["end"]) if row["end"] else None,
                row["outcome"],
                row["basis"],
                int(row["count"]),
                row["reason"],
            )
        )
    return rows


def _parse(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
