"""The addresses of what is published: paths below the folder of a language, and absolute addresses."""

from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from constat.interval import Instant, local_date
from constat.model import PageSettings, Status

NOTICES = "incidents/"
"""The folder of the pages of notices, and of their pictures."""


def notice_path(stem: str) -> str:
    """The folder of a notice's page."""
    return f"{NOTICES}{stem}/"


def service_path(service_id: str) -> str:
    """The folder of a service's page."""
    return f"services/{service_id}/"


def statement_path(month: str) -> str:
    """The folder of the page of a month's statement."""
    return f"sla/{month}/"


def update_anchor(at: Instant, zone: ZoneInfo) -> str:
    """The anchor of the update at a time, on the page of its notice."""
    return f"{local_date(at, zone).isoformat()}-{at}"


def notice(settings: PageSettings, language: str, stem: str) -> str:
    """The page of a notice."""
    return urljoin(settings.home(language), notice_path(stem))


def update(settings: PageSettings, language: str, stem: str, at: Instant) -> str:
    """An update on the page of its notice."""
    return f"{notice(settings, language, stem)}#{update_anchor(at, settings.timezone)}"


def written(settings: PageSettings) -> str:
    """The address that the pictures and relative links of a notice are resolved against."""
    return urljoin(settings.home(settings.languages[0]), NOTICES)


def service(settings: PageSettings, language: str, service_id: str) -> str:
    """The page of a service."""
    return urljoin(settings.home(language), service_path(service_id))


def statement(settings: PageSettings, language: str, month: str) -> str:
    """The page of a month's statement."""
    return urljoin(settings.home(language), statement_path(month))


def share_picture_path(status: Status) -> str:
    """The path of the picture of a state; each state has its own address, since chats cache what they fetched."""
    return f"share/{status.value.replace('_', '-')}.png"
