"""The archive at a web address: a page's published `evidence/`, or day files as `history/` has them, perhaps in a bucket."""

from collections.abc import Callable, Iterator

from constat.model.archives import find_archive_part
from outside import bounds
from outside.archives.registry import Request
from outside.site.paths import build_evidence_path
from outside.site.reader import Place, open_site, unpack

_LAYOUTS: tuple[Callable[[str], str], ...] = (
    build_evidence_path,
    lambda path: f"{path}.gz",
    lambda path: path,
)
"""Where a day file may lie below the address; what the first file is found by is tried first for the others."""


def read_days(request: Request) -> Iterator[tuple[str, bytes]]:
    """The wanted day files that are published there.

    Raises:
        OutsideError: the server cannot be reached, or answers with an error.
        EvidenceError: a file cannot be unpacked.

    """
    site = open_site(Place(find_archive_part(request.address, "url")))
    layouts = list(_LAYOUTS)
    for path in request.paths:
        for layout in tuple(layouts):
            data = site.read(layout(path), bounds.DAY_FILE)
            if data is not None:
                layouts.sort(key=lambda each, found=layout: each is not found)  # type: ignore[misc]
                yield path, unpack(data, path)
                break
