"""Where things are published, as absolute addresses."""

from urllib.parse import urljoin

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


def service(settings: PageSettings, language: str, service_id: str) -> str:
    """The page of a service."""
    return urljoin(home(settings, language), f"services/{service_id}/")


def statement(settings: PageSettings, language: str, month: str) -> str:
    """The page of a month's statement."""
    return urljoin(home(settings, language), f"sla/{month}/")
