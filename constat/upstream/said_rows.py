"""What upstream services said, as rows: `history/upstream-YYYY-MM.csv`, one file a month (UTC), in the order in which they were asked."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, cast, get_args

from constat.interval import Instant, format_instant, parse_instant
from constat.model import UpstreamAnswer, UpstreamSays, UpstreamState
from constat.text.reason_cells import decode_reason, encode_reason
from constat.upstream.foreign_text import clean_link, clean_title

HEADER: Final = "at,id,state,title,link"
_CELLS: Final = 5
_DISORDER_S: Final = 3600
_STATES: Final = frozenset(get_args(UpstreamState))


def build_said_path(at: Instant) -> str:
    """The path of the file for the month of an instant, relative to `history/`."""
    return f"upstream-{datetime.fromtimestamp(at, UTC):%Y-%m}.csv"


def format_said(answer: UpstreamAnswer) -> str:
    """Write an answer as a row, with its line break."""
    state, title, link = answer.says
    return f"{format_instant(answer.at)},{answer.id},{state},{encode_reason(title)},{link}\n"


def find_said(data: bytes, wanted: Collection[str], now: Instant) -> Iterator[UpstreamAnswer]:
    """Find the newest answers of the `wanted` services in a file, read from its end: of each, back to those that say something.

    Rows of two watches may be interleaved, up to an hour out of order. Invalid rows are skipped, since what is read here is
    shown and never counted.
    """
    left, known = set(wanted), dict[str, Instant]()
    for line in reversed(data.decode(errors="replace").splitlines()):
        cells = line.split(",")
        answer = _parse_said(cells) if len(cells) == _CELLS and cells[1] in left else None
        if answer is None or answer.at > now:
            continue
        if answer.at < known.get(answer.id, answer.at) - _DISORDER_S:
            left.remove(answer.id)
            if not left:
                return
            continue
        yield answer
        if answer.says.state != "unknown":
            known.setdefault(answer.id, answer.at)


def _parse_said(cells: Sequence[str]) -> UpstreamAnswer | None:
    """Read a row; `None` for anything else."""
    at, name, state, title, link = cells
    if state not in _STATES:
        return None
    try:
        moment = parse_instant(at)
    except ValueError:
        return None
    said = UpstreamSays(cast("UpstreamState", state), clean_title(decode_reason(title)), clean_link(link))
    return UpstreamAnswer(moment, name, said)
