"""What the page about deliverability says of a check that found something."""

from constat.i18n import Language, load_languages
from constat.model import Affects, Outcome
from constat.page import LatestResult, ShownCheck
from constat.render.deliverability import find_trouble
from tests.support.page_scenes import NOW, make_settings
from tests.support.rendered_site import TEMPLATES, normalise_text

ENGLISH: Language = load_languages(make_settings(), TEMPLATES, NOW)["en"]
NOTHING: Affects = "nothing"


def _find(outcome: Outcome, reason: str) -> str:
    newest = LatestResult(NOW - 60, outcome, reason)
    trouble = find_trouble(
        ShownCheck("key", "dkim", "s1._domainkey.maxony.example", 3600, NOTHING, newest), ENGLISH
    )
    return normalise_text(trouble.found) if trouble else ""


def test_expectation_is_shown_without_a_reason() -> None:
    """The evidence of a page keeps the reasons of failures, not those of what could be better."""
    assert _find(Outcome.DEGRADED, "") == (
        "What was found is not what is expected."
        " Expected: The key that receivers check signatures with is published, valid and of at least 2048 bits."
    )
    assert _find(Outcome.DOWN, "record DKIM key has 512 bits") == (
        "The DKIM key has only 512 bits; receivers ignore keys of less than 1024."
    )
    assert not _find(Outcome.UP, "")
