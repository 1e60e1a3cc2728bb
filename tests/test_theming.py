"""docs/theming.md: its examples are built, and have the effect that it describes."""

import re
import shutil
from pathlib import Path

import pytest

from constat.errors import InputError
from constat.interval import parse_instant
from constat.render.assets import minify_stylesheet
from tasks.build import rehearse_site
from tasks.project import Project
from tests.support.source_tree import ROOT

DOCUMENT = (ROOT / "docs" / "theming.md").read_text(encoding="utf-8")
NOW = parse_instant("2026-11-06T12:00:00Z")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'


def _block(language: str) -> str:
    """The first example in a language."""
    return str(re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[0])


BRANDS = {
    name: (settings, style)
    for name, settings, style in re.findall(
        r"### (\w+):[^\n]*\n\n```yaml\n(.*?)```\n\n```css\n(.*?)```", DOCUMENT, re.DOTALL
    )
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that uses the settings of the document."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "vectors" / "002", root)
    text = (root / "status.yml").read_text()
    (root / "status.yml").write_text(_block("yaml") + text[text.index("\nmonitor:") :])
    (root / "templates").mkdir()
    for name in ("logo.svg", "logo-dark.svg"):
        (root / "templates" / name).write_text(LOGO)
    (root / "templates" / "how.html").write_text(_block("html"))
    return root


def test_name_logo_colour_and_footer_are_on_every_page(project: Path) -> None:
    files = rehearse_site(Project(project, ROOT, NOW)).files
    for path in ("index.html", "fr/sla/index.html", "404.html"):
        html = files[path].decode()
        assert "Harbour Mail <span>" in html
        assert html.count("data:image/svg+xml;base64,") == 2
        assert "--accent:#6b2fb3" in html
        assert "prefers-color-scheme:dark){:root{--accent:#c9a6f5}" in html
        assert "https://www.harbour.example/imprint" in html
    assert "Harbour Mail est un service de Harbour Lda." in files["fr/index.html"].decode()
    assert "Harbour Mail is a service of Harbour Lda." in files["index.html"].decode()


def test_a_page_of_the_project_replaces_ours(project: Path) -> None:
    files = rehearse_site(Project(project, ROOT, NOW)).files
    assert b"We look every minute from Lisbon" in files["how/index.html"]
    assert b"Programs look at each service" not in files["how/index.html"]


def test_missing_logo_is_reported(project: Path) -> None:
    (project / "templates" / "logo.svg").unlink()
    with pytest.raises(InputError, match=r"page\.brand\.logo: there is no templates/logo\.svg"):
        rehearse_site(Project(project, ROOT, NOW))


def test_oversized_logo_is_reported(project: Path) -> None:
    (project / "templates" / "logo.svg").write_text(LOGO + " " * 24_000)
    with pytest.raises(InputError, match="at most 24000"):
        rehearse_site(Project(project, ROOT, NOW))


def test_light_accent_does_not_change_the_dark_scheme(project: Path) -> None:
    settings = project / "status.yml"
    settings.write_text(settings.read_text().replace('    accent_dark: "#c9a6f5"\n', ""))
    html = rehearse_site(Project(project, ROOT, NOW)).files["index.html"].decode()
    assert "prefers-color-scheme:dark){:root{--accent:var(--text)}" in html


def test_there_are_three_brands() -> None:
    assert sorted(BRANDS) == ["Console", "Harbour", "Ledger"]


@pytest.mark.parametrize("name", BRANDS)
def test_example_brand_is_built_as_documented(project: Path, name: str) -> None:
    """Its accent passes the rules of contrast, its style follows ours on every page, and no colour of a state is its own."""
    settings, style = BRANDS[name]
    text = (project / "status.yml").read_text()
    head, _, rest = text.partition("  brand:\n")
    written = "".join(f"  {line}\n" for line in settings.splitlines())
    (project / "status.yml").write_text(head + written + rest[rest.index("\nmonitor:") :])
    (project / "templates" / "brand.css").write_text(style)
    html = rehearse_site(Project(project, ROOT, NOW)).files["index.html"].decode()
    sheet = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0]
    assert sheet.count(minify_stylesheet(style)) == 1
    assert sheet.index(minify_stylesheet(style)) > sheet.index("forced-colors")
    assert ('class="line service"' in html) is ("compact" in settings)
    assert not re.search(r"--(up|degraded|outage|maint|nodata|alarm)", style)
