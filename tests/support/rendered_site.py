"""Scenes rendered as sites, and their HTML parsed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from constat.i18n import load_languages
from constat.notices import read_wordings
from constat.page import Page, PageInputs, build_page
from constat.render import RenderInputs, build_hosting_files, list_pages
from constat.spreading import Spread, do_one_by_one
from outside.project.files import open_template_cache, read_templates
from tests.support.page_scenes import SCENES, Scene
from tests.support.source_tree import ROOT

TEMPLATES = read_templates(ROOT, ROOT)
_VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "use", "path", "circle", "rect"})


def build_scene_page(world: Scene) -> Page:
    """Build the page of a scene."""
    return build_page(PageInputs(world.config, world.register, world.evidence, world.notices, world.now))


def render(
    page: Page, files: Mapping[str, bytes] = TEMPLATES, spread: Spread = do_one_by_one
) -> dict[str, bytes]:
    """All HTML of a page, by path. The templates are compiled once, as between the builds of a job."""
    jobs = list_pages(page, build_render_inputs(page, files), open_template_cache(ROOT))
    rendered = spread(lambda job: job(), jobs)
    pages = {path: content for alone in rendered for path, content in alone.items()}
    return pages | build_hosting_files(page, pages)


def render_index(page: Page, inputs: RenderInputs | None = None) -> bytes:
    """The index in the first language, which is the first page of all, without the others."""
    (content,) = list_pages(page, inputs or build_render_inputs(page))[0]().values()
    return content


def build_render_inputs(page: Page, files: Mapping[str, bytes] = TEMPLATES) -> RenderInputs:
    """Build the inputs of rendering, with the ready wordings."""
    languages = load_languages(page.settings, files, page.now)
    wordings = read_wordings([("wordings.yml", files["wordings.yml"].decode())])
    return RenderInputs(files, languages, wordings, trusted=files is TEMPLATES)


def render_scene(world: Scene) -> dict[str, bytes]:
    """Render all HTML of a scene, by path."""
    return render(build_scene_page(world))


@cache
def render_named_scene(scene: str) -> Mapping[str, bytes]:
    """Render all HTML of a scene of `SCENES`, once per process."""
    return render_scene(SCENES[scene])


def write_site(world: Scene, folder: Path) -> None:
    """Write the site of a scene to a folder."""
    for path, data in render_scene(world).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@dataclass
class Element:
    """One element of a page: its name, its attributes, and all the text inside it."""

    name: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: str = ""

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    def inside(self, css: str) -> bool:
        """Whether it is inside an element with this class."""
        return any(css in parent.classes for parent in self.parents)


@dataclass
class _Reader(HTMLParser):
    found: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.found.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in {element.name for element in self.open}:
            while self.open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def parse_elements(html: bytes) -> list[Element]:
    """Parse a page into its elements, in order."""
    reader = _Reader()
    reader.feed(html.decode())
    return reader.found


def normalise_text(text: str) -> str:
    """Replace special spaces and curly apostrophes by those typed in a test."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'").split())


def find_dead_links(pages: Mapping[str, bytes]) -> list[str]:
    """Find the relative links of a site that lead to no file of it."""
    return [
        f"{path} links to {target}"
        for path, html in pages.items()
        if path.endswith("index.html")
        for target in (one.attributes.get("href", "") for one in parse_elements(html))
        if target
        and ":" not in target
        and not target.startswith("#")
        and _resolve_link(path, target) not in pages
    ]


def _resolve_link(path: str, target: str) -> str:
    """Resolve a link of a page to the path of a file."""
    parts, target = path.split("/")[:-1], target.partition("#")[0]
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join([*parts, "index.html"] if target.endswith("/") else parts)
