"""A new project, laid down from the starter; what can be guessed about it is guessed."""

import re
from pathlib import Path
from typing import NamedTuple

from constat.errors import UsageError

STARTER = "examples/starter"
_ADDRESS = re.compile(r"github\.com[:/]([^/]+)/(.+?)(?:\.git)?/?$")


class Guess(NamedTuple):
    """What a new project is, as far as its folder tells; `owner` is who has it on GitHub."""

    id: str
    name: str
    url: str
    timezone: str
    owner: str = "owner"


def guess_project(folder: Path, remote: str, localtime: Path) -> Guess:
    """The name from the folder, the address from its git remote, the time zone from a link such as /etc/localtime."""
    slug = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "status"
    name, zone = folder.resolve().name, _zone(localtime)
    on_github = _ADDRESS.search(remote)
    if on_github is None:
        return Guess(slug, name, "https://status.example.org/", zone)
    return Guess(slug, name, _address(on_github[1].lower(), on_github[2]), zone, on_github[1])


def _address(owner: str, repository: str) -> str:
    """Where GitHub Pages shows a repository."""
    root = f"https://{owner}.github.io/"
    return root if repository.lower() == f"{owner}.github.io" else f"{root}{repository}/"


def _zone(localtime: Path) -> str:
    """The time zone that a link such as /etc/localtime leads to; UTC where it does not tell."""
    _, found, name = str(localtime.resolve()).partition("zoneinfo/")
    return name if found else "UTC"


def lay_down_starter(code: Path, folder: Path, guessed: Guess) -> list[str]:
    """Copy the starter, filled in; the paths that were written.

    Raises:
        UsageError: one of its files is there already; nothing was written.

    """
    source = code / STARTER
    paths = [
        path.relative_to(source)
        for path in sorted(source.rglob("*"))
        if path.is_file() and _is_kept(path, source)
    ]
    there = [str(path) for path in paths if (folder / path).exists()]
    if there:
        raise UsageError(
            f"{folder} has {', '.join(there)} already", tip="nothing was written; give another folder"
        )
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / path).read_text(encoding="utf-8")
        target.write_text(_filled(text, guessed, path.name), encoding="utf-8")
    return [str(path) for path in paths]


def _is_kept(path: Path, source: Path) -> bool:
    """What a run of the starter itself left behind is not part of it."""
    return path.relative_to(source).parts[0] not in ("history", "site", ".site")


def _filled(text: str, guessed: Guess, name: str) -> str:
    """A file of the starter with what was guessed in place of its examples."""
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
