"""What an import adds to `status.yml`: guesses for a new page, and additions to any page."""

import re
from typing import Final
from urllib.parse import urlsplit

from constat.moving.assigning import Assigned
from constat.moving.foreign_times import find_zone
from constat.moving.model import Finding, Moved
from constat.moving.settings_text import Additions, NewPage
from constat.moving.titles import clean_words
from constat.notices.drafting import make_slug
from constat.notices.markup import is_sound_url
from constat.text.yaml_source import read_yaml_at

LANGUAGES: Final = ("en", "fr", "de", "es", "it")
"""The languages in which a page can be shown without a translation of one's own."""

EXAMPLE_URL: Final = "https://status.example.org/"


def guess_page(moved: Moved, folder: str) -> NewPage:
    """Guess the settings of a new page from what the source says of itself, and from the project's folder."""
    name = clean_words(moved.title) or folder or "Status"
    slug = make_slug(name)[:60].strip("-")
    zone = find_zone(moved.zone)
    return NewPage(
        id=slug if slug != "notice" else "status",
        name=name,
        url=moved.base_url if is_page_url(moved.base_url) else EXAMPLE_URL,
        language=choose_language(moved.language),
        timezone=zone.key if zone else "UTC",
    )


def is_page_url(url: str) -> bool:
    """Whether a page can be published at such a URL."""
    if not re.match(r"https?://", url) or re.search(r"[\s<>\"\\^`{|}]", url) or not is_sound_url(url):
        return False
    return "." in (urlsplit(url).hostname or "")


def choose_language(code: str) -> str:
    """The language of the page: that of the source where we have it, else English."""
    short = re.split(r"[-_]", code.strip().lower())[0]
    return short if short in LANGUAGES else LANGUAGES[0]


def report_page(moved: Moved) -> list[Finding]:
    """Report settings of the page itself that the source does not state, or that cannot be taken over."""
    findings = []
    if not is_page_url(moved.base_url):
        found = f"the address of the page: {moved.base_url or 'none'}"
        findings.append(Finding(moved.source, found, "set page.url in status.yml"))
    if moved.language and choose_language(moved.language) != re.split(r"[-_]", moved.language.lower())[0]:
        found = f"the language {moved.language}, for which there is no translation"
        findings.append(
            Finding(moved.source, found, "a new page is in English; to add a language, see CONTRIBUTING")
        )
    return findings


def build_additions(moved: Moved, assigned: Assigned, written: str) -> Additions:
    """Build what a `status.yml` lacks."""
    data = read_yaml_at(written, "").data if written.strip() else {}
    present = data if isinstance(data, dict) else {}
    secrets = present.get("secrets")
    names = tuple(secrets) if isinstance(secrets, dict) else ()
    return Additions(
        services=assigned.new,
        secrets=tuple(secret for secret in moved.secrets if secret.name not in names),
        sections={name: value for name, value in moved.settings.items() if name not in present},
    )
