"""Copy the starter into a new project, filled in with what can be guessed about it."""

import re
from pathlib import Path
from typing import NamedTuple

from constat.errors import UsageError

STARTER = "examples/starter"
_ADDRESS = re.compile(r"github\.com[:/]([^/]+)/(.+?)(?:\.git)?/?$")


class Guess(NamedTuple):
    """The settings of a new project, as guessed from its folder; `owner` is its owner on GitHub."""

    id: str
    name: str
    url: str
    timezone: str
    owner: str = "owner"


def guess_project(folder: Path, remote: str, localtime: Path) -> Guess:
    """Guess the name from the folder, the address from its git remote, the time zone from /etc/localtime or the like."""
    slug = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "status"
    name, zone = folder.resolve().name, _zone(localtime)
    on_github = _ADDRESS.search(remote)
    if on_github is None:
        return Guess(slug, name, "https://status.example.org/", zone)
    return Guess(slug, name, _address(on_github[1].lower(), on_github[2]), zone, on_github[1])


def _address(owner: str, repository: str) -> str:
    """Return the address at which GitHub Pages publishes a repository."""
    root = f"https://{owner}.github.io/"
    return root if repository.lower() == f"{owner}.github.io" else f"{root}{repository}/"


def _zone(localtime: Path) -> str:
    """Return the time zone that a link such as /etc/localtime points to; UTC if it points elsewhere."""
    _, separator, name = str(localtime.resolve()).partition("zoneinfo/")
    return name if separator else "UTC"


def lay_down_starter(code: Path, folder: Path, guessed: Guess) -> list[str]:
    """Copy the starter, filled in; return the paths that were written.

    Raises:
        UsageError: one of its files exists already; nothing was written.

    """
    source = code / STARTER
    paths = [
        path.relative_to(source)
        for path in sorted(source.rglob("*"))
        if path.is_file() and _is_kept(path, source)
    ]
    existing = [str(path) for path in paths if (folder / path).exists()]
    if existing:
        raise UsageError(
            f"{folder} already has {', '.join(existing)}", tip="nothing was written; give another folder"
        )
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / path).read_text(encoding="utf-8")
        target.write_text(_filled(text, guessed, path.name), encoding="utf-8")
    return [str(path) for path in paths]


def _is_kept(path: Path, source: Path) -> bool:
    """Return whether a file is part of the starter; what a run of the starter itself left behind is not."""
    return path.relative_to(source).parts[0] not in ("history", "site", ".site")


def _filled(text: str, guessed: Guess, name: str) -> str:
    """Replace the example values in a file of the starter with the guessed ones."""
    if name == "CODEOWNERS":
        return text.replace("@owner", f"@{guessed.owner}")
    if name != "status.yml":
        return text
    for example, value in (
        ("id: example #", f"id: {guessed.id} #"),
        ("name: Example\n", f"name: {_quoted(guessed.name)}\n"),
        ("https://status.example.org/", guessed.url),
        ("Europe/Zurich", guessed.timezone),
    ):
        text = text.replace(example, value)
    return text


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
