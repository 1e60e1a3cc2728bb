"""What upstream status pages said, on the disk: a file a month in `history/`, to which rows are appended."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from constat.errors import OutsideError
from constat.history.fetch_plan import SAID_DAYS
from constat.interval import DAY_S, Instant
from constat.model import UpstreamAnswer
from constat.upstream import HEADER, build_said_path, find_said, format_said
from outside import bounds
from outside.disk import append_lines, read_file

_REACHES_S: Final = SAID_DAYS * DAY_S


def append_said(root: Path, answer: UpstreamAnswer) -> None:
    """Append the answer of an upstream; it has reached the disk on return.

    Raises:
        OutsideError: it could not be written.

    """
    append_lines(root, f"history/{build_said_path(answer.at)}", format_said(answer), header=f"{HEADER}\n")


def read_said(root: Path, wanted: Collection[str], now: Instant) -> tuple[UpstreamAnswer, ...]:
    """Read the newest answers of some upstreams, newest first, from the file of this month and that of `SAID_DAYS` ago.

    A file that cannot be read is passed over.
    """
    answers: list[UpstreamAnswer] = []
    for path in dict.fromkeys((build_said_path(now), build_said_path(now - _REACHES_S))):
        with suppress(OutsideError):
            answers += find_said(read_file(root, f"history/{path}", bounds.LOG) or b"", wanted, now)
    return tuple(answers)
