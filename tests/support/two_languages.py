"""French and English at the hand-made page's time and zone, for tests of outputs."""

from pathlib import Path

from constat.i18n import Language, load
from constat.interval import Instant
from tests.support.page_objects import NOW, ZURICH

TEMPLATES = Path(__file__).parents[2] / "templates"


def load_language(code: str, now: Instant = NOW) -> Language:
    """Load a language from our own translations."""
    catalogs = TEMPLATES.glob("translations/*.po")
    files = {str(path.relative_to(TEMPLATES)): path.read_bytes() for path in catalogs}
    return Language(code, load(code, files), ZURICH, now)


LANGUAGES = {code: load_language(code) for code in ("fr", "en")}
