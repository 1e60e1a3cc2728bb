"""Wheels of libraries that are installed here, so that an installation can be tried without a package index."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackagePath, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_NOT_IN_A_WHEEL = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"}
"""Files beside the metadata that the installer wrote."""


def pack_wheels(requirements: Iterable[str], folder: Path) -> None:
    """Write a wheel into the folder for each requirement and for everything that it requires, as installed here."""
    for dist in _close(requirements):
        _pack(dist, folder)


def _close(requirements: Iterable[str]) -> Iterator[Distribution]:
    """The distributions that satisfy the requirements and, in turn, those of each."""
    waiting, seen = [Requirement(text) for text in requirements], set[str]()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        dist = distribution(requirement.name)
        waiting += map(Requirement, dist.requires or ())
        yield dist


def _pack(dist: Distribution, folder: Path) -> None:
    """Pack the installed files again (binary distribution format, PyPA): all but scripts, caches and the installer's own."""
    tags = [
        line.split("-") for line in re.findall(r"^Tag: (\S+)", dist.read_text("WHEEL") or "", re.MULTILINE)
    ]
    assert tags, f"{dist.name} was not installed from a wheel"
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))
    stem = f"{dist.name.replace('-', '_')}-{dist.version}"
    paths = [path for path in dist.files or () if _belongs(path)]
    record = next(f"{path.parent}/RECORD" for path in paths if path.name == "METADATA")
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w") as wheel:
        for path in paths:
            wheel.write(str(path.locate()), str(path))
        wheel.writestr(record, "".join(f"{path},,\n" for path in (*paths, record)))


def _belongs(path: PackagePath) -> bool:
    return not (".." in path.parts or path.suffix == ".pyc" or path.name in _NOT_IN_A_WHEEL)
