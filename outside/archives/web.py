"""The archive at a web address: a page's published `evidence/`, or day files laid out as in `history/`, perhaps in a bucket."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from constat.errors import OutsideError
from constat.model.archives import find_archive_part
from outside import bounds
from outside.archives.registry import Request
from outside.site.paths import build_evidence_path
from outside.site.reader import Place, open_site, unpack

DEADLINE_S: Final = 900
"""How long one command reads from an archive. What has come by then is kept; the next command reads the rest."""

_LAYOUTS: tuple[Callable[[str], str], ...] = (
    build_evidence_path,
    lambda path: f"{path}.gz",
    lambda path: path,
)
"""Where below the address a day file may be. The layout that finds a file is tried first for the next one."""


def read_days(request: Request, clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted day files that are published there.

    Raises:
        OutsideError: the server cannot be reached, answers with an error, or is too slow.
        EvidenceError: a file cannot be unpacked.

    """
    site = open_site(Place(find_archive_part(request.address, "url")))
    layouts, ends = list(_LAYOUTS), clock() + DEADLINE_S
    for path in request.paths:
        if clock() > ends:
            raise OutsideError(f"not finished after {DEADLINE_S} s; what is missing is read next time")
        for layout in tuple(layouts):
            data = site.read(layout(path), bounds.DAY_FILE)
            if data is not None:
                layouts.remove(layout)
                layouts.insert(0, layout)
                yield path, unpack(data, path)
                break
