"""The store `dir:`, a folder on this machine, perhaps a mounted one, that a web server publishes.

Each file is replaced atomically, and only if its content changed; pages come after the files that they need, and what the
site no longer has is deleted last. A folder that holds somebody else's files is refused.
"""

from pathlib import Path

from constat.errors import OutsideError
from constat.model.stores import find_part
from outside import bounds
from outside.disk import read_file
from outside.site.publishing import refuse_foreign_folder, replace_one_by_one
from outside.stores.registry import Consignment, Stored


def take(consignment: Consignment) -> Stored:
    """Make the folder hold exactly the files of the site.

    Raises:
        OutsideError: it could not be written, holds somebody else's files, or is part of the project.

    """
    target = (consignment.root / find_part(consignment.address, "path")).resolve()
    _refuse_own_folder(consignment.root.resolve(), target)
    refuse_foreign_folder(target)
    site = consignment.site
    try:
        paths = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
        files = {path: read_file(site, path, bounds.SITE_FILE) or b"" for path in paths}
        target.mkdir(parents=True, exist_ok=True)
        return Stored(*replace_one_by_one(target, files))
    except OSError as error:
        raise OutsideError(f"{target} could not be written: {error.strerror}") from error


def _refuse_own_folder(root: Path, target: Path) -> None:
    """Refuse the project itself and any folder around it or in it: whatever is not part of the site would be deleted."""
    if target == root or target in root.parents or root in target.parents:
        raise OutsideError(
            f"{target} belongs to the project",
            tip="under publish, name a folder outside the project: to: dir:/srv/status",
        )
