"""A new project: the parts of the starter that are wanted, filled in with guesses. Nothing that exists is overwritten."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import UsageError

STARTER = "examples/starter"
PLACEHOLDER = "owner/constat@v1"
"""The action in the starter's workflows, until somebody writes where it really is."""

GITHUB, SYSTEMD = ".github", "systemd"
"""The parts of the starter besides the project itself, by their folders."""
OWNERS = "CODEOWNERS"

_ON_GITHUB = re.compile(r"github\.com[:/]([^/]+)/(.+?)(?:\.git)?/?$")
_ACCOUNT = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
"""The name of an account or an organisation on GitHub."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)\+01:00")
"""A time in an example, with Zurich's offset in winter."""


class Guess(NamedTuple):
    """The settings of a new project, guessed from its folder; `owner` is the account on GitHub, empty if unknown."""

    id: str
    name: str
    url: str
    timezone: str
    owner: str = ""


class Wishes(NamedTuple):
    """What a new project should contain.

    `checks`: lines below `services:` in place of the example. `promise`: a target in percent, as written. `action`:
    the action of the workflows, `OWNER/NAME@REF`, empty for no workflows. `program`: the command of the units for systemd,
    empty for no units.
    """

    checks: str = ""
    promise: str = ""
    action: str = ""
    program: str = ""


NO_WISHES = Wishes()


def parse_github_address(remote: str) -> tuple[str, str] | None:
    """Parse the owner and the name of a repository on GitHub, from the address of a remote."""
    match = _ON_GITHUB.search(remote)
    return (match[1], match[2]) if match else None


def guess_project(folder: Path, remote: str, localtime: Path) -> Guess:
    """Guess the name from the folder, the address from its git remote, the zone from a link such as /etc/localtime."""
    written, zone = folder.resolve().name, _read_zone(localtime)
    slug = re.sub(r"[^a-z0-9]+", "-", written.lower()).strip("-") or "status"
    name, repository = _make_readable(written), parse_github_address(remote)
    if repository is None:
        return Guess(slug, name, "https://status.example.org/", zone)
    owner, title = repository
    url = _build_pages_url(owner.lower(), title)
    return Guess(slug, name, url, zone, owner if _ACCOUNT.fullmatch(owner) else "")


def _make_readable(folder: str) -> str:
    """Turn the name of a folder into one to read, as `acme-status` into `Acme status`, unless it has capitals or spaces."""
    if folder != folder.lower() or " " in folder:
        return folder
    words = re.sub(r"[-_.]+", " ", folder).strip()
    return words[:1].upper() + words[1:] or "Status"


def _build_pages_url(owner: str, repository: str) -> str:
    """Build the URL under which GitHub Pages publishes a repository."""
    root = f"https://{owner}.github.io/"
    return root if repository.lower() == f"{owner}.github.io" else f"{root}{repository}/"


def _read_zone(localtime: Path) -> str:
    """Read the time zone that a link such as /etc/localtime points to; UTC if it points to none."""
    _, separator, name = str(localtime.resolve()).partition("zoneinfo/")
    return name if separator else "UTC"


def write_starter(
    code: Path,
    folder: Path,
    guessed: Guess,
    wishes: Wishes = NO_WISHES,
    more: Mapping[str, str] | None = None,
) -> list[str]:
    """Copy the parts of the starter that are wanted and fill them in; return the paths that were written.

    In a folder that has a `status.yml`, only the parts besides the project are written: its workflows, its units. `more`:
    further files of the project, by path.

    Raises:
        UsageError: one of the files exists already, or there is a project and nothing else is wanted; nothing was written.

    """
    is_new = not (folder / "status.yml").exists()
    source = code / STARTER
    files = {
        path: _fill_in((source / path).read_text(encoding="utf-8"), path, guessed, wishes, folder)
        for path in _list_wanted(source, guessed, wishes, is_new=is_new)
    }
    if is_new:
        files |= more or {}
    existing = [path for path in files if (folder / path).exists()] if files else ["status.yml"]
    if existing:
        raise UsageError(
            f"{folder} already has {', '.join(existing)}", tip="nothing was written; give another folder"
        )
    for path, text in sorted(files.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return sorted(files)


def _list_wanted(source: Path, guessed: Guess, wishes: Wishes, *, is_new: bool) -> Iterator[str]:
    """List the files of the starter that are wanted, by path."""
    wanted = {GITHUB: bool(wishes.action), SYSTEMD: bool(wishes.program)}
    for path in _list_files(source):
        part = path.partition("/")[0]
        if wanted.get(part, is_new) and (guessed.owner or not path.endswith(OWNERS)):
            yield path


def _list_files(source: Path) -> Iterable[str]:
    """List the files of the starter, without what a run in its folder left behind."""
    paths = (path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file())
    return (path.as_posix() for path in paths if path.parts[0] not in ("history", "site", ".site"))


def _fill_in(text: str, path: str, guessed: Guess, wishes: Wishes, folder: Path) -> str:
    """Fill the guesses and the wishes into a file of the starter, in place of its examples."""
    if path == "status.yml":
        return _fill_in_settings(text, guessed, wishes)
    if path.endswith(OWNERS):
        return re.sub(r"(?m)^#(/.*)@owner$", rf"\1@{guessed.owner}", text)
    if path.startswith(SYSTEMD):
        return text.replace("/usr/local/bin/constat", _write_program(wishes.program)).replace(
            "/srv/status", str(folder.resolve()).replace("%", "%%")
        )
    if path.startswith("incidents/"):
        zone = ZoneInfo(guessed.timezone)
        return _TIME.sub(lambda match: _move_time(match[1], zone), text)
    return text.replace(PLACEHOLDER, wishes.action) if wishes.action else text


def _write_program(path: str) -> str:
    """Write the path of a program as a unit has it: % doubled (systemd.unit), quoted if it holds more than plain characters."""
    doubled = path.replace("%", "%%")
    if re.fullmatch(r"[\w./%+@:-]+", doubled):
        return doubled
    escaped = doubled.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _move_time(clock: str, zone: ZoneInfo) -> str:
    """Write the same time of day in the page's zone, with its offset."""
    return datetime.fromisoformat(clock).replace(tzinfo=zone).isoformat(timespec="minutes")


def _fill_in_settings(text: str, guessed: Guess, wishes: Wishes) -> str:
    for example, value in (
        ("id: example #", f"id: {guessed.id} #"),
        ("name: Example\n", f"name: {_quote(guessed.name)}\n"),
        ("https://status.example.org/", guessed.url),
        ("Europe/Zurich", guessed.timezone),
    ):
        text = text.replace(example, value)
    if not wishes.action:  # nothing runs at GitHub
        text = re.sub(r"(?m)^  blocked:.*\n", "", text.replace("vantage: gha #", "vantage: here #"))
    if wishes.checks:
        text = text[: text.index("services:\n")] + "services:\n" + wishes.checks
    if wishes.promise:
        text = text.replace("services:\n", _PROMISE.format(wishes.promise) + "services:\n")
    return text


_PROMISE = """\
sla:
  target: {} # percent of each month: from the next month on, each one gets a verdict and a statement
  maintenance: {{counts: true}} # announced maintenance counts; the figure without it stands beside

"""


def _quote(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
