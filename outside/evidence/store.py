"""The folder `history/` of a project: evidence loaded and appended, the register, derived files kept in place."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.errors import OutsideError
from constat.history import HEADER, CheckId, day_path, format_row, parse_day
from constat.history import list_samples as samples_of
from constat.interval import Instant, Interval, days_of, local_date
from constat.model import Evidence, Register, Sample
from constat.register import REGISTER, parse_register
from constat.statement import whole_lines
from outside.disk import append_lines, read_file
from outside.evidence.derived import DerivedFiles

_UTC = ZoneInfo("UTC")


def load_evidence(root: Path, window: Interval, zone: ZoneInfo, now: Instant) -> Evidence:
    """All that a build needs of the samples of a window, up to `now`; `root` is the project.

    Days that are over are read from their derived files, which are made and kept where they are missing; a derived
    file whose day file is not here is trusted. Evidence that makes no sense never raises: `Evidence.skipped` names it.

    Raises:
        OutsideError: the disk does not give a file that is there.

    """
    return DerivedFiles(root / "history", zone, now).evidence(window)


def read_samples(root: Path, window: Interval, now: Instant) -> tuple[Sample, ...]:
    """Every sample of a window up to `now`, read from the day files themselves, oldest first."""
    found: list[Sample] = []
    for day in days_of(window, _UTC):
        path = day_path(day)
        if (root / "history" / path).is_file():
            rows = parse_day((root / "history" / path).read_bytes(), path, now)
            found += (sample for sample in samples_of(rows) if sample.at in window)
    return tuple(sorted(found, key=lambda sample: sample.at))


def append_samples(root: Path, samples: Iterable[Sample]) -> None:
    """Append samples to their day files, each file in one write that has reached the disk on return.

    Raises:
        OutsideError: the disk did not do it.

    """
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for sample in samples:
        lines[day_path(local_date(sample.at, _UTC))].append(format_row(sample))
    for path, rows in lines.items():
        append_lines(root / "history" / path, "".join(rows), header=f"{HEADER}\n")


def read_register(root: Path) -> Register:
    """The register of a project; empty where there is none yet.

    Raises:
        OutsideError: the disk does not give it.

    """
    return parse_register(read_file(root / "history" / REGISTER) or b"", f"history/{REGISTER}")


def append_register(root: Path, lines: Iterable[str]) -> None:
    """Append lines to the register (each without its LF); nothing where there are none.

    Raises:
        OutsideError: the disk did not do it.

    """
    text = "".join(f"{line}\n" for line in lines)
    if text:
        append_lines(root / "history" / REGISTER, text)


def first_samples(root: Path, zone: ZoneInfo, now: Instant) -> dict[CheckId, Instant]:
    """The first sample ever of each check."""
    return DerivedFiles(root / "history", zone, now).firsts()


def read_register_lines(root: Path) -> bytes:
    """The whole lines of the register, empty where there is none."""
    return whole_lines(read_file(root / "history" / REGISTER) or b"")


def read_days(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """The day files that exist, by path."""
    files = ((path, root / "history" / path) for path in paths)
    try:
        return {path: file.read_bytes() for path, file in files if file.is_file()}
    except OSError as error:
        raise OutsideError(f"a day file cannot be read: {error}") from error
