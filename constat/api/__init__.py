"""Files for programs: `/api/v2/*.json` in the shape of Statuspage's public API, the days of each service, and the seals."""

from constat.api.history_files import build_history_files
from constat.api.seals_file import build_seals_file
from constat.api.statuspage import build_statuspage_files
from constat.api.upstream_file import build_upstream_file
from constat.i18n import Language
from constat.page import Page

__all__ = ["build_files", "build_history_files", "build_seals_file", "build_statuspage_files"]


def build_files(page: Page, language: Language) -> dict[str, bytes]:
    """The files of the API by path in the site, except the days of each service. `language` should be the page's first."""
    statuspage, upstream = build_statuspage_files(page, language), build_upstream_file(page, language)
    return statuspage | build_seals_file(page) | upstream
