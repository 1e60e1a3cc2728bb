"""The files of Statuspage's public API, version 2: every key always present, so that typed clients read them."""

from collections import defaultdict
from collections.abc import Iterable

from constat.api.components import build_components, build_page_status, format_timestamp
from constat.api.incidents import LIMIT, build_incident
from constat.api.json_bytes import encode_json
from constat.i18n import Language
from constat.page import Page, ShownNotice
from constat.posts import Post, list_posts


def build_statuspage_files(page: Page, language: Language) -> dict[str, bytes]:
    """`/api/v2/*.json` by path."""
    lists = _notices(page, language)
    status = build_page_status(page, language)
    found = build_components(page, language)
    documents: dict[str, dict[str, object]] = {
        "summary": {
            "components": found,
            "incidents": lists["unresolved"],
            "scheduled_maintenances": [*lists["active"], *lists["upcoming"]],
            "status": status,
        },
        "status": {"status": status},
        "components": {"components": found},
        "incidents": {"incidents": lists["incidents"]},
        "incidents/unresolved": {"incidents": lists["unresolved"]},
        "scheduled-maintenances": {"scheduled_maintenances": lists["maintenances"]},
        "scheduled-maintenances/upcoming": {"scheduled_maintenances": lists["upcoming"]},
        "scheduled-maintenances/active": {"scheduled_maintenances": lists["active"]},
    }
    whose = {"page": _page(page)}
    return {f"api/v2/{name}.json": encode_json(whose | document) for name, document in documents.items()}


def _page(page: Page) -> dict[str, object]:
    return {
        "id": page.settings.id,
        "name": page.settings.name,
        "url": page.settings.home(page.settings.languages[0]),
        "time_zone": page.settings.timezone.key,
        "updated_at": format_timestamp(page, page.now if page.data_end is None else page.data_end),
    }


def _notices(page: Page, language: Language) -> dict[str, list[dict[str, object]]]:
    """Every list of notices that a file holds, each newest first and bounded; each notice is made once."""
    said: dict[str, list[Post]] = defaultdict(list)
    for post in list_posts(page):
        if post.kind != "reminder":
            said[post.shown.notice.stem].append(post)
    kept = _kept(page)
    made = {
        shown_notice.notice.stem: build_incident(page, shown_notice, said[shown_notice.notice.stem], language)
        for group in kept.values()
        for shown_notice in group
    }
    return {name: [made[shown_notice.notice.stem] for shown_notice in group] for name, group in kept.items()}


def _kept(page: Page) -> dict[str, list[ShownNotice]]:
    incidents = [shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "incident"]
    maintenances = [
        shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "maintenance"
    ]
    return {
        "incidents": incidents[:LIMIT],
        "unresolved": _in_phase(incidents, "open"),
        "maintenances": maintenances[:LIMIT],
        "upcoming": _in_phase(maintenances, "upcoming"),
        "active": _in_phase(maintenances, "open"),
    }


def _in_phase(found: Iterable[ShownNotice], phase: str) -> list[ShownNotice]:
    return [shown_notice for shown_notice in found if shown_notice.phase == phase][:LIMIT]
