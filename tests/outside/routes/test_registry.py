"""A route is one file, one line, one test and one section of the docs; a test that fails names the one that is missing."""

import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from constat.model.routes import ADDRESS_MARKS
from outside.routes import apprise, mail
from outside.routes.registry import ROUTES, Route, load_route
from tests.support.source_tree import ROOT

CONFORMING: Mapping[str, Route] = {"mail": mail, "apprise": apprise}
"""Every route, for mypy to hold against the contract."""

SHARED = {"__init__", "registry", "delivery"}
DOCS = (ROOT / "docs" / "notify.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ROUTES)
def test_route_is_complete(name: str) -> None:
    assert ROUTES[name] == f"outside.routes.{name}"
    assert (ROOT / f"outside/routes/{name}.py").exists(), f"write outside/routes/{name}.py"
    assert (ROOT / f"tests/outside/routes/test_{name}.py").exists(), f"test it in test_{name}.py"
    assert name in CONFORMING, f"add {name} to CONFORMING, so that mypy holds it against the contract"
    assert name in ADDRESS_MARKS, f"say in constat/model/routes.py which addresses {name} serves"
    section = re.search(rf"^## The route `{name}`\n", DOCS, re.MULTILINE)
    assert section, f"docs/notify.md has no section: ## The route `{name}`"


@pytest.mark.parametrize("name", ROUTES)
def test_route_templates_exist(name: str) -> None:
    text, html = load_route(name).TEMPLATES
    for template in filter(None, (text, html)):
        assert (ROOT / "templates" / "notify" / template).exists()


def test_every_module_beside_the_registry_is_a_route() -> None:
    modules = {path.stem for path in (ROOT / "outside" / "routes").glob("*.py")}
    assert modules - SHARED == set(ROUTES) == set(CONFORMING) == set(ADDRESS_MARKS)


def test_an_unknown_route_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_route("pigeon")


def test_route_is_loaded_only_on_use() -> None:
    program = (
        "import sys; import outside.routes.registry, tasks.notify;"
        "print([name for name in ('outside.routes.mail', 'outside.routes.apprise', 'smtplib') if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"
