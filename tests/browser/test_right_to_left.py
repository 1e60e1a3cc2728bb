"""A pseudo-locale that is written from right to left and is 40 % longer: nothing overflows, everything is mirrored."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from playwright.sync_api import Browser

from tests.support import message_catalogs
from tests.support.browser import serve_folder, visit
from tests.support.page_scenes import SCENES, Scene
from tests.support.rendered_site import TEMPLATES, build_scene_page, render

PSEUDO = "ar"
"""A language that is written from right to left; its words are English ones, stretched."""

_PART = re.compile(r"(%\(\w+\)\w+|%%|[^\w%]+)")


def stretch(text: str) -> str:
    """A message 40 % longer, its places untouched."""
    parts = _PART.split(text)
    return "".join(part if index % 2 else _longer(part) for index, part in enumerate(parts))


def _longer(word: str) -> str:
    extra = -(-len(word) * 2 // 5)
    return word[:1] * (extra + 1) + word[1:] if word else word


def _translated(message: Message, catalog: Catalog) -> str | tuple[str, ...]:
    if message.context:
        return str(message.id)
    if isinstance(message.id, str):
        return stretch(message.id)
    return tuple(stretch(message.id[-1]) for _ in range(catalog.num_plurals))


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site in the pseudo-locale."""
    folder = tmp_path_factory.mktemp("pseudo")
    source, catalog = message_catalogs.extract_messages(), Catalog(locale=PSEUDO)
    for message in source:
        if message.id:
            catalog.add(message.id, _translated(message, catalog), context=message.context)
    with (folder / "ar.po").open("wb") as file:
        write_po(file, catalog)
    files = {**TEMPLATES, f"translations/{PSEUDO}.po": (folder / "ar.po").read_bytes()}
    _lay(SCENES["outage-explained"], files, folder / "site")
    with serve_folder(folder / "site") as where:
        yield where


def _lay(world: Scene, files: dict[str, bytes], folder: Path) -> None:
    page = world.config.page._replace(languages=(PSEUDO,))
    whole = build_scene_page(replace(world, config=world.config._replace(page=page)))
    for path, data in render(whole, files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


PAGES = [
    "",
    "services/smtp/",
    "sla/",
    "sla/2026-11/",
    "support/",
    "subscribe/",
    "how/",
    "incidents/2026-11-23-relais-smtp/",
]


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_longer_right_to_left_text_does_not_overflow(browser: Browser, pseudo: str, width: int) -> None:
    with visit(browser, pseudo, "", viewport={"width": width, "height": 700}) as window:
        for path in PAGES:
            window.page.goto(pseudo + path)
            assert window.page.evaluate("document.documentElement.dir") == "rtl"
            assert window.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_page_is_mirrored(browser: Browser, pseudo: str) -> None:
    """The bars, the ends of their axis and the state change sides."""
    with visit(browser, pseudo, "", viewport={"width": 1000, "height": 700}) as window:
        flipped = "e => new DOMMatrix(getComputedStyle(e).transform).a"
        assert window.page.locator("#website .days").evaluate(flipped) == -1
        first = window.page.locator(".axis text").first.bounding_box()
        last = window.page.locator(".axis text").last.bounding_box()
        name = window.page.locator("#website .service__name").bounding_box()
        state = window.page.locator("#website .state").bounding_box()
        assert first
        assert last
        assert name
        assert state
        assert first["x"] > last["x"]
        assert name["x"] > state["x"]


def test_charts_run_in_the_same_direction_as_the_bars(browser: Browser, pseudo: str) -> None:
    """The newest minute and the newest response time are at the left, under the end of the axis that names them."""
    flipped = "e => new DOMMatrix(getComputedStyle(e).transform).a"
    with visit(browser, pseudo, "services/smtp/", viewport={"width": 1000, "height": 700}) as window:
        for drawing in (".latency", ".run"):
            assert window.page.locator(drawing).first.evaluate(flipped) == -1
        oldest, newest = (
            window.page.locator(".ends--plain span").nth(place).bounding_box() for place in (0, 1)
        )
        assert oldest
        assert newest
        assert oldest["x"] > newest["x"]


def test_pseudo_translation_is_40_percent_longer_and_keeps_placeholders() -> None:
    assert stretch("since %(time)s, 100 %%") == "sssince %(time)s, 11100 %%"
