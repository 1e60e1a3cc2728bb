"""The notice of an outage: a wording for each kind of failure."""

from checks.reason_words import WORDS
from constat.model import Outcome
from constat.notices import read_wordings
from constat.render.reasons import REASONS
from tasks.outage_notice import WORDINGS_BY_REASON
from tests.support.source_tree import ROOT

TEXT = (ROOT / "templates/wordings.yml").read_text(encoding="utf-8")


def test_every_kind_of_failure_has_wordings_in_five_languages() -> None:
    """The report of an external program is not interpreted: the wording says "no response" and quotes what was seen."""
    wordings = read_wordings([("wordings.yml", TEXT)])
    downs = {word for word, meaning in WORDS.items() if meaning.outcome is Outcome.DOWN}
    assert downs - WORDINGS_BY_REASON.keys() == {"reported"}
    assert downs <= REASONS.keys()
    for name in WORDINGS_BY_REASON.values():
        assert wordings[name].about == "incident"
        assert wordings[name].titles.keys() == wordings[name].texts.keys() == {"fr", "en", "de", "es", "it"}
