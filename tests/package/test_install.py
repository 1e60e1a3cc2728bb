"""Constat installed from the wheel and from the sdist, in every way that people install programs, without a package index."""

import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest

from constat.version import VERSION
from demo.web_server import FixedAnswer, WebServer
from tests.support.own_project import STATUS
from tests.support.source_tree import ROOT
from tests.support.wheelhouse import pack_wheels

BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


class Package(NamedTuple):
    """What was built, and the wheels of everything that it needs."""

    wheel: Path
    sdist: Path
    libraries: Path


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    built, libraries = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("libraries")
    words = ("build", "--quiet", "--offline", "--no-build-isolation", "--python", sys.executable)
    _run([BIN / "uv", *words, "--out-dir", built, ROOT], built, {"UV_CACHE_DIR": str(built / "cache")})
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    requires = PROJECT["project"]["dependencies"]
    pack_wheels([*requires, *PROJECT["build-system"]["requires"], "editables"], libraries)
    return Package(wheel, sdist, libraries)


class Place(NamedTuple):
    """A folder that is somebody's home, with nothing of ours in its environment but the wheels."""

    home: Path
    package: Package

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment: as `env -i` leaves it, and the index that the installers ask."""
        return {
            "HOME": str(self.home),
            "PATH": f"{self.home / 'bin'}:/usr/bin:/bin",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.package.libraries),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIPX_DEFAULT_BACKEND": "uv",
            "UV_OFFLINE": "1",
            "UV_FIND_LINKS": str(self.package.libraries),
            "UV_NO_INDEX": "1",
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_TOOL_BIN_DIR": str(self.home / "bin"),
            "PIPX_BIN_DIR": str(self.home / "bin"),
        }

    def run(self, *words: str | Path, code: int = 0) -> str:
        """Run a program here; return what it printed on standard output."""
        return _run(words, self.home, self.environment, code)


def _run(
    words: tuple[str | Path, ...] | list[str | Path],
    folder: Path,
    variables: Mapping[str, str],
    code: int = 0,
) -> str:
    done = subprocess.run(  # noqa: S603 (our own words)
        list(map(str, words)),
        cwd=folder,
        env=dict(variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture
def place(tmp_path: Path, package: Package) -> Place:
    return Place(tmp_path, package)


def _install_with_pip(place: Place, what: Path) -> Path:
    """A new virtual environment with the package; the folder of its site-packages. The pip is ours: making one takes seconds."""
    venv.create(place.home / "venv")
    pip = (sys.executable, "-m", "pip", "--python", place.home / "venv/bin/python")
    place.run(*pip, "install", "--quiet", "--no-compile", what)
    (place.home / "bin").symlink_to(place.home / "venv/bin")
    return next((place.home / "venv/lib").glob("python*/site-packages"))


def _try_everything(place: Place, *program: str | Path) -> None:
    """The first minutes of a newcomer: the demo, a page of their own, and the verbs that examine both."""
    place.run(*program, "demo")
    place.run(*program, "validate", "--root", ".demo")
    place.run(*program, "verify", "--root", ".demo")
    _try_own_page(place, *program)


def _try_own_page(place: Place, *program: str | Path) -> None:
    """All but the demo, where another way of installing has run it from the same wheel."""
    assert place.run(*program, "--version") == f"constat {VERSION}\n"
    place.run(*program, "init", "own")
    (place.home / "own/status.yml").write_text(STATUS)
    place.run(*program, "validate", "--root", "own")
    place.run(*program, "run", "--root", "own")
    place.run(*program, "verify", "--root", "own")
    assert (place.home / "own/site/index.html").exists()


def _make_a_page_of_ones_own(place: Place) -> None:
    """From the installation to a page that says that all is well: two commands more, and nothing to edit."""
    began = time.monotonic()
    with WebServer({"/": FixedAnswer("<h1>Ours</h1>")}) as website:
        place.run("constat", "init", "my-page", "--from", f"http://{website.address}/")
        place.run("constat", "run", "--root", "my-page")
    assert "Everything is working." in (place.home / "my-page/site/index.html").read_text()
    place.run("constat", "validate", "--root", "my-page")
    assert time.monotonic() - began < 60, "a minute is what a newcomer gives us"


def _list_tree(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.suffix != ".pyc" and path.name != "__pycache__"}


def test_virtual_environment_holds_one_package_and_stays_unchanged(place: Place) -> None:
    packages = _install_with_pip(place, place.package.wheel)
    ours = {path.name for path in packages.glob("*constat*")}
    assert ours == {"constat_status", f"constat_status-{VERSION}.dist-info"}
    assert not {"checks", "constat", "generate.py", "tasks", "templates", "verbs"} & {
        path.name for path in packages.iterdir()
    }
    before = _list_tree(packages)
    _try_everything(place, "constat")
    _make_a_page_of_ones_own(place)
    assert _list_tree(packages) == before


def test_uvx_runs_it_from_the_wheel(place: Place) -> None:
    _try_own_page(place, BIN / "uvx", "--from", place.package.wheel, "constat")


def test_uv_tool_installs_it_from_the_sdist(place: Place) -> None:
    """It holds what the wheel holds, from which another way of installing has run the demo."""
    place.run(BIN / "uv", "tool", "install", "--quiet", place.package.sdist)
    (packages,) = (place.home / ".local/share/uv/tools/constat-status/lib").glob("python*/site-packages")
    with ZipFile(place.package.wheel) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("constat_status/")}
    installed = (path.relative_to(packages) for path in (packages / "constat_status").rglob("*"))
    assert packed <= set(map(str, installed))
    _try_own_page(place, "constat")


def test_pipx_installs_it(place: Place) -> None:
    place.run(BIN / "pipx", "install", place.package.wheel)
    _try_own_page(place, "constat")


def test_an_editable_installation_runs_the_code_of_the_checkout(place: Place) -> None:
    place.run(BIN / "uv", "venv", "--quiet", "venv")
    place.run(BIN / "uv", "pip", "install", "--quiet", "--python", "venv/bin/python", "--editable", ROOT)
    assert place.run("venv/bin/constat", "--version") == f"constat {VERSION}\n"
    assert "checks of 5 services" in place.run("venv/bin/constat", "cost", "--root", ROOT)
