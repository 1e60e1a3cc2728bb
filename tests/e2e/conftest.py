"""A repository on GitHub, played on this machine: a bare remote, the demo's servers, an interface that takes dispatches."""

import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from demo.certificates import server_context
from demo.maxony import Maxony, maxony
from demo.project import status_yml
from tests.support.github_api import FakeGitHub, fake_github
from tests.support.remotes import Remote, run
from tests.support.source import ROOT

_AUTHORITY = trustme.CA()
_LEFT_OUT = ("tests/", "docs/", "incidents/", "benchmarks/")


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    return server_context(_AUTHORITY, "127.0.0.1")


@pytest.fixture
def servers(tls: ssl.SSLContext) -> Iterator[Maxony]:
    with maxony(tls) as running:
        yield running


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with fake_github() as running:
        yield running


@pytest.fixture
def remote(servers: Maxony, tmp_path: Path) -> Remote:
    """A remote whose `main` holds this very code, and the demo's servers in its `status.yml`."""
    return begin(tmp_path, servers)


def begin(folder: Path, servers: Maxony) -> Remote:
    """A remote in a folder, and beside it the clone `main` that its maintainers work in."""
    remote, work = Remote(folder / "remote.git"), folder / "main"
    listed = run(
        "git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    ).split("\0")
    for path in listed:
        if path and not path.startswith(_LEFT_OUT) and (ROOT / path).is_file():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, work / path)
    (work / "status.yml").write_text(status_yml(servers, "gha").replace("timeout: 2s", "timeout: 20s"))
    _AUTHORITY.cert_pem.write_to_path(str(work / "authority.pem"))
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], _commit("Begin")):
        run("git", "-C", str(work), *words)
    run("git", "-C", str(work), "push", "--quiet", remote.url, "main")
    return remote


def _commit(message: str) -> list[str]:
    return ["-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "--quiet", "-m", message]


@pytest.fixture
def merge(remote: Remote, tmp_path: Path) -> "Merge":
    return Merge(remote, tmp_path / "main")


class Merge:
    """Somebody merges something to `main`."""

    def __init__(self, remote: Remote, work: Path) -> None:
        self._remote = remote
        self._work = work

    def __call__(self, path: str, text: str) -> None:
        (self._work / path).parent.mkdir(parents=True, exist_ok=True)
        (self._work / path).write_text(text)
        run("git", "-C", str(self._work), "add", "--all")
        run("git", "-C", str(self._work), *_commit(f"Add {path}"))
        run("git", "-C", str(self._work), "push", "--quiet", self._remote.url, "main")
