"""The labels of states, regions and links, in the words of a language."""

from typing import get_args, get_type_hints

import pytest

from constat.config import sections
from constat.i18n import load_languages
from constat.render.labels import link_label
from tests.support.page_scenes import make_scene
from tests.support.rendered_site import TEMPLATES

NAMES = get_args(get_args(get_type_hints(sections.Page)["links"])[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_the_footer_has_words_of_its_own(name: str) -> None:
    """Its key in `status.yml` is no word of any language."""
    world = make_scene()
    languages = load_languages(world.config.page, TEMPLATES, world.now)
    assert all(str(link_label(name, language)) != name for language in languages.values())
