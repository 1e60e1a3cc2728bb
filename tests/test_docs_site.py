"""The documentation as a site: what `docs/conf.py` makes of the pages before Sphinx reads them."""

import re
import runpy
from collections.abc import Callable

import pytest

from tests.support.source_tree import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS) for path in DOCS.glob("**/*.md") if "_site" not in path.parts)

Handler = Callable[[None, str, list[str]], None]


def _prepare(handler: Handler, page: str, text: str | None = None) -> str:
    source = [(DOCS / f"{page}.md").read_text() if text is None else text]
    handler(None, page, source)
    return source[0]


def test_every_page_is_in_the_navigation() -> None:
    add_navigation = runpy.run_path(str(DOCS / "conf.py"))["add_navigation"]
    text = "".join(_prepare(add_navigation, str(page.with_suffix(""))) for page in PAGES)
    listed = {
        line.removeprefix("/")
        for tree in re.findall(r"```\{toctree\}\n(.*?)```", text, re.DOTALL)
        for line in tree.splitlines()
        if line.startswith("/")
    }
    assert listed == {str(page.with_suffix("")) for page in PAGES} - {"README"}


def test_navigation_has_the_headings_of_the_index() -> None:
    add_navigation = runpy.run_path(str(DOCS / "conf.py"))["add_navigation"]
    trees = _prepare(add_navigation, "README").split("```{toctree}")[1:]
    assert [re.findall(r":caption: (.*)", tree)[0] for tree in trees] == [
        "Getting started", "How to", "Reference", "Background",
    ]  # fmt: skip
    assert "/tutorial" in trees[0]
    assert "/reference/status" in trees[2]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://git.example/blob/1", "[CHANGELOG](https://git.example/blob/1/CHANGELOG.md#head)"),
        ("", "CHANGELOG"),
    ],
)
def test_a_link_that_leaves_the_docs_leads_to_the_repository(
    address: str, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSTAT_SOURCE_URL", address)
    link_to_repository = runpy.run_path(str(DOCS / "conf.py"))["link_to_repository"]
    text = "See [CHANGELOG](../CHANGELOG.md#head), [rules](how-uptime-is-computed.md) and [none](../none.md)."
    assert _prepare(link_to_repository, "upgrading", text) == (
        f"See {link}, [rules](how-uptime-is-computed.md) and [none](../none.md)."
    )
