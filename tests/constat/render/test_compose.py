"""What /compose/ offers to write about, and what its script is given."""

import json
from dataclasses import replace

import pytest

from constat.i18n import Language, load_languages
from constat.interval import parse_instant
from constat.model import Repository
from constat.page import Page
from constat.render import compose
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import TEMPLATES, build_scene_page, normalise_text

REPOSITORY = Repository("gitlab", "https://gitlab.com/maxony/status", folder="page/")


def _kept(scene: str) -> Page:
    page = build_scene_page(SCENES[scene])
    return replace(page, settings=page.settings._replace(repository=REPOSITORY))


def _english(page: Page) -> Language:
    return load_languages(page.settings, TEMPLATES, page.now)["en"]


def _offers(scene: str) -> list[tuple[str, str]]:
    page = _kept(scene)
    offers = compose.list_outages(page, _english(page))
    return [(normalise_text(str(offer.text).split(">")[-1]), offer.fragment) for offer in offers]


@pytest.mark.parametrize(
    ("scene", "fragments"),
    [
        ("all-well", []),
        ("outage", ["service=smtp&since=2026-11-23T09:12:00Z"]),
        ("outage-explained", []),
        ("degraded", ["service=api&since=2026-11-23T09:12:00Z&wording=errors"]),
        ("recovered", ["service=smtp&since=2026-11-23T08:10:00Z&until=2026-11-23T08:52:00Z"]),
        ("reported", []),
    ],
)
def test_unexplained_outage_is_offered_with_its_times(scene: str, fragments: list[str]) -> None:
    assert [fragment for _, fragment in _offers(scene)] == fragments


def test_several_outages_are_also_offered_as_one_notice() -> None:
    offers = _offers("several-down")
    assert len(offers) == 4
    assert offers[-1] == (
        "All of them in one notice",
        "service=app&service=api&service=smtp&since=2026-11-23T09:12:00Z",
    )


def test_the_script_is_given_the_open_notices_and_those_that_await_their_review() -> None:
    page = _kept("outage-explained")
    languages = load_languages(page.settings, TEMPLATES, page.now)
    content = json.loads(compose.build_content(page, languages["en"], languages.values(), {}))
    by_stem = {notice["stem"]: notice for notice in content["notices"]}
    assert set(by_stem) == {"2026-12-01-relais-smtp", "2026-11-23-relais-smtp", "2026-11-18-app-erreurs"}
    told = by_stem["2026-11-23-relais-smtp"]
    assert (told["languages"], told["updates"][-1]["state"]) == (["en"], "identified")
    assert told["updates"][-1]["at"] == parse_instant("2026-11-23T09:34Z")
    assert content["repository"]["new"].startswith(
        "https://gitlab.com/maxony/status/-/new/{branch}?file_name="
    )
    assert content["repository"]["folder"] == "page/"


def test_name_cannot_close_the_script_element() -> None:
    page = replace(_kept("all-well"), names={"a": {"": "</script><b>"}})
    languages = load_languages(page.settings, TEMPLATES, page.now)
    content = compose.build_content(page, languages["en"], languages.values(), {})
    assert "<" not in content
    assert json.loads(content)["languages"][0]["services"] == {"a": "</script><b>"}
