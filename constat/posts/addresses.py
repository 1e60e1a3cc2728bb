"""Where things are published, as absolute addresses."""

from urllib.parse import urljoin

from constat.interval import Instant, local_date
from constat.model import PageSettings


def home(settings: PageSettings, language: str) -> str:
    """The page in a language: the first one sits at the root."""
    root = settings.url if settings.url.endswith("/") else settings.url + "/"
    return root if language == settings.languages[0] else urljoin(root, f"{language}/")


def tree(settings: PageSettings, language: str) -> str:
    """The folder of a language inside the site: empty for the first, else `en/`."""
    return "" if language == settings.languages[0] else f"{language}/"


def notice(settings: PageSettings, language: str, stem: str) -> str:
    """The page of a notice."""
    return urljoin(home(settings, language), f"incidents/{stem}/")


def update(settings: PageSettings, language: str, stem: str, at: Instant) -> str:
    """An update on the page of its notice."""
    return notice(settings, language, stem) + f"#{local_date(at, settings.timezone).isoformat()}-{at}"


def written(settings: PageSettings) -> str:
    """Where a notice is written, as its pictures and relative links see it."""
    return urljoin(home(settings, settings.languages[0]), "incidents/")


def service(settings: PageSettings, language: str, service_id: str) -> str:
    """The page of a service."""
    return urljoin(home(settings, language), f"services/{service_id}/")


def statement(settings: PageSettings, language: str, month: str) -> str:
    """The page of a month's statement."""
    return urljoin(home(settings, language), f"sla/{month}/")
