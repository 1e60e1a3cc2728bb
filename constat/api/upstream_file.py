"""`/api/upstream.json`: what upstream services say of themselves, apart from everything that we measure."""

from constat.api.json_bytes import encode_json
from constat.i18n import Language
from constat.interval import format_instant
from constat.page import Page
from constat.text.published import as_text_for_both
from constat.upstream import LatestWord

UPSTREAM_FILE = "api/upstream.json"


def build_upstream_file(page: Page, language: Language) -> dict[str, bytes]:
    """The file by its path in the site; nothing where `status.yml` names no upstream service."""
    if not page.upstream:
        return {}
    said = [_describe(word, language) for word in page.upstream]
    return {UPSTREAM_FILE: encode_json({"counted": False, "upstream": said})}


def _describe(word: LatestWord, language: Language) -> dict[str, object]:
    state, title, link = word.says
    return {
        "id": word.upstream.id,
        "name": as_text_for_both(language.name(word.upstream.name)),
        "url": word.upstream.link,
        "state": state,
        "as_of": None if word.at is None else format_instant(word.at),
        "title": as_text_for_both(title),
        "link": link or None,
    }
