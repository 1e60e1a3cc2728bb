"""A new project, copied from the starter and filled in with guesses."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from constat.errors import UsageError

STARTER = "examples/starter"
_ADDRESS = re.compile(r"github\.com[:/]([^/]+)/(.+?)(?:\.git)?/?$")


class Guess(NamedTuple):
    """The settings of a new project, as far as its folder gives them away; `owner` is the account on GitHub, empty if unknown."""

    id: str
    name: str
    url: str
    timezone: str
    owner: str = ""


def guess_project(folder: Path, remote: str, localtime: Path) -> Guess:
    """The name from the folder, the address from its git remote, the time zone from a link such as /etc/localtime."""
    name, zone = folder.resolve().name, _read_zone(localtime)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "status"
    on_github = _ADDRESS.search(remote)
    if on_github is None:
        return Guess(slug, name, "https://status.example.org/", zone)
    return Guess(slug, name, _build_pages_url(on_github[1].lower(), on_github[2]), zone, on_github[1])


def _build_pages_url(owner: str, repository: str) -> str:
    """The URL under which GitHub Pages publishes a repository."""
    root = f"https://{owner}.github.io/"
    return root if repository.lower() == f"{owner}.github.io" else f"{root}{repository}/"


def _read_zone(localtime: Path) -> str:
    """The time zone that a link such as /etc/localtime points to; UTC where that is none."""
    _, separator, name = str(localtime.resolve()).partition("zoneinfo/")
    return name if separator else "UTC"


def lay_down_starter(
    code: Path, folder: Path, guessed: Guess, *, leave_out: Collection[str] = ()
) -> list[str]:
    """Copy the starter and fill it in; the paths that were written. `leave_out`: files and folders that are not copied.

    Raises:
        UsageError: one of its files exists already; nothing was written.

    """
    source = code / STARTER
    paths = [
        path.relative_to(source)
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and _belongs_to_starter(path, source)
        and path.relative_to(source).parts[0] not in leave_out
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
        target.write_text(_fill_in(text, guessed, path.name), encoding="utf-8")
    return [str(path) for path in paths]


def _belongs_to_starter(path: Path, source: Path) -> bool:
    """Whether a file is part of the starter, and not left behind by a run in its folder."""
    return path.relative_to(source).parts[0] not in ("history", "site", ".site")


def _fill_in(text: str, guessed: Guess, name: str) -> str:
    """A file of the starter with the guesses in place of its examples."""
    if name == "CODEOWNERS":
        return _name_owner(text, guessed.owner)
    if name != "status.yml":
        return text
    for example, value in (
        ("id: example #", f"id: {guessed.id} #"),
        ("name: Example\n", f"name: {_quote(guessed.name)}\n"),
        ("https://status.example.org/", guessed.url),
        ("Europe/Zurich", guessed.timezone),
    ):
        text = text.replace(example, value)
    return text


def _name_owner(text: str, owner: str) -> str:
    """The list of owners with its lines in force, or as it is, where the owner is unknown: none is invented."""
    return re.sub(r"(?m)^#(/.*)@owner$", rf"\1@{owner}", text) if owner else text


def _quote(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
