"""What programs read: `/api/v2/*.json` in the shape of Statuspage's public API, and the days of each service."""

from constat.api.days import history_files
from constat.api.statuspage import statuspage_files
from constat.i18n import Language
from constat.page import Page

__all__ = ["files", "history_files", "statuspage_files"]


def files(page: Page, language: Language) -> dict[str, bytes]:
    """Every file of the API by its path; its words are in the first language of the page."""
    return statuspage_files(page, language) | history_files(page)
