"""Read a site of cState from a folder, or from a repository, which is cloned."""

from pathlib import Path

from constat.errors import InputError, UsageError
from constat.moving.cstate.whole_site import CONFIG_NAMES, ISSUES, SiteFiles, read_site
from constat.moving.model import Finding, Moved, ReadRequest
from outside import bounds
from outside.moving.folder import SourceFolder
from outside.moving.repository import clone, is_repository

_PAGES = (".md", ".markdown", ".html", ".htm")


def read(request: ReadRequest) -> Moved:
    """Read a site of cState.

    Raises:
        UsageError: the place holds no such site.
        OutsideError: it cannot be read.

    """
    if not is_repository(request.place):
        return _read_folder(Path(request.place), request)
    request.tell(f"cloning {request.place}")
    with clone(request.place, request.environment, history=False) as folder:
        return _read_folder(folder, request)


def _read_folder(root: Path, request: ReadRequest) -> Moved:
    folder = SourceFolder(root)
    config_name = next((name for name in CONFIG_NAMES if (root / name).is_file()), "")
    if not root.is_dir() or not (config_name or (root / ISSUES).is_dir()):
        tip = (
            "give the folder that holds its config.yml and content/issues/, or the address of its repository"
        )
        raise UsageError(f"{request.place} holds no site of cState", tip=tip)
    texts: dict[str, str] = {}
    for path in folder.list("content"):
        text = folder.read_text(path) if path.endswith(_PAGES) else None
        if text is not None:
            texts[path] = text
        if len(texts) % 500 == 0:
            request.tell(f"{len(texts):,} pages read")
    files = SiteFiles(
        config_name,
        (folder.read_text(config_name) or "") if config_name else "",
        texts,
        lambda path: folder.read(path, bounds.PICTURE),
    )
    try:
        moved = read_site(files, request.maintenance)
    except (InputError, ValueError) as error:
        raise UsageError(
            f"{config_name} cannot be read: {error}", tip="correct it, and import again"
        ) from error
    unfit = [Finding(path, why, "see there") for path, why in folder.unfit.items()]
    return moved._replace(findings=[*moved.findings, *unfit])
