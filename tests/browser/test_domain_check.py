"""The check of the reader's own mail domain: on request, their browser queries a resolver on loopback."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Visit, serve_folder, visit
from tests.support.doh_server import serve_records
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import parse_elements, render_named_scene, write_site

LONG = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(40)) + " -all"
"""Longer than one string of a TXT record (RFC 7208 3.3): several that are read as one."""
RECORDS = {
    ("good.example", "TXT"): ['"unrelated"', f'"{LONG[:250]}" "{LONG[250:500]}" "{LONG[500:]}"'],
    ("good.example", "MX"): ["10 mx.good.example.", "20 mx2.good.example."],
    ("_dmarc.good.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("twice.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"'],
}


@pytest.fixture(scope="module")
def window(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The page about deliverability of a project with a resolver."""
    folder: Path = tmp_path_factory.mktemp("resolver")
    with serve_records(RECORDS) as (resolver, asked):
        world = SCENES["all-well"]
        settings = world.config.page._replace(resolver=resolver)
        write_site(replace(world, config=world.config._replace(page=settings)), folder)
        with serve_folder(folder) as where, visit(browser, where, "en/deliverability/") as window:
            assert window.elsewhere == []
            yield window
            assert set(asked) == {"application/dns-message"}
            assert {address.partition("?")[0] for address in window.elsewhere} == {resolver}
            assert [line for line in window.said if "ERR_" not in line] == []


def look(window: Visit, domain: str) -> list[str]:
    """What is found of a domain: one line for each record."""
    window.page.fill("#domain", domain)
    window.page.click(".domain button")
    expect(window.page.locator(".domain button")).to_be_enabled()
    cells = [cell.inner_text().splitlines() for cell in window.page.query_selector_all(".domain td")]
    return ["\n".join([state, *sorted(records)]).strip() for state, *records in cells]


@pytest.mark.parametrize(
    ("written", "spf", "dmarc", "mx"),
    [
        ("good.example", f"found\n{LONG}", "found\nv=DMARC1; p=reject", "found"),
        ("somebody@GOOD.example", f"found\n{LONG}", "found\nv=DMARC1; p=reject", "found"),
        ("twice.example", "more than one, so none counts\nv=spf1 -all\nv=spf1 ~all", "missing", "missing"),
        ("nobody.example", "missing", "missing", "missing"),
        ("broken.example", "our resolver did not answer", "missing", "our resolver did not answer"),
    ],
)
def test_resolver_findings_are_shown(window: Visit, written: str, spf: str, dmarc: str, mx: str) -> None:
    assert look(window, written) == [spf, dmarc, mx]


def test_invalid_domain_is_not_looked_up(window: Visit) -> None:
    before = len(window.elsewhere)
    window.page.fill("#domain", "no domain")
    window.page.click(".domain button")
    assert window.page.eval_on_selector("#domain", "field => field.validationMessage") == (
        "Enter a domain, such as example.org."
    )
    assert len(window.elsewhere) == before


def test_script_is_only_on_the_deliverability_page_of_a_project_with_a_resolver(window: Visit) -> None:
    scripts = [script.inner_html() for script in window.page.query_selector_all("script")]
    assert sum(len(gzip.compress(text.encode())) for text in scripts) <= 3072
    assert any("dns-message" in text for text in scripts)
    assert "dns-message" not in "".join(
        one.text
        for html in render_named_scene("all-well").values()
        for one in parse_elements(html)
        if one.name == "script"
    )
