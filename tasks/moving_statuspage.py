"""Read a page of Statuspage from its public API, or from files that were saved from it."""

from pathlib import Path
from typing import Final

from constat.errors import OutsideError, UsageError
from constat.moving.model import Finding, Moved, ReadRequest
from constat.moving.statuspage.documents import Documents
from constat.moving.statuspage.page import read_page
from outside.moving.folder import SourceFolder
from outside.web.origin import Origin

_PATHS: Final = (
    "api/v2/summary.json",
    "api/v2/components.json",
    "api/v2/incidents.json",
    "api/v2/scheduled-maintenances.json",
    "api/v2/incidents/unresolved.json",
    "api/v2/scheduled-maintenances/active.json",
    "api/v2/scheduled-maintenances/upcoming.json",
)
_SUFFIXES: Final = (".json", ".jsonl", ".ndjson")
_MOST_BYTES: Final = 256 << 20
"""The most bytes of one document: enough for an export of a hundred thousand incidents."""


def read(request: ReadRequest) -> Moved:
    """Read a page of Statuspage, or of another service that publishes the same format.

    Raises:
        UsageError: the place holds no such documents.
        OutsideError: it cannot be fetched or read.

    """
    documents = Documents()
    if request.place.startswith(("http://", "https://")):
        base_url = _fetch(request, documents)
    else:
        base_url = ""
        _read_files(Path(request.place), documents)
    if not documents.page and not documents.components and not documents.incidents:
        tip = "give the address of the page, or files of its API (incidents.json ...) or of an export"
        raise UsageError(f"{request.place} holds nothing in the shape of Statuspage", tip=tip)
    return read_page(documents, base_url, request.maintenance)


def _fetch(request: ReadRequest, documents: Documents) -> str:
    """Fetch the documents of a page from its origin, and from nowhere else; return the page's address."""
    url = request.place.rstrip("/")
    folder, _, name = url.rpartition("/")
    if name.endswith(_SUFFIXES):
        origin, paths = Origin(folder), [name]
        base_url = folder.partition("/api/v2")[0] if "/api/v2" in folder else ""
    else:
        base_url = url.partition("/api/v2")[0]
        origin, paths = Origin(base_url), list(_PATHS)
    for path in paths:
        request.tell(f"fetching {path}")
        try:
            data = origin.read(path, _MOST_BYTES)
        except OutsideError as error:
            if path == paths[0]:
                raise
            documents.findings.append(Finding(path, str(error), "not read"))
            continue
        if data is None:
            documents.findings.append(Finding(path, "is not there", "not read"))
        else:
            documents.add(path, data)
    return base_url


def _read_files(place: Path, documents: Documents) -> None:
    """Read one file, or every JSON file of a folder."""
    root, paths = (place.parent, [place.name]) if place.is_file() else (place, [])
    folder = SourceFolder(root)
    if not paths:
        paths = [path for path in folder.list("") if path.endswith(_SUFFIXES)] if place.is_dir() else []
    for path in paths:
        data = folder.read(path, _MOST_BYTES)
        if data is not None:
            documents.add(path, data)
    documents.findings += [Finding(path, why, "not read") for path, why in folder.unfit.items()]
