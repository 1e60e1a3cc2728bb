"""The folder `history/` of a project: loads and appends evidence and the register."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.history import HEADER, REGISTER, CheckId, build_day_path, format_rows, list_samples, parse_day
from constat.interval import DAY_S, Instant, Interval, days_of, local_date
from constat.model import Evidence, Register, Sample
from constat.register import parse_register
from constat.statement import take_whole_lines
from outside import bounds
from outside.disk import append_lines, read_file
from outside.evidence.derived import DerivedFiles

_UTC = ZoneInfo("UTC")


def load_evidence(root: Path, window: Interval, zone: ZoneInfo, now: Instant) -> Evidence:
    """Load the evidence of a window, up to `now`; `root` is the project's folder.

    Days that are over are read from their derived files; missing ones are made and kept. A derived file whose day file
    is not on this disk is trusted. Rows that make no sense raise nothing: `Evidence.skipped` lists them.

    Raises:
        OutsideError: a file cannot be read.

    """
    return open_derived_files(root, zone, now).load_evidence(window)


def open_derived_files(root: Path, zone: ZoneInfo, now: Instant) -> DerivedFiles:
    """Open the derived files of a project, as the register's seals judge them at `now`."""
    return DerivedFiles(root / "history", zone, now, read_register(root, now).seals)


def read_samples(root: Path, window: Interval, now: Instant) -> tuple[Sample, ...]:
    """Read every sample of a window up to `now`, read from the day files themselves, oldest first."""
    samples: list[Sample] = []
    for day in days_of(window, _UTC):
        path = build_day_path(day)
        data = _read_day(root, path)
        if data is not None:
            rows = parse_day(data, path, now)
            samples += (sample for sample in list_samples(rows) if sample.at in window)
    return tuple(sorted(samples, key=lambda sample: sample.at))


def append_samples(root: Path, samples: Iterable[Sample]) -> None:
    """Append samples to their day files, each file in one write that is synced to the disk before returning.

    Raises:
        OutsideError: a file could not be written.

    """
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for at, row in format_rows(samples):
        lines[at // DAY_S].append(row)
    for day, rows in lines.items():
        path = build_day_path(local_date(day * DAY_S, _UTC))
        append_lines(root, f"history/{path}", "".join(rows), header=f"{HEADER}\n")


def read_register(root: Path, now: Instant) -> Register:
    """Read the register of a project as of `now`, empty if it does not exist yet.

    Raises:
        OutsideError: the register cannot be read.

    """
    return parse_register(_read_register(root), f"history/{REGISTER}", now)


def append_register(root: Path, lines: Iterable[str]) -> None:
    """Append lines, each without its LF, to the register.

    Raises:
        OutsideError: the register could not be written.

    """
    text = "".join(f"{line}\n" for line in lines)
    if text:
        append_lines(root, f"history/{REGISTER}", text)


def find_first_samples(root: Path, zone: ZoneInfo, now: Instant) -> dict[CheckId, Instant]:
    """Find the first sample ever of each check."""
    return open_derived_files(root, zone, now).find_first_samples()


def read_register_lines(root: Path) -> bytes:
    """Read the whole lines of the register, empty if it does not exist."""
    return take_whole_lines(_read_register(root))


def read_days(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Read the content of those day files that exist, by path.

    Raises:
        OutsideError: a day file cannot be read.

    """
    days = ((path, _read_day(root, path)) for path in paths)
    return {path: data for path, data in days if data is not None}


def _read_day(root: Path, path: str) -> bytes | None:
    return read_file(root, f"history/{path}", bounds.DAY_FILE)


def _read_register(root: Path) -> bytes:
    return read_file(root, f"history/{REGISTER}", bounds.REGISTER) or b""
