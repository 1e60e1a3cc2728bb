"""The address of the page on which maintainers write a notice, with what is already known filled in.

What is known is in the fragment, which stays in the browser::

    address_compose(settings, "en", name_outage(["api"], since=since))
    # https://status.maxony.example/en/compose/#service=api&since=2026-11-23T01:56:00Z
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlencode, urljoin

from constat.interval import Instant, format_instant
from constat.model import PageSettings, State

COMPOSE: Final = "compose/"
"""The folder of that page."""


def address_compose(settings: PageSettings, language: str, fragment: str = "") -> str:
    """The address of the page in a language; empty where `page.repository` is not set, so that there is no such page."""
    if settings.repository is None:
        return ""
    return urljoin(settings.home(language), COMPOSE) + (f"#{fragment}" if fragment else "")


def name_outage(
    services: Iterable[str], *, since: Instant | None = None, until: Instant | None = None, wording: str = ""
) -> str:
    """The fragment about an outage; `until` is when it ended, if it did, `wording` the name of a ready wording."""
    values = [("service", service) for service in services]
    values += [
        (name, format_instant(at)) for name, at in (("since", since), ("until", until)) if at is not None
    ]
    return _encode([*values, ("wording", wording)])


def name_update(stem: str, state: State | None = None) -> str:
    """The fragment about an update of a notice."""
    return _encode([("notice", stem), ("state", state or "")])


def _encode(values: Iterable[tuple[str, str]]) -> str:
    return urlencode([(name, text) for name, text in values if text], safe=":", quote_via=quote)
