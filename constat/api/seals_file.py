"""`/api/seals.json`: what a witness keeps in order to notice when the past is rewritten."""

from constat.api.json_bytes import encode_json
from constat.page import Page
from constat.sealing.seals_document import SEALS_FILE, build_document


def build_seals_file(page: Page) -> dict[str, bytes]:
    """The file by its path in the site; nothing for a page that was built without evidence."""
    return {SEALS_FILE: encode_json(build_document(page.sealed, page.now))} if page.sealed else {}
