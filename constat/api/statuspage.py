"""The files of Statuspage's public API, version 2. Every key is always present, so that typed clients can read them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from constat.api.components import Component, build_components, build_page_status, format_timestamp
from constat.api.incidents import LIMIT, build_incident
from constat.api.json_bytes import encode_json
from constat.i18n import Language
from constat.page import Page, ShownNotice
from constat.posts import Post, list_posts
from constat.text.published import as_text_for_both


def build_statuspage_files(page: Page, language: Language) -> dict[str, bytes]:
    """The files `/api/v2/*.json`, by path in the site."""
    components = build_components(page, language)
    lists = _build_lists(page, components, language)
    status = build_page_status(page, language)
    documents: dict[str, dict[str, object]] = {
        "summary": {
            "components": components,
            "incidents": lists["unresolved"],
            "scheduled_maintenances": [*lists["active"], *lists["upcoming"]],
            "status": status,
        },
        "status": {"status": status},
        "components": {"components": components},
        "incidents": {"incidents": lists["incidents"]},
        "incidents/unresolved": {"incidents": lists["unresolved"]},
        "scheduled-maintenances": {"scheduled_maintenances": lists["maintenances"]},
        "scheduled-maintenances/upcoming": {"scheduled_maintenances": lists["upcoming"]},
        "scheduled-maintenances/active": {"scheduled_maintenances": lists["active"]},
    }
    head = {"page": _build_page(page)}
    return {f"api/v2/{name}.json": encode_json(head | document) for name, document in documents.items()}


def _build_page(page: Page) -> dict[str, object]:
    return {
        "id": page.settings.id,
        "name": as_text_for_both(page.settings.name),
        "url": page.settings.home(page.settings.languages[0]),
        "time_zone": page.settings.timezone.key,
        "updated_at": format_timestamp(page, page.now if page.data_end is None else page.data_end),
    }


def _build_lists(
    page: Page, components: Sequence[Component], language: Language
) -> dict[str, list[dict[str, object]]]:
    """The lists of notices in the files, each newest first and limited. Each notice is built once."""
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in list_posts(page):
        if post.kind != "reminder":
            posts[post.shown_notice.notice.stem].append(post)
    selected = _select_notices(page)
    incidents = {
        shown_notice.notice.stem: build_incident(
            page, shown_notice, posts[shown_notice.notice.stem], components, language
        )
        for shown_notices in selected.values()
        for shown_notice in shown_notices
    }
    return {
        name: [incidents[shown_notice.notice.stem] for shown_notice in shown_notices]
        for name, shown_notices in selected.items()
    }


def _select_notices(page: Page) -> dict[str, list[ShownNotice]]:
    incidents = [shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "incident"]
    maintenances = [
        shown_notice for shown_notice in page.notices if shown_notice.notice.kind == "maintenance"
    ]
    return {
        "incidents": incidents[:LIMIT],
        "unresolved": _select_phase(incidents, "open"),
        "maintenances": maintenances[:LIMIT],
        "upcoming": _select_phase(maintenances, "upcoming"),
        "active": _select_phase(maintenances, "open"),
    }


def _select_phase(shown_notices: Iterable[ShownNotice], phase: str) -> list[ShownNotice]:
    return [shown_notice for shown_notice in shown_notices if shown_notice.phase == phase][:LIMIT]
