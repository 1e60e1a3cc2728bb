"""The banner that other software embeds: `/widget.js`, and `/widget/<language>.json`, the only file that it fetches."""

from collections.abc import Mapping

from constat.i18n import Language
from constat.interval import DAY_S, format_instant
from constat.page import Page, ShownNotice
from constat.posts import addresses, compose_headline, join_plain_text, name_state
from constat.text.canonical import encode_canonical
from constat.text.published import as_plain_text

TEMPLATE = "widget.js"
PLACEHOLDER = b'"LANGUAGES"'
"""Replaced in the template by the languages of the page."""

AHEAD_S = 14 * DAY_S
"""How long before its start a maintenance is shown."""


def build_files(
    page: Page, languages: Mapping[str, Language], templates: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The script, and the file that it fetches in each language, by path in the site."""
    codes = page.settings.languages
    files = {TEMPLATE: templates[TEMPLATE].replace(PLACEHOLDER, encode_canonical(list(codes)).encode(), 1)}
    for code in codes:
        files[f"widget/{code}.json"] = encode_canonical(build_content(page, languages[code])).encode() + b"\n"
    return files


def build_content(page: Page, language: Language) -> dict[str, object]:
    """The open and soon upcoming notices, and the labels that the banner needs around them."""
    return {
        "label": as_plain_text(
            join_plain_text(language, "%(page)s: service status", page=page.settings.name)
        ),
        "more": join_plain_text(language, "Read more"),
        "dismiss": join_plain_text(language, "Hide"),
        "notices": [_build_notice(page, shown_notice, language) for shown_notice in _list_current(page)],
    }


def _list_current(page: Page) -> list[ShownNotice]:
    """Incidents, then maintenance, each in order of start."""
    soon = [shown_notice for shown_notice in page.upcoming if shown_notice.starts <= page.now + AHEAD_S]
    return sorted(
        (*page.open, *soon), key=lambda shown_notice: (shown_notice.notice.kind, shown_notice.starts)
    )


def _build_notice(page: Page, shown_notice: ShownNotice, language: Language) -> dict[str, object]:
    notice = shown_notice.notice
    title = notice.text_in(language.code).title
    return {
        "id": notice.stem,
        "kind": notice.kind,
        "impact": notice.impact,
        "phase": shown_notice.phase,
        "services": list(notice.services),
        "headline": as_plain_text(
            compose_headline(page, language, name_state(language, shown_notice.state), notice.services, title)
        ),
        "starts": format_instant(shown_notice.starts),
        "ends": None if notice.ends is None else format_instant(notice.ends),
        "url": addresses.notice(page.settings, language.code, notice.stem),
    }
