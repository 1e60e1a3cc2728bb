"""On paper: the front of a statement is one sheet of A4, as a browser prints it."""

import io

import pikepdf
import pytest
from playwright.sync_api import Browser

from tests.support.golden_print import (
    GOLDEN,
    TOLERANCE,
    build_statement_site,
    compare,
    print_statement,
    rasterise,
    read_pictures,
)
from tests.support.required_programs import needs

A4 = (595, 842)
"""In points."""


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return build_statement_site()


@pytest.mark.parametrize("folder", ["", "en/"])
def test_verdicts_credits_signatures_and_seal_fit_on_one_sheet(
    browser: Browser, site: dict[str, bytes], folder: str
) -> None:
    """Annexes follow on sheets of their own: without them, one page is left."""
    page = browser.new_page()
    page.set_content(site[f"{folder}sla/2026-10/index.html"].decode())
    for content in (".tallies", ".gauge", ".seal svg", ".signed", ".hash"):
        assert page.locator(f".sheet {content}").count() >= 1, content
    whole = page.pdf(prefer_css_page_size=True)
    page.evaluate("for (const one of document.querySelectorAll('.sheet~*')) one.remove()")
    sheet = page.pdf(prefer_css_page_size=True)
    page.close()
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert len(pdf.pages) > 1
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        [only] = pdf.pages
        assert tuple(round(float(side)) for side in only.mediabox[2:]) == A4


def test_statement_of_four_services_prints_as_the_two_golden_sheets(
    browser: Browser, site: dict[str, bytes]
) -> None:
    """Held against `tests/golden/statement.pgm`; `python -m tests.support.golden_print` draws it anew."""
    pdftoppm = needs("pdftoppm", "poppler-utils")
    pages = rasterise(print_statement(browser, site["en/sla/2026-10/index.html"].decode()), pdftoppm)
    golden = read_pictures(GOLDEN.read_bytes())
    assert [page.size for page in pages] == [page.size for page in golden]
    assert len(pages) == 2
    assert compare(*pages) > TOLERANCE, "two sheets of different content would pass as one another"
    for number, (page, expected) in enumerate(zip(pages, golden, strict=True), 1):
        assert compare(page, expected) <= TOLERANCE, f"sheet {number} looks different"
